using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>Methods that read a prompt in patterns, and methods that choose what each token reads.</summary>
public sealed class ReadingTests : IDisposable
{
    // over two blocks of rows and eleven pages, so that units of pages are merged too
    private static readonly int[] _prompt = [.. Enumerable.Range(0, 700).Select(i => ((i * 37) + (i * i / 5)) % 160)];
    private static readonly int[] _turn = [.. Enumerable.Range(0, 9).Select(i => (i * 53) % 160)];

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly LanguageModel _model;

    public ReadingTests()
    {
        _path = TinyModels.WriteLlama(_folder.File("model"), seed: 5);
        _model = LanguageModel.Load(_path, new EngineOptions { Threads = 2, Exact = true });
    }

    public static TheoryData<string, KvType> Whole
    {
        get
        {
            TheoryData<string, KvType> all = [];
            foreach (var text in new[]
            {
                "a_shape:init=4,local=700", "a_shape:init=100,local=650", "tri_shape:init=4,local=8,last=699", "tri_shape:init=0,local=700,last=3", "minference:vertical=700,slash=700",
                "minference:vertical=0,slash=1,forced_columns=700", "minference:vertical=700,slash=700,released_kernel=true", "quest:budget=720",
                "quest:page=7,budget=720,per_query_head=true", "retrieval_attention:sinks=4,recent=5,top_k=800", "quest:budget=720+knorm:budget=800",
            })
            {
                foreach (var type in new[] { KvType.F32, KvType.F16, KvType.Q8 })
                    all.Add(text, type);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public void WholeBudget_EqualsDense_BitForBit(string text, KvType type)
    {
        using var model = LanguageModel.Load(_path, new EngineOptions { Threads = 2, KvType = type });
        using var dense = model.NewSession();
        using var session = model.NewSession(null, KvMethods.Parse(text));
        session.ForwardAll(_prompt).ShouldBe(dense.ForwardAll(_prompt));
        session.ForwardAll(_turn).ShouldBe(dense.ForwardAll(_turn));
        session.Forward([3]).ToArray().ShouldBe(dense.Forward([3]).ToArray());
    }

    [Theory]
    [InlineData("a_shape:init=4,local=100")]
    [InlineData("tri_shape:init=4,local=100,last=80")]
    [InlineData("minference:vertical=20,slash=12,forced_columns=2,forced_diagonals=6")]
    [InlineData("quest:budget=128")]
    [InlineData("retrieval_attention:sinks=4,recent=30,top_k=50")]
    public void Threads_AndInstructionSets_AnswerAlike(string text)
    {
        float[]? one = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var model = LanguageModel.Load(_path, new EngineOptions { Threads = threads, Exact = true });
            using var session = model.NewSession(null, KvMethods.Parse(text));
            float[] all = [.. session.Forward(_prompt), .. session.ForwardAll(_turn), .. session.Forward([3])];
            (one ??= all).ShouldBe(all, text);
        }
        using var scalar = LanguageModel.Load(_path, new EngineOptions { Threads = 1, Exact = true, InstructionSet = "scalar" });
        using var slow = scalar.NewSession(null, KvMethods.Parse(text));
        float[] reference = [.. slow.Forward(_prompt), .. slow.ForwardAll(_turn), .. slow.Forward([3])];
        reference.Zip(one!, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-3f);
    }

    [Fact]
    public void Rows_OfAShape_SeeAsManyTokensAsTheRuleSays()
    {
        foreach (var (init, local) in new[] { (4, 24), (0, 1), (30, 10), (10, 30), (64, 64) })
        {
            var pattern = new AShape { Init = init, Local = local }.Attend(null!)[0];
            var keys = new KeySet();
            for (int first = 0, rows; first < 300; first += rows)
            {
                rows = pattern.Rows(first);
                keys.Clear();
                pattern.Add(first, rows, keys);
                keys.Finish(first + rows);
                for (var row = first; row < first + rows; row++)
                    keys.Count(row).ShouldBe(Math.Min(row + 1, local + Math.Max(0, Math.Min(init, row + 1 - local))));
            }
        }
    }

    [Fact]
    public void Batch_ReadsAPromptInTheSamePatterns_HoweverItIsCut()
    {
        var options = new GenerationOptions { MaxTokens = 6, IgnoreEnd = true, WithoutText = true, KvMethod = KvMethods.Parse("tri_shape:init=4,local=50,last=33") };
        using var session = _model.NewSession(null, options.KvMethod);
        List<int> alone = [.. new Generator(_model, session, options).Run(_prompt).Select(token => token.Id)];
        foreach (var rows in new[] { 17, 64 })
        {
            using var batch = new Batch(_model, new BatchOptions { PromptRows = rows });
            // something that decodes meanwhile, so that prompts are cut into pieces of so many rows
            batch.Join(_turn, options with { MaxTokens = 60, KvMethod = null });
            batch.Step();
            var joined = batch.Join(_prompt, options);
            List<int> together = [];
            while (batch.Count > 0)
            {
                foreach (var result in batch.Step())
                {
                    result.Error.ShouldBeNull();
                    if (result.Sequence == joined)
                        together.Add(result.Token.Id);
                }
            }
            together.ShouldBe(alone);
        }
    }

    [Fact]
    public void Prompt_ThatWasBrokenOff_LeavesNothingToTheNext()
    {
        var options = new GenerationOptions { MaxTokens = 6, IgnoreEnd = true, WithoutText = true, KvMethod = KvMethods.Parse("tri_shape:init=4,local=50,last=33") };
        int[] shorter = [.. _prompt[..300], 5, 6, 7];
        using var own = _model.NewSession(null, options.KvMethod);
        List<int> expected = [.. new Generator(_model, own, options).Run(shorter).Select(token => token.Id)];
        using var session = _model.NewSession(null, options.KvMethod);
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => session.Forward(_prompt, new Stop(stop), stop.Token));
        session.Tokens.Length.ShouldBe(128);
        new Generator(_model, session, options).Run(shorter).Select(token => token.Id).ShouldBe(expected);
    }

    [Theory]
    [InlineData("minference:vertical=0,slash=5,forced_columns=0,forced_diagonals=50")]
    [InlineData("minference:vertical=0,slash=0,forced_columns=0,forced_diagonals=200,released_kernel=true")]
    public void Diagonals_FewerThanAreForced_AreTheNearest(string text)
    {
        var scores = Enumerable.Range(0, 100).Select(i => (float)i).ToArray();
        new VerticalSlashEstimate(scores, scores).Distances(5, 50).ShouldBe([0, 1, 2, 3, 4]);
        new VerticalSlashEstimate(scores, scores).Distances(5, 2).ShouldBe([0, 1, 97, 98, 99]);
        using var session = _model.NewSession(null, KvMethods.Parse(text));
        session.ForwardAll(_prompt).ShouldAllBe(number => float.IsFinite(number));
    }

    [Fact]
    public void Batch_WithAMethodThatNeedsTheWholePrompt_IsRefused()
    {
        using var batch = new Batch(_model, new BatchOptions());
        Should.Throw<UnsupportedException>(() => batch.Join(_prompt, new GenerationOptions { KvMethod = new MInference() })).Message.ShouldContain("minference");
        batch.Count.ShouldBe(0);
    }

    [Fact]
    public void Prompt_ThatWasReadInPatterns_IsNotSharedWithOthers()
    {
        var options = new GenerationOptions { MaxTokens = 1, IgnoreEnd = true, WithoutText = true };
        var sparse = options with { KvMethod = KvMethods.Parse("a_shape:init=2,local=10") };
        using var fresh = LanguageModel.Load(_path, new EngineOptions { Threads = 2, Exact = true });
        using var untouched = fresh.NewSession();
        var dense = untouched.Forward([.. _prompt, 1]).ToArray();

        using (var session = _model.NewSession(null, sparse.KvMethod))
            _ = new Generator(_model, session, sparse).Run(_prompt).Count();
        using (var session = _model.NewSession())
        {
            session.Reuse([.. _prompt, 1]).ShouldBe(0);
            session.Forward([.. _prompt, 1]).ToArray().ShouldBe(dense);
            session.Keep();
        }
        using var other = _model.NewSession(null, sparse.KvMethod);
        other.Reuse([.. _prompt, 1]).ShouldBe(0);
    }

    [Fact]
    public void Prompt_ThatHasToBeReadAtOnce_InASessionThatHoldsSomething_IsRefused()
    {
        using var session = _model.NewSession(null, new MInference { Vertical = 5, Slash = 5 });
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => session.Forward(_prompt, new Stop(stop), stop.Token));
        session.Tokens.Length.ShouldBe(0);
        session.Forward(_prompt);
        session.Tokens.ToArray().ShouldBe(_prompt);
    }

    [Fact]
    public void Selection_AfterATurnWasTakenBack_IsThatOfANewTurn()
    {
        foreach (var text in new[] { "quest:budget=64", "retrieval_attention:sinks=4,recent=8,top_k=20" })
        {
            using var session = _model.NewSession(null, KvMethods.Parse(text));
            session.Forward(_prompt);
            using var untouched = session.Fork();
            session.ForwardAll([.. Enumerable.Range(0, 90).Select(i => (i * 7) % 160)]);
            session.Rollback(_prompt.Length);
            session.ForwardAll(_turn).ShouldBe(untouched.ForwardAll(_turn), text);
        }
    }

    [Fact]
    public void Selection_ReadsFarLess_AndStillNearlyWhatDenseDoes()
    {
        using var dense = _model.NewSession();
        using var session = _model.NewSession(null, new RetrievalAttention { Sinks = 4, Recent = 60, TopK = 400 });
        dense.Forward(_prompt);
        session.Forward(_prompt);
        var (all, some) = (dense.Forward([3]).ToArray(), session.Forward([3]).ToArray());
        var error = all.Zip(some, (a, b) => Math.Abs(a - b)).Max();
        error.ShouldBeGreaterThan(0);
        error.ShouldBeLessThan(0.2f * (all.Max() - all.Min()));
    }

    [Fact]
    public void Composition_WithDecoding_LeavesTheOthersChoiceToThePrompt()
    {
        using var session = _model.NewSession(null, KvMethods.Parse("snapkv:window=8,budget=100+decoding(knorm:budget=120):compression_interval=15"));
        session.Forward(_prompt.AsSpan(0, 300));
        List<int> stored = [];
        for (var i = 0; i < 31; i++)
        {
            session.Forward([i]);
            stored.Add(session.Cache.StoredTokens(0, 0));
        }
        // knorm would keep 120 of 115, and cuts 130 to 120
        stored.ShouldBe([.. Enumerable.Range(101, 29), 120, 121]);
    }

    [Fact]
    public void Composition_OfTwoThatDoTheSame_IsRefused()
    {
        Should.Throw<ConfigException>(() => KvMethods.Parse("a_shape+tri_shape")).Message.ShouldContain("how a prompt is read");
        Should.Throw<ConfigException>(() => KvMethods.Parse("a_shape+h2o:budget=9")).Message.ShouldContain("sums of attention");
        Should.Throw<ConfigException>(() => KvMethods.Parse("quest+retrieval_attention")).Message.ShouldContain("what is read");
        using var session = _model.NewSession(null, KvMethods.Parse("snapkv:budget=100+knorm:budget=90"));
        Should.Throw<ConfigException>(() => session.Forward(_prompt)).Message.ShouldContain("name one");
        KvMethods.Parse("adakv(snapkv:budget=99):safeguard=0.3+quest").Name.ShouldBe("adakv(snapkv)+quest");
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<int>
    {
        public void Report(int value) => source.Cancel();
    }
}
