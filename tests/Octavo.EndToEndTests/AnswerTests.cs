using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

/// <summary>The bundled model through the program. Forms that others script are fixed here, field by field.</summary>
public class AnswerTests
{
    private const string Question = "What is the capital of France?";

    [Fact]
    public void Chat_Question_AnswersWithASpeedLine()
    {
        var result = OctavoProgram.Run("chat", Question);
        result.Exit.ShouldBe(0, result.Error);
        result.Out.ShouldBe("The capital of France is Paris.\n");
        result.Error.ShouldMatch(@"^\[8 tokens, [\d.]+ tokens/s, first token after [\d.]+ s, prompt 37 tokens\]\n$");
    }

    [Fact]
    public void Chat_StandardInputQuiet_PrintsTheAnswerOnly()
    {
        var result = OctavoProgram.RunWith(Question + "\n", "chat", "-q");
        result.ShouldBe(new ProgramResult(0, "The capital of France is Paris.\n", ""));
    }

    [Fact]
    public void Generate_Json_HasTheFixedForm()
    {
        var result = OctavoProgram.Run(
            "generate", "--model", "smollm2-135m-instruct", "--prompt", "The quick brown fox", "--max-tokens", "6", "--temperature", "0", "--json");
        result.Exit.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.EnumerateObject().Select(field => field.Name)
            .ShouldBe(["text", "tokens", "finishReason", "promptTokens", "reusedTokens", "completionTokens", "timings"]);
        json.RootElement.GetProperty("text").GetString().ShouldBe(" with a quick brown bear.");
        json.RootElement.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()).ShouldBe([351, 253, 2365, 6354, 7012, 30]);
        json.RootElement.GetProperty("finishReason").GetString().ShouldBe("length");
        json.RootElement.GetProperty("promptTokens").GetInt32().ShouldBe(4);
        json.RootElement.GetProperty("completionTokens").GetInt32().ShouldBe(6);
        json.RootElement.GetProperty("timings").GetProperty("firstTokenSeconds").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Generate_Chat_AppliesTheTemplateAndStops()
    {
        using var json = Json("generate", "--chat", "--prompt", Question, "--json");
        json.RootElement.GetProperty("text").GetString().ShouldBe("The capital of France is Paris.");
        json.RootElement.GetProperty("finishReason").GetString().ShouldBe("stop");
        json.RootElement.GetProperty("promptTokens").GetInt32().ShouldBe(37);
    }

    [Fact]
    public void Generate_SpecialTokensInThePrompt_Count()
    {
        using var json = Json("generate", "--prompt", "<|im_start|>user\nHi<|im_end|>\n", "--max-tokens", "1", "--json");
        json.RootElement.GetProperty("promptTokens").GetInt32().ShouldBe(6);
    }

    [Fact]
    public void Generate_EqualSeeds_GiveEqualAnswersWithAnyThreads()
    {
        string[] drawn = ["generate", "--prompt", "Once upon a time", "--max-tokens", "12", "--temperature", "1", "--json", "--seed"];
        using var first = Json([.. drawn, "7", "--threads", "1"]);
        using var same = Json([.. drawn, "7", "--threads", "2"]);
        using var other = Json([.. drawn, "8"]);
        same.RootElement.GetProperty("text").GetString().ShouldBe(first.RootElement.GetProperty("text").GetString());
        other.RootElement.GetProperty("text").GetString().ShouldNotBe(first.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void Generate_LogProbabilities_ComeWithEachToken()
    {
        using var json = Json("generate", "--prompt", "The quick brown fox", "--max-tokens", "2", "--logprobs", "3", "--json");
        var rows = json.RootElement.GetProperty("logprobs").EnumerateArray().ToList();
        rows.Count.ShouldBe(2);
        rows[0].GetProperty("id").GetInt32().ShouldBe(351);
        rows[0].GetProperty("top").GetArrayLength().ShouldBe(3);
        rows[0].GetProperty("logprob").GetSingle().ShouldBe(rows[0].GetProperty("top")[0][1].GetSingle());
    }

    [Fact]
    public void Logits_Ids_GivesTheTenLargestInOrder()
    {
        using var json = Json("logits", "--model", "smollm2-135m-instruct", "--ids", "504,2365,6354,16438", "--json");
        var top = json.RootElement.GetProperty("top").EnumerateArray().Select(pair => (Id: pair[0].GetInt32(), Logit: pair[1].GetDouble())).ToList();
        top.Count.ShouldBe(10);
        top[0].Id.ShouldBe(351);
        top[0].Logit.ShouldBe(18.155, 0.05);
        top.Select(pair => pair.Logit).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task Generate_Interrupted_EndsWith130()
    {
        using var process = OctavoProgram.Start("dotnet", [OctavoProgram.Path, "generate", "--prompt", "Once", "--max-tokens", "4000"]);
        var cancel = TestContext.Current.CancellationToken;
        await process.StandardOutput.ReadAsync(new char[1], cancel);
        OctavoProgram.Start("kill", ["-INT", $"{process.Id}"]).Dispose();
        await process.StandardOutput.ReadToEndAsync(cancel);
        (await process.StandardError.ReadToEndAsync(cancel)).ShouldContain("cancelled");
        await process.WaitForExitAsync(cancel);
        process.ExitCode.ShouldBe(130);
    }

    [Fact]
    public void Sample_Chat_Answers()
    {
        var built = new[] { "release", "debug" }.Select(kind => Repository.At("artifacts", "bin", "Chat", kind, "Chat.dll")).FirstOrDefault(File.Exists);
        if (built is null)
            Assert.Skip("samples/Chat is not built; ./test builds it.");
        var result = OctavoProgram.Finish(OctavoProgram.Start("dotnet", [built!]));
        result.Exit.ShouldBe(0, result.Error);
        result.Out.ShouldBe("The capital of France is Paris.\n");
    }

    private static JsonDocument Json(params string[] args)
    {
        var result = OctavoProgram.Run(args);
        result.Exit.ShouldBe(0, result.Error);
        return JsonDocument.Parse(result.Out);
    }
}
