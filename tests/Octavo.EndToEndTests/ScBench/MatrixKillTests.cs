using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Octavo.Core;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests.ScBench;

/// <summary>A matrix that is killed again and again, at any moment.</summary>
public class MatrixKillTests
{
    private const int Kills = 20;

    [Fact(Explicit = true)]
    [Trait("Long", "matrix-kills")]
    public void Matrix_KilledAtTwentyRandomMoments_EndsAsOneThatWasNot()
    {
        using var folder = new TemporaryFolder();
        var config = folder.File("matrix.yaml");
        File.WriteAllText(config, """
            models: [scbench-toy]
            methods: ['f32+full', 'f32+snapkv:window=4,budget=24', 'f32+h2o:budget=24', 'f32+quest:page=4,budget=24', 'f32+tri_shape:init=4,local=20,last=8', 'f32+kivi:bits=2,group=8,residual=8']
            modes: [multi-turn, multi-request]
            contexts: 24
            seeds: [0, 1, 2, 3]
            threads: 1
            """);
        var seed = Environment.GetEnvironmentVariable("OCTAVO_TEST_SEED") is { Length: > 0 } given ? ulong.Parse(given, CultureInfo.InvariantCulture) : (ulong)Stopwatch.GetTimestamp();
        Say($"seed {seed}; give OCTAVO_TEST_SEED to draw the same delays");
        var random = new SeededRandom(seed);
        var watch = Stopwatch.StartNew();
        var uninterrupted = OctavoProgram.Finish(Start(config, folder.File("whole")));
        uninterrupted.Exit.ShouldBe(0, uninterrupted.Error);
        var whole = (int)watch.ElapsedMilliseconds;
        var (mark, rows) = Read(folder.File("whole"));
        Say(string.Create(CultureInfo.InvariantCulture, $"uninterrupted: {rows.Count} rows in {whole} ms, mark {mark}"));

        var (kills, within, cut, runs) = (0, 0, 0, 0);
        while (kills < Kills)
        {
            var output = folder.File($"killed-{runs++}");
            while (KilledAfter(config, output, (int)(whole * (0.1 + (0.6 * random.NextDouble())))))
            {
                kills++;
                var (complete, rest) = Lines(output);
                complete.Distinct().Count().ShouldBe(complete.Count);
                within += complete.Count % (rows.Count / 8) is 0 ? 0 : 1;
                cut += rest;
            }
            var (itsMark, itsRows) = Read(output);
            itsMark.ShouldBe(mark);
            itsRows.ShouldBe(rows);
        }
        Say($"{kills} kills in {runs} runs, {within} of them within the rows of a group, {cut} within a line; no row lost or doubled, all marks {mark}");
    }

    private static Process Start(string config, string output) =>
        OctavoProgram.Start("dotnet", [OctavoProgram.Path, "scbench", "matrix", "-c", config, "-o", output]);

    private static bool KilledAfter(string config, string output, int milliseconds)
    {
        using var process = Start(config, output);
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Close();
        var isDone = process.WaitForExit(milliseconds);
        process.Kill();
        process.WaitForExit();
        if (isDone)
            process.ExitCode.ShouldBe(0, error.GetAwaiter().GetResult());
        _ = said.GetAwaiter().GetResult();
        return process.ExitCode != 0;
    }

    // keys of whole lines, and whether one is cut off behind them
    private static (List<string> Complete, int Cut) Lines(string output)
    {
        var file = Path.Combine(output, "runs.jsonl");
        if (!File.Exists(file))
            return ([], 0);
        var lines = File.ReadAllText(file).Split('\n');
        return ([.. lines[..^1].Skip(1).Select(line => Key(JsonDocument.Parse(line).RootElement))], lines[^1].Length > 0 ? 1 : 0);
    }

    private static string Key(JsonElement row) => $"{row.GetProperty("cell").GetRawText()} {row.GetProperty("seed").GetUInt64()}";

    // a mark of all figures that no clock decides, and those of each row
    private static (string Mark, Dictionary<string, string> Rows) Read(string output)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(output, "report.json")));
        Dictionary<string, string> rows = [];
        foreach (var line in File.ReadAllLines(Path.Combine(output, "runs.jsonl")).Skip(1))
        {
            using var row = JsonDocument.Parse(line);
            var timeless = row.RootElement.GetProperty("metrics").EnumerateObject().Where(metric => metric.Name is not ("first token" or "per token"))
                .Select(metric => $"{metric.Name} {metric.Value.GetRawText()}").Order(StringComparer.Ordinal);
            rows.Add(Key(row.RootElement), $"{string.Join(", ", timeless)}, {row.RootElement.GetProperty("samples").GetRawText()}");
        }
        return (report.RootElement.GetProperty("mark").GetString()!, rows);
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
