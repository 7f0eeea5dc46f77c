using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

/// <summary>What one call has read, the next one need not read again.</summary>
public sealed class PrefixCacheTests : IDisposable
{
    private static readonly string _context = string.Concat(Enumerable.Range(1, 30).Select(i => $"Room {i} has {i * 7 % 11} chairs and a table. "));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_PrefixCache_SecondCallReadsOnlyWhatIsNewAndSaysTheSame()
    {
        var (cold, error) = Ask("How many chairs has room 3?", cached: false);
        error.ShouldNotContain("octavo:");
        Reused(cold).ShouldBe(0);
        Reused(Ask("Which room is the largest?").Answer).ShouldBe(0);
        var file = Directory.GetFiles(_folder.Path).Single();
        var (warm, _) = Ask("How many chairs has room 3?");
        Reused(warm).ShouldBeGreaterThan(300);
        (Reused(warm) % 64).ShouldBe(0);
        Tokens(warm).ShouldBe(Tokens(cold));
        // A damaged file costs its help, not the answer.
        using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - 1);
        var (after, note) = Ask("How many chairs has room 3?");
        Reused(after).ShouldBe(0);
        Tokens(after).ShouldBe(Tokens(cold));
        note.Split('\n').Count(line => line.Contains("damaged", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Chat_Resume_GoesOnWithTheConversation()
    {
        var file = _folder.File("talk.json");
        File.WriteAllText(file, """
            {"messages": [{"role": "user", "content": "What is the capital of France?"},
                          {"role": "assistant", "content": "The capital of France is Paris."}]}
            """);
        var result = OctavoProgram.Run("chat", "--resume", file, "--json", "And of Italy?");
        result.Exit.ShouldBe(0, result.Error);
        result.Out.ShouldContain("Rome");
        OctavoProgram.Run("chat", "--resume", file, "--system", "Hi", "And of Italy?").Exit.ShouldBe(2);
        OctavoProgram.Run("chat", "--resume", _folder.File("none.json"), "And of Italy?").Exit.ShouldBe(3);
    }

    [Fact]
    public void Generate_PrefixCacheIsAFile_IsRefused()
    {
        File.WriteAllText(_folder.File("x"), "");
        var result = OctavoProgram.Run("generate", "--prompt", "Hi", "--prefix-cache", _folder.File("x"));
        result.Exit.ShouldBe(2);
        result.Error.ShouldContain("needs a folder");
    }

    private (JsonElement Answer, string Error) Ask(string question, bool cached = true)
    {
        string[] cache = cached ? ["--prefix-cache", _folder.Path] : [];
        var result = OctavoProgram.Run(
            ["generate", "--chat", "--prompt", $"{_context}{question}", "--max-tokens", "6", "--json", .. cache]);
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        return (json.RootElement.Clone(), result.Error);
    }

    private static int Reused(JsonElement answer) => answer.GetProperty("reusedTokens").GetInt32();

    private static int[] Tokens(JsonElement answer) => [.. answer.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32())];
}
