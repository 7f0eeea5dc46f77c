using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

/// <summary>MInference's search on heads that are planted, and its files.</summary>
public sealed class PatternSearchTests : IDisposable
{
    private const int Tokens = 512;
    private const int Dim = 16;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Search_FindsDiagonalsOfALocalHead_AndColumnsOfOneThatLooksAtAFew()
    {
        // head 0: a key's direction turns with its place, so that near keys fit; head 1: a few keys are what every query looks for
        float[] q = new float[2 * Tokens * Dim], k = new float[2 * Tokens * Dim], v = new float[2 * Tokens * Dim];
        var random = new SeededRandom(3);
        for (var i = 0; i < Tokens; i++)
        {
            for (var d = 0; d < Dim; d += 2)
            {
                var angle = i * 0.02 * (d + 1);
                var at = (i * Dim) + d;
                (q[at], q[at + 1]) = (5 * (float)Math.Cos(angle), 5 * (float)Math.Sin(angle));
                (k[at], k[at + 1]) = (q[at] / 2, q[at + 1] / 2);
            }
            for (var d = 0; d < Dim; d++)
            {
                var at = ((Tokens + i) * Dim) + d;
                q[at] = 2 + (0.1f * (float)random.NextDouble());
                k[at] = i % 50 == 7 ? 3 : (float)random.NextDouble() - 0.5f;
            }
        }
        List<IReadOnlyList<HeadPattern>> found = [];
        var search = new PatternSearch(found)
        {
            Candidates = [new(HeadPattern.VerticalSlash, 4, 60), new(HeadPattern.VerticalSlash, 60, 4), new(HeadPattern.BlockSparse, 1, 0)], Rows = 40, FirstRow = 100, Forced = (2, 4),
        };
        using var probe = new AttentionProbe(2, 2, Dim, Tokens, new EngineOptions { Threads = 2 });
        probe.Look(q, k, v, search.Attend).ShouldBeNull();
        found.Count.ShouldBe(1);
        found[0][0].Slash.ShouldBe(60);
        found[0][1].Vertical.ShouldBe(60);
        found[0].ShouldAllBe(head => head.Score >= 0.95 && head.Score <= 1.0001);
        // and what was found reads that prompt nearly as dense attention does
        var dense = probe.Run(null, q, k, v, isPrompt: true);
        var sparse = probe.Run(new MInference { Patterns = found, ForcedColumns = 2, ForcedDiagonals = 4 }, q, k, v, isPrompt: true);
        dense.Zip(sparse, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(0.2f);
    }

    [Fact]
    public void File_OfThePublicLayout_IsReadAndWritten_AndUsed()
    {
        var file = _folder.File("patterns.json");
        File.WriteAllText(file, """[{"0": ["vertical_and_slash", 1000, 6096, 0.91], "1": ["stream_llm", 3, 9, 1.0], "2": ["block_sparse", 2, 0, 0.5], "3": ["vertical_and_slash", 5, 5]}, {"3": ["stream_llm", 1, 2, 3], "0": ["stream_llm", 4, 5, 6], "2": ["stream_llm", 4, 5, 6], "1": ["stream_llm", 4, 5, 6]}]""");
        var patterns = HeadPatternFile.Read(file);
        patterns[0][0].ShouldBe(new HeadPattern("vertical_and_slash", 1000, 6096, 0.91));
        patterns[0][3].Score.ShouldBe(1);
        patterns[1][3].ShouldBe(new HeadPattern("stream_llm", 1, 2, 3));
        HeadPatternFile.Write(file, patterns);
        HeadPatternFile.Read(file).Select(heads => heads.ToArray()).ShouldBe(patterns.Select(heads => heads.ToArray()));
        using var model = LanguageModel.Load(TinyModels.WriteLlama(_folder.File("model")), new EngineOptions { Threads = 2 });
        using var session = model.NewSession(null, KvMethods.Parse($"minference:patterns={file},forced_diagonals=2"));
        session.Forward([.. Enumerable.Range(0, 300).Select(i => i % 160)]).ToArray().ShouldAllBe(number => float.IsFinite(number));
        using var three = LanguageModel.Load(TinyModels.WriteLlama(_folder.File("three"), layers: 3), new EngineOptions { Threads = 2 });
        using var wrong = three.NewSession(null, KvMethods.Parse($"minference:patterns={file}"));
        Should.Throw<ConfigException>(() => wrong.Forward([1, 2, 3])).Message.ShouldContain("2 layers");
    }

    [Theory]
    [InlineData("{}", "no file of patterns")]
    [InlineData("[]", "no layers")]
    [InlineData("[{\"1\": [\"stream_llm\", 1, 2, 3]}]", "layer 0 has no pattern")]
    [InlineData("[{\"0\": [\"stream_llm\", 1]}]", "layer 0 has no pattern")]
    [InlineData("[{\"0\": 3}]", "no file of patterns")]
    [InlineData("[", "no file of patterns")]
    public void File_ThatIsNone_IsRefusedByName(string text, string told)
    {
        File.WriteAllText(_folder.File("bad.json"), text);
        Should.Throw<InputFileException>(() => HeadPatternFile.Read(_folder.File("bad.json"))).Message.ShouldContain(told);
    }

    [Fact]
    public void File_ThatIsMissing_OrNamesAnotherPattern_IsRefused()
    {
        Should.Throw<InputFileException>(() => HeadPatternFile.Read(_folder.File("none.json"))).Message.ShouldContain("none.json");
        File.WriteAllText(_folder.File("other.json"), """[{"0": ["circles", 1, 2, 3]}]""");
        Should.Throw<ConfigException>(() => KvMethods.Parse($"minference:patterns={_folder.File("other.json")}")).Message.ShouldContain("circles");
    }

    public void Dispose() => _folder.Dispose();
}
