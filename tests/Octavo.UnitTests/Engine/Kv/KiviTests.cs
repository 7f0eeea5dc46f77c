using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>Keys and values in few bits, in a model of two layers with heads of 16.</summary>
public sealed class KiviTests : IDisposable
{
    private static readonly int[] _prompt = [.. Enumerable.Range(0, 300).Select(i => ((i * 37) + (i * i / 5)) % 160)];
    private static readonly int[] _turn = [.. Enumerable.Range(0, 9).Select(i => (i * 53) % 160)];

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public KiviTests() => _path = TinyModels.WriteLlama(_folder.File("model"), seed: 5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Prompt_IsPacked_AndWhatFollowsIsNot(int bits)
    {
        foreach (var type in new[] { KvType.F32, KvType.F16 })
        {
            using var model = LanguageModel.Load(_path, new EngineOptions { Threads = 2, KvType = type });
            using var dense = model.NewSession();
            using var session = model.NewSession(null, new Kivi { Bits = bits, Group = 8, Residual = 32 });
            session.Forward(_prompt).ToArray().ShouldBe(dense.Forward(_prompt).ToArray());
            // 300 tokens less 32 are four whole pages; codes, and a scale and a zero point in fp16 for each eight of them
            var heads = session.Cache.StoredHeads(0);
            var number = type == KvType.F32 ? 4 : 2;
            session.KvBytes.ShouldBe(2 * heads * ((4 * 64 * 2 * 16 * bits / 8) + (4 * 64 * 2 * 16 / 8 * 4) + (64 * 2 * 16 * number)));
            using var steps = session.Fork();
            var block = session.ForwardAll(_turn);
            var width = block.Length / _turn.Length;
            for (var i = 0; i < _turn.Length; i++)
                steps.Forward([_turn[i]]).ToArray().ShouldBe(block[(i * width)..((i + 1) * width)]);
            session.Rollback(_prompt.Length);
            session.ForwardAll(_turn).ShouldBe(block);
            var exact = dense.ForwardAll(_turn);
            var error = exact.Zip(block, (a, b) => Math.Abs(a - b)).Max();
            error.ShouldBeInRange(1e-7f, bits switch { 8 => 0.1f, 4 => 1.5f, _ => 20 });
        }
    }

    [Theory]
    [InlineData("kivi:bits=4,group=8+quest:budget=64")]
    [InlineData("snapkv:window=8,budget=200+kivi:bits=4,group=8")]
    [InlineData("snapkv:window=8,budget=200,per_query_head=true+kivi:bits=2,group=16+retrieval_attention:top_k=20,sinks=2,recent=9")]
    [InlineData("tri_shape:init=2,local=30,last=20+tova:budget=150+kivi:bits=8,group=8+quest:budget=64,page=8")]
    [InlineData("minference:vertical=20,slash=12,forced_columns=2,forced_diagonals=6+pyramidkv:budget=150+kivi:bits=1,group=8")]
    public void Composition_OfReadingKeepingPackingAndChoosing_Runs(string text)
    {
        foreach (var type in new[] { KvType.F32, KvType.F16, KvType.Q8 })
        {
            float[]? one = null;
            foreach (var threads in new[] { 1, 2 })
            {
                using var model = LanguageModel.Load(_path, new EngineOptions { Threads = threads, KvType = type });
                using var session = model.NewSession(null, KvMethods.Parse(text));
                float[] all = [.. session.Forward(_prompt), .. session.ForwardAll(_turn), .. session.Forward([3])];
                all.ShouldAllBe(number => float.IsFinite(number));
                (one ??= all).ShouldBe(all);
            }
        }
    }

    [Fact]
    public void Prompt_ThatWasPacked_IsNeitherSharedNorTakenApart()
    {
        using var model = LanguageModel.Load(_path, new EngineOptions { Threads = 2 });
        using var session = model.NewSession(null, new Kivi { Group = 8 });
        session.Forward(_prompt);
        session.Keep();
        using (var other = model.NewSession())
            other.Reuse([.. _prompt, 1]).ShouldBe(0);
        Should.Throw<ConfigException>(() => session.Rollback(100));
        session.Rollback(0);
        session.Cache.IsPacked.ShouldBeFalse();
        session.Forward(_prompt);
        session.Cache.IsPacked.ShouldBeTrue();
    }

    [Fact]
    public void Packing_OfHeadsThatGroupsDoNotDivide_OrTwice_IsRefused()
    {
        Should.Throw<ConfigException>(() => KvMethods.Parse("kivi:bits=3,group=7")).Message.ShouldContain("give 1, 2, 4 or 8");
        Should.Throw<ConfigException>(() => KvMethods.Parse("kivi+kivi:bits=4")).Message.ShouldContain("two of these pack");
        Should.Throw<ConfigException>(() => KvMethods.Parse("kivi+decoding(knorm:budget=9)")).Message.ShouldContain("compressed again");
    }

    public void Dispose() => _folder.Dispose();
}
