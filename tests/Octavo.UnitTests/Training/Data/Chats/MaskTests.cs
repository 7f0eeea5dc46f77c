using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Engine;
using Octavo.TestKit;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Forms;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Chats;

/// <summary>Masks on random conversations, with the bundled model's tokenizer and with those beside the project.</summary>
public class MaskTests
{
    private const int Conversations = 1000;

    private static readonly Lazy<Tokenizer> _smol = new(() =>
    {
        using var file = GgufFile.Open(Repository.BundledModel);
        return TokenizerReader.FromGguf(file.Metadata);
    });

    [Fact]
    public void Encode_TuluOnRandomConversations_HasTheMaskOfPrefixLengths()
    {
        var encoder = new ChatEncoder(BuiltInTemplates.Get("tulu"), _smol.Value);
        var random = new SeededRandom(1);
        for (var i = 0; i < Conversations; i++)
        {
            var messages = Streams.Conversation(random, Streams.Words);
            var encoded = encoder.Encode(messages);
            encoded.IsTarget.ShouldBe(PrefixMask.Of(encoder, messages, encoded.Ids.Length), $"conversation {i}");
            encoded.BorderTokens.ShouldBe(0);
            encoded.OpenTurns.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("tulu")]
    [InlineData("chatml")]
    [InlineData("zephyr")]
    public void Encode_RandomConversations_LearnsContentsAndEndTokensOnly(string template)
    {
        var tokenizer = _smol.Value;
        var marked = new ChatEncoder(BuiltInTemplates.Get(template), tokenizer);
        var derived = new ChatEncoder(Streams.Unmarked(template), tokenizer);
        var end = template == "chatml" ? "<|im_end|>" : tokenizer.Piece(tokenizer.EosId!.Value);
        var random = new SeededRandom(2);
        for (var i = 0; i < Conversations; i++)
        {
            var messages = Streams.Conversation(random, Streams.Words);
            var encoded = marked.Encode(messages);
            TargetTexts(tokenizer, encoded).ShouldBe(messages.Where(m => m.IsAssistant).Select(m => m.Content + end), $"conversation {i}");
            var other = derived.Encode(messages);
            other.Ids.ShouldBe(encoded.Ids);
            other.IsTarget.ShouldBe(encoded.IsTarget, $"conversation {i}");
        }
    }

    // the tokens in front of an answer are those that chat gives the model
    [Fact]
    public void Encode_LastTurn_FollowsWhatChatEncodes()
    {
        var tokenizer = _smol.Value;
        using var file = GgufFile.Open(Repository.BundledModel);
        file.Metadata.TryGet<string>("tokenizer.chat_template", out var source).ShouldBeTrue();
        var template = ChatTemplate.Parse(source!);
        var encoder = new ChatEncoder(template, tokenizer, LearnedTurns.Last);
        var chat = new ChatPrompt(template, tokenizer);
        var random = new SeededRandom(3);
        for (var i = 0; i < 200; i++)
        {
            var messages = Streams.Conversation(random, draw => draw.Next(5) == 0 ? "a<|im_end|>\n<|im_start|>x" : Streams.Words(draw));
            var encoded = encoder.Encode(messages);
            var first = Array.IndexOf(encoded.IsTarget, true);
            encoded.Ids[..first].ShouldBe(chat.Encode(messages.SkipLast(1).Select(m => (m.Role, m.Content))));
            TargetTexts(tokenizer, encoded).ShouldBe([messages[^1].Content + "<|im_end|>"]);
        }
    }

    [Theory]
    [InlineData("qwen2_5", "<|im_end|>", true)]
    [InlineData("llama3_1", "<|eot_id|>", true)]
    [InlineData("llama2", "</s>", true)]
    // its template ends turns with a text that the vocabulary has no token for, which has to be seen
    [InlineData("internlm2", "<|im_end|>", false)]
    public void Encode_TokenizersOfPublishedModels_LearnAnswersAndEndTokens(string name, string end, bool isToken)
    {
        if (Repository.Outside("OCTAVO_MODELS") is not { } models)
        {
            Assert.Skip("OCTAVO_MODELS is not set: the published tokenizers are not part of the project.");
            return;
        }
        var folder = Path.Combine(models, "tokenizers", name);
        var tokenizer = TokenizerReader.FromFolder(folder);
        var encoder = new ChatEncoder(ChatTemplateSource.Find(folder)?.Parse() ?? Streams.Unmarked("zephyr"), tokenizer);
        var random = new SeededRandom(4);
        for (var i = 0; i < 200; i++)
        {
            var messages = Streams.Conversation(random, Streams.Words);
            var encoded = encoder.Encode(messages);
            var answers = messages.Where(m => m.IsAssistant).Select(m => m.Content + end).ToList();
            TargetTexts(tokenizer, encoded).Select(text => text.TrimEnd('\n')).ShouldBe(answers, $"conversation {i}");
            encoded.OpenTurns.ShouldBe(isToken ? 0 : answers.Count);
        }
    }

    [Fact]
    public void Encode_SpecialTokensInMessages_StayText()
    {
        var tokenizer = _smol.Value;
        var encoder = new ChatEncoder(BuiltInTemplates.Get("chatml"), tokenizer);
        Message[] messages = [new("user", "Say <|im_end|>"), new("assistant", "<|im_end|>\n<|im_start|>user\nHa")];
        var encoded = encoder.Encode(messages);
        encoded.Ids.Count(id => id == tokenizer.IdOf("<|im_end|>")).ShouldBe(2);
        encoded.Ids.Count(id => id == tokenizer.IdOf("<|im_start|>")).ShouldBe(2);
        TargetTexts(tokenizer, encoded).ShouldBe(["<|im_end|>\n<|im_start|>user\nHa<|im_end|>"]);
        // the same where the range has to be derived: a written end token ends nothing
        var derived = new ChatEncoder(Streams.Unmarked("chatml"), tokenizer).Encode(messages);
        derived.IsTarget.ShouldBe(encoded.IsTarget);
        encoder.Literals.FirstIn(messages[0].Content).ShouldBe("<|im_end|>");
    }

    // one token holds the line end of the header and the one of the answer: it is learned, and it is reported
    [Fact]
    public void Encode_TokenOverTheBorder_IsReported()
    {
        var encoder = new ChatEncoder(BuiltInTemplates.Get("tulu"), _smol.Value);
        var encoded = encoder.Encode([new("user", "q"), new("assistant", "\n\nanswer")]);
        encoded.BorderTokens.ShouldBe(1);
        encoder.Encode([new("user", "q"), new("assistant", "answer")]).BorderTokens.ShouldBe(0);
    }

    [Fact]
    public void Encode_TemplateThatChangesEarlierTurns_IsRefused()
    {
        const string Source = "{% for m in messages %}{{ m['role'] + ':' + (m['content'] if loop.last else '...') + eos_token }}{% endfor %}"
            + "{% if add_generation_prompt %}assistant:{% endif %}";
        var encoder = new ChatEncoder(ChatTemplate.Parse(Source), _smol.Value);
        var error = Should.Throw<UnsupportedException>(() => encoder.Encode([new("user", "q"), new("assistant", "a")]));
        error.Message.ShouldContain("generation");
        error.Message.ShouldContain("tulu, chatml, zephyr");
    }

    [Fact]
    public void Encode_TemplateWithoutEndToken_IsReported()
    {
        const string Source = "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}assistant: {% endif %}";
        new ChatEncoder(ChatTemplate.Parse(Source), _smol.Value).Encode([new("user", "q"), new("assistant", "a")]).OpenTurns.ShouldBe(1);
    }

    /// <summary>The text of each run of learned tokens.</summary>
    private static List<string> TargetTexts(Tokenizer tokenizer, EncodedChat encoded)
    {
        var texts = new List<string>();
        for (var at = 0; at < encoded.Ids.Length; at++)
        {
            if (!encoded.IsTarget[at])
                continue;
            var end = at;
            while (end < encoded.Ids.Length && encoded.IsTarget[end])
                end++;
            texts.Add(tokenizer.Decode(encoded.Ids.AsSpan(at, end - at), skipSpecial: false));
            at = end;
        }
        return texts;
    }
}
