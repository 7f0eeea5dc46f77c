using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Octavo.Bench.Training;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Nn.Losses;
using Octavo.Nn.Optimizers;
using static TorchSharp.torch;

// Sides of the training race: Octavo, or plain libtorch (--eager). Steps on drawn tokens, one JSON line with tokens per second, memory and losses.
var flags = Flags.Read(args);
Octavo.Nn.TorchRuntime.Ensure(new Octavo.Nn.TorchOptions { Threads = flags.Threads });
using var checkpoint = Checkpoint.Open(flags.Model);
using var decoder = new TrainableDecoder(checkpoint, flags.Options());
Func<int[], double> step = flags.Eager ? Eager(decoder, flags) : Own(decoder, flags);
List<double> rates = [], losses = [];
for (var at = 0; at < flags.Steps + flags.Warmup; at++)
{
    var ids = Flags.Draw(flags.Seed, at, flags.Batch * flags.Sequence, checkpoint.Model.VocabularySize);
    var watch = Stopwatch.StartNew();
    losses.Add(step(ids));
    if (at >= flags.Warmup)
        rates.Add(ids.Length / watch.Elapsed.TotalSeconds);
}
Console.WriteLine(JsonSerializer.Serialize(new
{
    side = flags.Eager ? "libtorch" : "octavo",
    mode = flags.Lora is null ? "full" : "lora",
    flags.Batch,
    flags.Sequence,
    flags.Threads,
    flags.Bf16,
    rates,
    losses,
    peakBytes = PeakBytes(),
}));

static Func<int[], double> Own(TrainableDecoder decoder, Flags flags)
{
    if (flags.Lora is { } rank)
        decoder.AddAdapters(new LoraOptions { Rank = rank, Alpha = 2 * rank }, flags.Seed);
    var optimizer = new AdamW(decoder.Trained);
    return ids =>
    {
        var rows = new TokenRows(ids, [.. Enumerable.Repeat(flags.Sequence, flags.Batch)]);
        int[] predicting = [.. Enumerable.Range(0, ids.Length).Where(i => i % flags.Sequence != flags.Sequence - 1)];
        int[] targets = [.. predicting.Select(i => ids[i + 1])];
        var weights = new float[targets.Length];
        Array.Fill(weights, 1f / targets.Length);
        using var run = decoder.Forward(rows);
        var loss = CrossEntropy.WithGradients(decoder, run, predicting, targets, weights).Average();
        run.Backward();
        var norm = optimizer.GradientNorm();
        decoder.BeginChange();
        optimizer.Step(1e-4, Math.Min(1, 1 / (norm + 1e-6)));
        optimizer.ZeroGradients();
        return loss;
    };
}

static Func<int[], double> Eager(TrainableDecoder decoder, Flags flags)
{
    if (flags.Bf16 || flags.Recompute)
        throw new ArgumentException("--eager computes in fp32 and keeps every activation.");
    var llama = new EagerLlama(decoder, flags.Lora);
    var optimizer = optim.AdamW(llama.Trained, 1e-4, 0.9, 0.999, 1e-8, 0);
    return ids =>
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = llama.Loss(tensor(ids, int64).view(flags.Batch, flags.Sequence));
        loss.backward();
        nn.utils.clip_grad_norm_(llama.Trained, 1);
        optimizer.step();
        return loss.item<float>();
    };
}

static long PeakBytes() => 1024 * long.Parse(
    File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^2],
    CultureInfo.InvariantCulture);
