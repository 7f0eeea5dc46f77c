using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Octavo.Bench.Training;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Nn.Optimizers;

// The Octavo side of the training race: steps on random tokens, one JSON line with tokens per second, memory and losses.
var flags = Flags.Read(args);
Octavo.Nn.TorchRuntime.Ensure(new Octavo.Nn.TorchOptions { Threads = flags.Threads });
using var checkpoint = Checkpoint.Open(flags.Model);
using var decoder = new TrainableDecoder(checkpoint, flags.Options());
if (flags.Lora is { } rank)
    decoder.AddAdapters(new LoraOptions { Rank = rank, Alpha = 2 * rank }, flags.Seed);
using var optimizer = new AdamW(decoder.Trained);
var length = flags.Sequence;
var random = new TokenDraw(flags.Seed, checkpoint.Model.VocabularySize);
List<double> rates = [], losses = [];
for (var step = 0; step < flags.Steps + flags.Warmup; step++)
{
    var ids = random.Next(flags.Batch * length);
    var watch = Stopwatch.StartNew();
    var rows = new TokenRows(ids, [.. Enumerable.Repeat(length, flags.Batch)]);
    int[] predicting = [.. Enumerable.Range(0, ids.Length).Where(i => i % length != length - 1)];
    int[] targets = [.. predicting.Select(i => ids[i + 1])];
    var weights = new float[targets.Length];
    Array.Fill(weights, 1f / targets.Length);
    using (var run = decoder.Forward(rows))
    {
        losses.Add(CrossEntropy.WithGradients(decoder, run, predicting, targets, weights).Average());
        run.Backward();
    }
    var norm = optimizer.GradientNorm();
    decoder.BeginChange();
    optimizer.Step(1e-4, Math.Min(1, 1 / (norm + 1e-6)));
    optimizer.ZeroGradients();
    if (step >= flags.Warmup)
        rates.Add(ids.Length / watch.Elapsed.TotalSeconds);
}
Console.WriteLine(JsonSerializer.Serialize(new
{
    side = "octavo",
    flags.Batch,
    flags.Sequence,
    flags.Threads,
    rates,
    losses,
    peakBytes = long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024,
}));
