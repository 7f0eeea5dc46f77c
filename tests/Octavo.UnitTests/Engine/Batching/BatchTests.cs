using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Batching;

/// <summary>A sequence of a batch gets what it would get alone, whoever joins and leaves beside it.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Step_EightWithJoinsAndLeaves_EqualEachAlone(int threads)
    {
        using var model = Tiny(threads);
        var prompts = Enumerable.Range(0, 8).Select(i => Tokens(1 + (i * 53 % 310), (ulong)i + 1)).ToList();
        using var batch = new Batch(model, new BatchOptions { MaxSequences = 6, PromptRows = 20 });
        Dictionary<BatchSequence, List<GeneratedToken>> answers = [];
        List<BatchSequence> joined = [];
        var left = -1;
        for (var step = 0; batch.Count > 0 || joined.Count < 8; step++)
        {
            if (joined.Count < 8 && batch.Count < batch.Capacity && step % 3 == 0)
            {
                joined.Add(batch.Join(prompts[joined.Count], Options(joined.Count)));
                answers[joined[^1]] = [];
            }
            foreach (var (sequence, token, error) in batch.Step())
            {
                error.ShouldBeNull();
                answers[sequence].Add(token);
            }
            // One leaves in the middle of its answer.
            if (left < 0 && joined.Count > 3 && answers[joined[3]].Count == 5)
                batch.Leave(joined[left = 3]);
        }
        for (var i = 0; i < 8; i++)
        {
            var alone = Alone(model, prompts[i], Options(i));
            var together = answers[joined[i]];
            if (i == left)
                alone = alone[..together.Count];
            together.Select(Plain).ShouldBe(alone.Select(Plain), $"sequence {i}");
            together.Count.ShouldBe(i == left ? 5 : joined[i].Timings.CompletionTokens);
            joined[i].IsActive.ShouldBeFalse();
            joined[i].Timings.PromptTokens.ShouldBe(prompts[i].Length);
        }
    }

    [Fact]
    public void Step_LongRotaryByLength_EqualsEachAlone()
    {
        var path = TinyModels.WriteLlama(_folder.File("dynamic"), contextLength: 64, changes: config =>
        {
            config["rope_scaling"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "dynamic", ["factor"] = 4.0 };
        });
        using var model = LanguageModel.Load(path, new EngineOptions { Threads = 2 });
        using var batch = new Batch(model, new BatchOptions { PromptRows = 5 });
        var prompts = (int[][])[Tokens(20, 1), Tokens(60, 2), Tokens(40, 3)];
        var sequences = prompts.Select(prompt => batch.Join(prompt, Greedy(20))).ToList();
        var answers = Drain(batch);
        for (var i = 0; i < prompts.Length; i++)
            answers[sequences[i]].Select(Plain).ShouldBe(Alone(model, prompts[i], Greedy(20)).Select(Plain));
    }

    [Fact]
    public void Step_ContextFull_EndsThatSequenceOnly()
    {
        using var model = Tiny(2, context: 70);
        using var batch = new Batch(model);
        var full = batch.Join(Tokens(60, 1), Greedy(1000));
        var other = batch.Join(Tokens(3, 2), Greedy(30));
        var answers = Drain(batch);
        answers[full][^1].Finish.ShouldBe(FinishReason.Length);
        answers[full].Count.ShouldBe(11);
        answers[other].Count.ShouldBe(30);
        model.Pages.PagesInUse.ShouldBe(0);
    }

    [Fact]
    public void Step_Cancelled_EndsThatSequenceOnly()
    {
        using var model = Tiny(2);
        using var batch = new Batch(model);
        using var stop = new CancellationTokenSource();
        var cancelled = batch.Join(Tokens(10, 1), Greedy(50), cancellationToken: stop.Token);
        var other = batch.Join(Tokens(10, 2), Greedy(50));
        batch.Step().Length.ShouldBe(2);
        stop.Cancel();
        var results = batch.Step().ToArray();
        results.Single(result => result.Sequence == cancelled).Error.ShouldBeOfType<OperationCanceledException>();
        results.Single(result => result.Sequence == other).Error.ShouldBeNull();
        batch.Count.ShouldBe(1);
    }

    [Fact]
    public void Step_NothingAllowed_EndsThatSequenceWithItsReason()
    {
        using var model = Tiny(1);
        using var batch = new Batch(model);
        var barred = new Dictionary<int, float>(Enumerable.Range(0, 160).Select(id => KeyValuePair.Create(id, float.MinValue)));
        // All tokens are in the prompt, so the penalty makes infinities of the biases.
        int[] everything = [.. Enumerable.Range(0, 160)];
        var bad = batch.Join(everything, Greedy(9) with { Temperature = 1, LogitBias = barred, RepetitionPenalty = 2 });
        var good = batch.Join([1], Greedy(9));
        List<BatchToken> results = [];
        while (bad.IsActive)
            results.AddRange(batch.Step());
        results.Single(result => result.Sequence == bad).Error.ShouldBeOfType<EvaluationException>();
        results.Where(result => result.Sequence == good).ShouldAllBe(result => result.Error == null);
        (results.Count - 1 + Drain(batch)[good].Count).ShouldBe(9);
    }

    [Fact]
    public void Step_KeysThatCannotBeStored_EndThatSequenceOnly()
    {
        var folder = TinyModels.WriteLlama(_folder.File("untied"), changes: config => config["tie_word_embeddings"] = false);
        SpoilEmbedding(folder, token: 5);
        using var model = LanguageModel.Load(folder, new EngineOptions { Threads = 2 });
        using var batch = new Batch(model);
        var before = batch.Join([1, 2, 3], Greedy(12));
        batch.Step().Length.ShouldBe(1);
        var bad = batch.Join([4, 5, 6], Greedy(12));
        var after = batch.Join([7, 8], Greedy(12));

        var results = batch.Step().ToArray();

        results.Length.ShouldBe(3);
        results.Single(result => result.Sequence == bad).Error.ShouldBeAssignableTo<UnsupportedException>()!.Message.ShouldContain("not a number");
        var answers = Drain(batch);
        results.Single(result => result.Sequence == after).Token.Id.ShouldBe(Alone(model, [7, 8], Greedy(12))[0].Id);
        answers[after].Select(token => token.Id).ShouldBe(Alone(model, [7, 8], Greedy(12)).Skip(1).Select(token => token.Id));
        answers[before].Select(token => token.Id).ShouldBe(Alone(model, [1, 2, 3], Greedy(12)).Skip(2).Select(token => token.Id));
        model.Pages.PagesInUse.ShouldBe(0);
    }

    [Fact]
    public void Join_SessionOfAnotherModel_IsRefused()
    {
        using var model = Tiny(1);
        using var other = Tiny(2);
        using var batch = new Batch(model);
        using var foreign = other.NewSession();
        Should.Throw<ConfigException>(() => batch.Join([1], Greedy(1), foreign)).Message.ShouldContain("another model");
        Should.Throw<ConfigException>(() => new Generator(model, foreign, Greedy(1))).Message.ShouldContain("another model");
        batch.Count.ShouldBe(0);
    }

    [Fact]
    public void Step_PromptsWhileOthersDecode_AreBounded()
    {
        using var model = Tiny(1);
        using var batch = new Batch(model, new BatchOptions { PromptRows = 16 });
        var talker = batch.Join([1, 2], Greedy(100));
        batch.Step().Length.ShouldBe(1);
        var (longer, shorter) = (batch.Join(Tokens(100, 1), Greedy(5)), batch.Join(Tokens(9, 2), Greedy(5)));
        List<string> order = [];
        while (longer.IsActive)
        {
            var names = batch.Step().ToArray().Select(result => result.Sequence == talker ? "t" : result.Sequence == longer ? "l" : "s");
            order.Add(string.Concat(names));
        }
        // Eight rows each, then sixteen for the longer one; the talker gets a token in every step.
        order.ShouldAllBe(step => step.StartsWith('t'));
        order.FindIndex(step => step.Contains('s')).ShouldBe(1);
        order.FindIndex(step => step.Contains('l')).ShouldBe(6);
    }

    [Fact]
    public void Join_SameBeginning_TakesThePagesOfTheFirst()
    {
        using var model = Tiny(2, prefixes: 1 << 24);
        using var cold = Tiny(2);
        using var batch = new Batch(model);
        int[] context = Tokens(300, 1);
        batch.Join([.. context, 1], Greedy(4));
        batch.Step();
        batch.Step();
        batch.Step().Length.ShouldBe(1);
        // The first one still decodes; its prompt is shared already.
        var second = batch.Join([.. context, 2], Greedy(20));
        second.Timings.ReusedTokens.ShouldBe(256);
        Drain(batch)[second].Select(Plain).ShouldBe(Alone(cold, [.. context, 2], Greedy(20)).Select(Plain));
        model.PrefixCache.Statistics.TokensReused.ShouldBe(256);
    }

    [Fact]
    public void Join_SessionOfTheCaller_IsReusedAndKept()
    {
        using var model = Tiny(1);
        using var batch = new Batch(model);
        using var session = model.NewSession();
        var prompt = Tokens(80, 4);
        var first = batch.Join(prompt, Greedy(10), session);
        Should.Throw<ConfigException>(() => batch.Join(prompt, Greedy(10), session)).Message.ShouldContain("its own");
        var answer = Drain(batch)[first].Select(token => token.Id).ToArray();
        session.Tokens.Length.ShouldBe(89);
        var second = batch.Join([.. prompt, .. answer, 7], Greedy(10), session);
        second.Timings.ReusedTokens.ShouldBe(89);
        Drain(batch)[second].Select(Plain).ShouldBe(Alone(model, [.. prompt, .. answer, 7], Greedy(10)).Select(Plain));
    }

    [Fact]
    public void Join_FullOrWrong_IsRefused()
    {
        using var model = Tiny(1);
        using var batch = new Batch(model, new BatchOptions { MaxSequences = 1 });
        Should.Throw<ConfigException>(() => batch.Join([], Greedy(1)));
        Should.Throw<ConfigException>(() => batch.Join([160], Greedy(1))).Message.ShouldContain("160");
        Should.Throw<ConfigException>(() => batch.Join([1], Greedy(0)));
        batch.Join([1], Greedy(1));
        Should.Throw<ResourceException>(() => batch.Join([1], Greedy(1))).Message.ShouldContain("1 sequences");
        var message = Should.Throw<ConfigException>(() => new Batch(model, new BatchOptions { MaxSequences = 65, PromptRows = 0 })).Message;
        message.Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public void Dispose_WithSequences_GivesPagesBack()
    {
        using var model = Tiny(1);
        var batch = new Batch(model);
        batch.Join(Tokens(100, 1), Greedy(9));
        batch.Step();
        model.Pages.PagesInUse.ShouldBePositive();
        batch.Dispose();
        model.Pages.PagesInUse.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => batch.Step().Length);
    }

    private static GenerationOptions Greedy(int tokens) => new() { MaxTokens = tokens, IgnoreEnd = true, WithoutText = true };

    private static GenerationOptions Options(int i) => (i % 4) switch
    {
        0 => Greedy(40),
        1 => Greedy(25) with { Temperature = 0.9f, TopP = 0.95f, Seed = (ulong)i },
        2 => Greedy(60) with { RepetitionPenalty = 1.2f, LogProbabilities = 2 },
        _ => Greedy(33) with { Temperature = 1.2f, TopK = 20, MinP = 0.02f, Seed = 7, PresencePenalty = 0.3f },
    };

    private static (int, FinishReason?, float?) Plain(GeneratedToken token) => (token.Id, token.Finish, token.LogProbability);

    private static List<GeneratedToken> Alone(LanguageModel model, int[] prompt, GenerationOptions options)
    {
        using var session = model.NewSession();
        return [.. new Generator(model, session, options).Run(prompt)];
    }

    private static Dictionary<BatchSequence, List<GeneratedToken>> Drain(Batch batch)
    {
        Dictionary<BatchSequence, List<GeneratedToken>> answers = [];
        while (batch.Count > 0)
        {
            foreach (var (sequence, token, error) in batch.Step())
            {
                if (!answers.TryGetValue(sequence, out var answer))
                    answers[sequence] = answer = [];
                if (error is null)
                    answer.Add(token);
            }
        }
        return answers;
    }

    private LanguageModel Tiny(int threads, int context = 8192, long prefixes = 0) => LanguageModel.Load(
        TinyModels.WriteLlama(_folder.File($"tiny-{threads}-{prefixes}"), contextLength: context), new EngineOptions { Threads = threads, PrefixCacheBytes = prefixes });

    /// <summary>Makes a row of the first tensor NaN: the embedding of one token of 64 numbers.</summary>
    private static void SpoilEmbedding(string folder, int token)
    {
        var path = Path.Combine(folder, "model.safetensors");
        var bytes = File.ReadAllBytes(path);
        var data = 8 + (int)BitConverter.ToInt64(bytes) + (token * 64 * sizeof(float));
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan(data, 64 * sizeof(float))).Fill(float.NaN);
        File.WriteAllBytes(path, bytes);
    }

    private static int[] Tokens(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(160))];
    }
}
