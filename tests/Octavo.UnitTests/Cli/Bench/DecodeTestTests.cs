using Octavo.Cli.Bench;
using Octavo.Cli.Output;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Bench;

public sealed class DecodeTestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;
    private readonly Session _session;
    private readonly FakeTerminal _terminal = new();
    private readonly StatusLine _status;
    private readonly BenchContext _context;

    public DecodeTestTests()
    {
        _model = LanguageModel.Load(TinyModels.WriteLlama(_folder.Path), new EngineOptions { Threads = 1 });
        _session = _model.NewSession();
        _status = new StatusLine(_terminal.Terminal, isOn: false);
        _context = new BenchContext(_model, _session, new BenchTokens(_model.VocabularySize), _status, default);
    }

    public void Dispose()
    {
        _status.Dispose();
        _terminal.Dispose();
        _session.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Repetitions_OfADecodeTest_BeginWithTheSameContextAndGenerateTheSame()
    {
        var test = new DecodeTest(depth: 70, tokens: 5);
        int[] first = Repeat(test), second = Repeat(test);
        first.Length.ShouldBe(75);
        second.ShouldBe(first);
        first[..70].ShouldBe(_context.Tokens.Between(0, 70));
    }

    [Fact]
    public void Contexts_OfDeeperTests_AreThoseOfAnEmptySession()
    {
        Repeat(new DecodeTest(depth: 0, tokens: 3));
        Repeat(new DecodeTest(depth: 20, tokens: 3));
        var after = Repeat(new DecodeTest(depth: 70, tokens: 5));
        _session.Rollback(0);
        Repeat(new DecodeTest(depth: 70, tokens: 5)).ShouldBe(after);
    }

    [Fact]
    public void Repetitions_OfAPrefillTest_BeginWithAnEmptyCache()
    {
        var test = new PrefillTest(9);
        Repeat(test).Length.ShouldBe(9);
        Repeat(test).ShouldBe(_context.Tokens.Between(0, 9));
    }

    private int[] Repeat(BenchTest test)
    {
        test.Prepare(_context);
        _session.Tokens.Length.ShouldBe(test.Depth);
        test.Run(_context);
        var tokens = _session.Tokens.ToArray();
        test.Finish(_context);
        return tokens;
    }
}
