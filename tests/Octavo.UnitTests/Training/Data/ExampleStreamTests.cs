using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Data;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Mixtures;
using Shouldly;

namespace Octavo.UnitTests.Training.Data;

public sealed class ExampleStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Restore_EveryPlaceOfAStream_GivesTheSameRest()
    {
        var options = TwoFiles();
        List<(StreamPosition Position, Example Example)> whole = [];
        using (var stream = Streams.Open(_folder, options))
        {
            for (var position = stream.Position; stream.Next() is { } example; position = stream.Position)
                whole.Add((position, example));
        }
        whole.Count.ShouldBe(2 * (12 + 5));
        using var again = Streams.Open(_folder, options);
        for (var i = 0; i < whole.Count; i++)
        {
            again.Restore(whole[i].Position);
            for (var j = i; j < Math.Min(i + 3, whole.Count); j++)
                ShouldBeSame(again.Next()!, whole[j].Example);
        }
        again.Restore(whole[^1].Position);
        again.Next().ShouldNotBeNull();
        again.Next().ShouldBeNull();
    }

    [Fact]
    public void Next_TwoEpochs_HaveTheSameRowsInAnotherOrder()
    {
        using var stream = Streams.Open(_folder, TwoFiles());
        var rows = new List<(string, long)>();
        while (stream.Next() is { } example)
            rows.Add((example.Source, example.Row));
        var (first, second) = (rows[..17], rows[17..]);
        first.ShouldNotBe(second);
        first.Order().ShouldBe(second.Order());
        first.Distinct().Count().ShouldBe(17);
    }

    [Theory]
    [InlineData(nameof(BatchLayout.Pad))]
    [InlineData(nameof(BatchLayout.Pack))]
    [InlineData(nameof(BatchLayout.Wrap))]
    public void Restore_EveryBatch_GivesTheSameRest(string layout)
    {
        var batching = new BatchOptions { Rows = 2, Layout = Enum.Parse<BatchLayout>(layout), Length = 260, OpenRows = 3 };
        var whole = new List<(string Position, Batch Batch)>();
        using (var stream = new BatchStream(Streams.Open(_folder, TwoFiles()), batching))
        {
            for (var position = stream.Position; stream.Next() is { } batch; position = stream.Position)
                whole.Add((position.ToJson(), batch));
        }
        using var examples = Streams.Open(_folder, TwoFiles());
        examples.Scan().Examples.ShouldBe(17);
        using var again = new BatchStream(examples, batching);
        whole.Count.ShouldBe(again.CountBatches(0) + again.CountBatches(1));
        for (var i = 0; i < whole.Count; i++)
        {
            again.Restore(BatchPosition.FromJson(whole[i].Position));
            for (var j = i; j < whole.Count; j++)
                ShouldBeSame(again.Next()!, whole[j].Batch);
            again.Next().ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(nameof(BatchLayout.Pad))]
    [InlineData(nameof(BatchLayout.Pack))]
    [InlineData(nameof(BatchLayout.Wrap))]
    public void Next_EveryLayout_LosesNoTokenAndMixesNoEpochs(string layout)
    {
        long tokens;
        using (var examples = Streams.Open(_folder, TwoFiles(), epochs: 1))
            tokens = examples.Scan().Tokens;
        using var stream = new BatchStream(Streams.Open(_folder, TwoFiles()), new BatchOptions { Rows = 3, Layout = Enum.Parse<BatchLayout>(layout), Length = 230 });
        var perEpoch = new long[2];
        for (var epoch = stream.Position.Stream.Epoch; stream.Next() is { } batch; epoch = stream.Position.Stream.Epoch)
            perEpoch[stream.Position.Stream.Epoch] += batch.Tokens;
        perEpoch.ShouldBe([tokens, tokens]);
    }

    [Fact]
    public void Scan_RowsWithNothingToLearn_AreCountedAndNotGiven()
    {
        const string Lines = """
            {"messages": [{"role": "user", "content": "long question"}, {"role": "assistant", "content": "answer"}]}
            {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
            {"messages": [{"role": "user", "content": "no answer"}]}
            """;
        var options = new MixtureOptions { Datasets = [new DatasetOptions { Path = _folder.Write("a.jsonl", System.Text.Encoding.UTF8.GetBytes(Lines)) }] };
        using var stream = Streams.Open(_folder, options, new EncodingOptions { MaxLength = 30 }, epochs: 1);
        stream.ExamplesPerEpoch.ShouldBe(3);
        var report = stream.Scan();
        (report.Rows, report.Examples, report.NoTarget, report.Truncated, report.Targets).ShouldBe((3, 1, 2, 0, 2));
        stream.ExamplesPerEpoch.ShouldBe(1);
        stream.Next()!.Row.ShouldBe(2);
        stream.Next().ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(LengthPolicy.Truncate), 1, 0, 1)]
    [InlineData(nameof(LengthPolicy.Drop), 1, 1, 0)]
    public void Scan_TooLong_FollowsThePolicy(string policy, int examples, int tooLong, int truncated)
    {
        using var stream = Streams.Open(_folder, OneLong(), new EncodingOptions { MaxLength = 40, TooLong = Enum.Parse<LengthPolicy>(policy) }, epochs: 1);
        var report = stream.Scan();
        (report.Examples, report.TooLong, report.Truncated).ShouldBe((examples + truncated, tooLong, truncated));
        report.CutTokens.ShouldBe(truncated == 0 ? 0 : report.Longest - 40);
    }

    [Fact]
    public void Scan_TooLongAndRefused_NamesTheLine()
    {
        using var stream = Streams.Open(_folder, OneLong(), new EncodingOptions { MaxLength = 40, TooLong = LengthPolicy.Refuse });
        Should.Throw<InputFileException>(() => stream.Scan()).Message.ShouldContain("long.jsonl, line 2: the example has");
    }

    [Fact]
    public void Scan_SeveralBadRows_NamesTheFirstWhateverTheThreads()
    {
        var lines = Enumerable.Range(0, 400).Select(i => i is 150 or 151 or 390
            ? """{"messages": 1}"""
            : """{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}""");
        var path = _folder.Write("a.jsonl", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        for (var i = 0; i < 5; i++)
        {
            using var stream = Streams.Open(_folder, new MixtureOptions { Datasets = [new DatasetOptions { Path = path }], Shuffle = false });
            Should.Throw<InputFileException>(() => stream.Scan()).Message.ShouldContain("line 151:");
        }
    }

    [Fact]
    public void Restore_OtherData_IsRefused()
    {
        using var stream = Streams.Open(_folder, TwoFiles());
        var position = stream.Position;
        using var otherLength = Streams.Open(_folder, TwoFiles(), new EncodingOptions { MaxLength = 100 });
        Should.Throw<ConfigException>(() => otherLength.Restore(position)).Message.ShouldContain("differ");
        using var otherSeed = Streams.Open(_folder, TwoFiles() with { Seed = 9 });
        Should.Throw<ConfigException>(() => otherSeed.Restore(position));
        var changed = TwoFiles();
        File.AppendAllText(changed.Datasets[0].Path, "\n" + File.ReadLines(changed.Datasets[0].Path).First());
        using var otherFile = Streams.Open(_folder, changed);
        Should.Throw<ConfigException>(() => otherFile.Restore(position));
        Should.Throw<ConfigException>(() => stream.Restore(position with { Index = 18 })).Message.ShouldContain("row 18");
        Should.Throw<InputFileException>(() => BatchPosition.FromJson("{}"));
        Should.Throw<InputFileException>(() => BatchPosition.FromJson("nothing"));
    }

    private MixtureOptions TwoFiles() => new()
    {
        Datasets =
        [
            new DatasetOptions { Path = Streams.Write(_folder, "a.jsonl", 20, 1), Count = 12 },
            new DatasetOptions { Path = Streams.Write(_folder, "b.jsonl", 5, 2), Count = 5 },
        ],
    };

    private MixtureOptions OneLong()
    {
        const string Lines = """
            {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
            {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a long answer that goes on and on and on"}]}
            """;
        return new MixtureOptions { Datasets = [new DatasetOptions { Path = _folder.Write("long.jsonl", System.Text.Encoding.UTF8.GetBytes(Lines)) }] };
    }

    private static void ShouldBeSame(Example left, Example right)
    {
        (left.Source, left.Row).ShouldBe((right.Source, right.Row));
        left.Ids.ShouldBe(right.Ids);
        left.IsTarget.ShouldBe(right.IsTarget);
    }

    private static void ShouldBeSame(Batch left, Batch right)
    {
        (left.Rows, left.Length, left.Targets, left.Tokens).ShouldBe((right.Rows, right.Length, right.Targets, right.Tokens));
        left.Ids.ShouldBe(right.Ids);
        left.Labels.ShouldBe(right.Labels);
        left.Positions.ShouldBe(right.Positions);
        left.Documents.ShouldBe(right.Documents);
    }
}
