using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>Any way to read a prompt with any way to keep it, to pack it and to choose from it.</summary>
public sealed class CompositionTests : IDisposable
{
    private const int PageTokens = 64;
    private const int HeadDim = 16;
    private const int Residual = 32;
    private const int Prompt = 300;

    private static readonly string[] _reading = ["", "a_shape:init=2,local=40", "tri_shape:init=2,local=40,last=20", "minference:vertical=20,slash=12,forced_columns=2,forced_diagonals=6"];

    private static readonly (string Text, int Tokens)[] _keeping =
    [
        ("", Prompt), ("streamingllm:init=4,local=96", 100), ("snapkv:window=8,budget=150", 150), ("h2o:budget=130", 130), ("random:budget=70", 70),
        ("snapkv:window=8,budget=150,per_query_head=true", 150),
    ];

    private static readonly string[] _choosing = ["", "quest:budget=32,page=8", "retrieval_attention:top_k=20,sinks=2,recent=9"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryCombination_IsFinite_AndStoresTheBytesThatItShould()
    {
        var path = TinyModels.WriteLlama(_folder.File("model"), seed: 5);
        int[] prompt = [.. Enumerable.Range(0, Prompt).Select(i => 3 + (i * 7 % 40))];
        var run = 0;
        foreach (var type in new[] { KvType.F32, KvType.F16 })
        {
            using var model = LanguageModel.Load(path, new EngineOptions { Threads = 2, KvType = type });
            foreach (var (reading, (keeping, tokens), bits, choosing) in Combinations())
            {
                var packing = bits == 0 ? "" : $"kivi:bits={bits},group=8,residual={Residual}";
                var text = string.Join('+', new[] { reading, keeping, packing, choosing }.Where(part => part.Length > 0));
                using var session = model.NewSession(null, text.Length == 0 ? null : KvMethods.Parse(text));
                float[] first = [.. session.Forward(prompt)];
                first.ShouldAllBe(number => float.IsFinite(number), text);
                session.KvBytes.ShouldBe(Bytes(session.Cache.StoredHeads(0) + session.Cache.StoredHeads(1), tokens, bits, type == KvType.F32 ? 4 : 2), $"{type} {text}");
                session.Cache.StoredTokens(1, 0).ShouldBe(tokens, text);
                float[] next = [.. session.ForwardAll([5, 6, 7])];
                next.Length.ShouldBe(3 * first.Length);
                next.ShouldAllBe(number => float.IsFinite(number), text);
                run++;
            }
        }
        run.ShouldBe(2 * ((4 * 6) - 3) * 3 * 3);
    }

    private static IEnumerable<(string, (string, int), int, string)> Combinations() =>
        // sums of attention are those of a prompt that is read with everything
        from reading in _reading from keeping in _keeping where reading.Length == 0 || !keeping.Text.StartsWith("h2o", StringComparison.Ordinal) from bits in new[] { 0, 2, 8 } from choosing in _choosing select (reading, keeping, bits, choosing);

    // whole pages before the residual are packed: codes, and a scale and a zero point in fp16 for each eight of them
    private static long Bytes(int heads, int tokens, int bits, int number)
    {
        var packed = bits == 0 ? 0 : (tokens - Residual) / PageTokens;
        var open = ((tokens + PageTokens - 1) / PageTokens) - packed;
        var values = PageTokens * 2 * HeadDim;
        return heads * ((long)(packed * ((values * bits / 8) + (values / 8 * 4))) + (open * values * number));
    }
}
