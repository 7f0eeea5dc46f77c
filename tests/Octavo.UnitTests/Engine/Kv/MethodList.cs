using Octavo.Engine.Kv;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>Every method at an easy and a hard setting, bare and wrapped: what the contract is tested over.</summary>
internal static class MethodList
{
    /// <summary>Tokens of the contract's prompt.</summary>
    public const int Tokens = 150;

    private static readonly double[][] _heads = [[0.9, 0.1], [0.3, 0.7]];

    /// <summary>Methods that rate tokens, without a budget.</summary>
    public static IReadOnlyList<ScoredMethod> Scored { get; } =
    [
        new SnapKv { Window = 8 }, new PyramidKv { Window = 8, Beta = 4 }, new ObservedAttention(), new H2O(), new Tova(), new Knorm(), new KeyDiff(),
        new ExpectedAttention(), new ExpectedAttention { UseCovariance = false, UseValueNorms = false }, new SnapKv { Window = 8, PerQueryHead = true },
        new RandomKv { Seed = 3 },
    ];

    /// <summary>Methods that read the prompt, or what is stored, in part; and some of them together with what compresses.</summary>
    public static IReadOnlyList<KvMethod> Reading { get; } =
    [
        new AShape { Init = 4, Local = 20 }, new TriShape { Init = 4, Local = 20, Last = 30 }, new MInference { Vertical = 8, Slash = 6, ForcedColumns = 2, ForcedDiagonals = 4 },
        new Quest { Page = 8, Budget = 40 }, new Quest { Page = 16, Budget = 40, PerQueryHead = true },
        new RetrievalAttention { Sinks = 4, Recent = 12, TopK = 20 }, new RetrievalAttention { Sinks = 4, Recent = 12, TopK = 20, PerQueryHead = true },
        new ComposedKv([new TriShape { Init = 4, Local = 20, Last = 30 }, new SnapKv { Window = 8, Budget = 100 }, new Quest { Page = 8, Budget = 40 }]),
        new CacheBlend { Chunk = 64, MinTokens = 64 },
        new ComposedKv([new MInference { Vertical = 8, Slash = 6, ForcedColumns = 2, ForcedDiagonals = 4 }, new Knorm { Budget = 100, PerQueryHead = true }]),
    ];

    /// <summary>Names of the cases: the method and its setting.</summary>
    public static IEnumerable<string> Names => All().Select(method => method.Name);

    /// <summary>All of them, each with a name of its own.</summary>
    public static IReadOnlyList<(string Name, KvMethod Method)> All()
    {
        List<(string, KvMethod)> all = [("full", new FullKv()), .. Reading.Select(method => (method.ToString(), method))];
        foreach (var (name, ratio) in new[] { ("easy", 0.2), ("hard", 0.8) })
        {
            var local = (int)(Tokens * (1 - ratio)) - 4;
            all.Add(($"streamingllm {name}", new StreamingLlm { Init = 4, Local = local }));
            all.Add(($"duo_attention {name}", new DuoAttention { HeadScores = _heads, StreamingShare = ratio, Sinks = 4, Recent = 20 }));
            for (var i = 0; i < Scored.Count; i++)
            {
                var method = Scored[i] with { CompressionRatio = ratio };
                all.Add(($"{i} {method.Name} {name}", method));
                all.Add(($"{i} adakv({method.Name}) {name}", new AdaKv(method)));
                // layers that keep different numbers cannot move together
                if (method is not PyramidKv)
                    all.Add(($"{i} rerotated({method.Name}) {name}", new RerotatedKv(method)));
                all.Add(($"{i} chunkkv({method.Name}) {name}", new ChunkKv(method) { ChunkLength = 7 }));
                all.Add(($"{i} per_layer({method.Name}) {name}", new PerLayerKv(method) { CompressionRatios = [ratio, ratio / 2] }));
            }
        }
        return all;
    }
}
