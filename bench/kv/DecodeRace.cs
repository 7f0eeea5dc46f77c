using System.Diagnostics;
using Octavo.Engine;
using Octavo.Engine.Kv;

namespace Octavo.Bench.Kv;

/// <summary>Tokens a second after a long prompt that was read once and forked to every method, in turns.</summary>
internal static class DecodeRace
{
    public static IReadOnlyList<Row> Run(string path, int tokens, int answer, int rounds, int threads)
    {
        var (eighth, some) = (tokens / 8, 32);
        string[] texts =
        [
            "full", $"snapkv:budget={eighth}", $"streamingllm:init={some},local={eighth - some}", $"h2o:budget={eighth}", $"quest:budget={eighth}",
            $"quest:budget={eighth},per_query_head=true", $"retrieval_attention:sinks={some},recent={some},top_k={eighth - (2 * some)}",
            "kivi:bits=8", "kivi:bits=4", "kivi:bits=4,residual=16", "kivi:bits=2", $"snapkv:budget={eighth}+kivi:bits=4",
        ];
        var methods = texts.Select(KvMethods.Parse).ToList();
        using var model = LanguageModel.Load(path, new EngineOptions { Threads = threads, KvType = KvType.F16 });
        var prompt = Prompt(model, tokens);
        using var noted = model.NewSession(null, NotedPrompt.For(methods));
        noted.Forward(prompt);
        var sessions = methods.Select(noted.Fork).ToList();
        var rates = methods.Select(_ => new List<double>()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < sessions.Count; i++)
            {
                var at = (i + Math.Max(0, round)) % sessions.Count;
                var rate = Time(sessions[at], prompt, answer);
                // the first round warms up
                if (round >= 0)
                    rates[at].Add(rate);
            }
            Console.Error.WriteLine($"round {round + 1}/{rounds}");
        }
        var full = sessions[0].KvBytes;
        List<Row> rows = [];
        for (var i = 0; i < sessions.Count; i++)
        {
            rows.Add(new Row(texts[i], rates[i], [.. rates[i].Zip(rates[0], (own, all) => own / all)], sessions[i].KvBytes, sessions[i].KvBytes / (double)full));
            sessions[i].Dispose();
        }
        return rows;
    }

    private static double Time(Session session, int[] prompt, int answer)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < answer; i++)
            session.Forward([prompt[i]]);
        var rate = answer / Stopwatch.GetElapsedTime(started).TotalSeconds;
        session.Rollback(prompt.Length);
        return rate;
    }

    /// <summary>Words of this repository's documents.</summary>
    private static int[] Prompt(LanguageModel model, int tokens)
    {
        List<int> prompt = [];
        foreach (var file in Directory.GetFiles("docs", "*.md").Order(StringComparer.Ordinal))
        {
            prompt.AddRange(model.Tokenizer.Encode(File.ReadAllText(file)).Select(token => token.Id));
            if (prompt.Count >= tokens)
                return [.. prompt.Take(tokens)];
        }
        throw new InvalidOperationException($"docs/ has {prompt.Count} tokens; {tokens} are asked for. Run from the root of the repository, or ask for fewer.");
    }
}
