using System.Diagnostics;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.TestKit;

namespace Octavo.Bench.Kv;

/// <summary>Seconds that a long prompt takes in a model of two layers, 64 wide, with four heads of 16 and random weights, in turns.</summary>
internal static class PrefillRace
{
    private static readonly string[] _texts =
    [
        "full", "a_shape:init=128,local=1024", "tri_shape:init=128,local=1024,last=64", "minference:vertical=256,slash=256,forced_columns=30,forced_diagonals=100",
        "a_shape", "tri_shape",
    ];

    public static IReadOnlyList<Row> Run(int tokens, int rounds, int threads)
    {
        using var folder = new TemporaryFolder();
        using var model = LanguageModel.Load(
            TinyModels.WriteLlama(folder.File("model"), contextLength: tokens + 1), new EngineOptions { Threads = threads, KvType = KvType.F16 });
        int[] prompt = [.. Enumerable.Range(0, tokens).Select(i => (int)(((i * 37L) + ((long)i * i / 5)) % 160))];
        var seconds = _texts.Select(_ => new List<double>()).ToList();
        var bytes = new long[_texts.Length];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < _texts.Length; i++)
            {
                var at = (i + round) % _texts.Length;
                using var session = model.NewSession(null, KvMethods.Parse(_texts[at]));
                var started = Stopwatch.GetTimestamp();
                session.Forward(prompt);
                seconds[at].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                bytes[at] = session.KvBytes;
                Console.Error.WriteLine($"round {round + 1}/{rounds}: {_texts[at]} {seconds[at][^1]:F2} s");
            }
        }
        return [.. _texts.Select((text, i) => new Row(text, seconds[i], [.. seconds[i].Zip(seconds[0], (own, all) => all / own)], bytes[i], bytes[i] / (double)bytes[0]))];
    }
}
