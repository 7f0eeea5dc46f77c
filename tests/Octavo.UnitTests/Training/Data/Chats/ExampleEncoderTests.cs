using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.TestKit;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Forms;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Chats;

public sealed class ExampleEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Encode_Document_EndsWithTheEndTokenAndLearnsAll()
    {
        var encoder = Encoder(new EncodingOptions());
        var encoded = encoder.Encode(new TextSample("Hi <|im_end|>"));
        encoded.Tokens.Ids.Length.ShouldBe("Hi <|im_end|>".Length + 1);
        encoded.Tokens.Ids[^1].ShouldBe(256);
        encoded.Tokens.Ids.ShouldNotContain(258);
        encoded.Tokens.IsTarget.ShouldAllBe(target => target);
    }

    [Fact]
    public void Encode_EmptyDocument_HasNothingToLearn() =>
        Encoder(new EncodingOptions()).Encode(new TextSample("")).Fate.ShouldBe(SampleFate.NoTarget);

    [Fact]
    public void Encode_TemplateThatRendersNothing_HasNothingToLearn()
    {
        var tokenizer = Streams.Bytes(_folder.File("t"));
        var encoder = new ExampleEncoder(tokenizer, new ChatEncoder(ChatTemplate.Parse("{% generation %}{% endgeneration %}"), tokenizer), new EncodingOptions());
        var encoded = encoder.Encode(new ChatSample([new("user", "q"), new("assistant", "a")]));
        (encoded.Fate, encoded.Tokens.Targets, encoded.Tokens.Ids.Length).ShouldBe((SampleFate.NoTarget, 0, 0));
    }

    [Fact]
    public void Encode_LastTurnOnly_LearnsTheLast()
    {
        var encoded = Encoder(new EncodingOptions { Turns = LearnedTurns.Last }).Encode(new ChatSample(
            [new("user", "a"), new("assistant", "bbb"), new("user", "c"), new("assistant", "dd")]));
        encoded.Tokens.IsTarget.Count(target => target).ShouldBe(3);
        encoded.Tokens.IsTarget[^3..].ShouldBe([true, true, true]);
    }

    [Fact]
    public void Encode_Cut_KeepsTheBeginning()
    {
        var sample = new ChatSample([new("user", "a"), new("assistant", "bbbbbbbbbb")]);
        var whole = Encoder(new EncodingOptions()).Encode(sample);
        var cut = Encoder(new EncodingOptions { MaxLength = whole.WholeLength - 4 }).Encode(sample);
        (cut.Fate, cut.WholeLength).ShouldBe((SampleFate.Truncated, whole.WholeLength));
        cut.Tokens.Ids.ShouldBe(whole.Tokens.Ids[..^4]);
        cut.Tokens.IsTarget.ShouldBe(whole.Tokens.IsTarget[..^4]);
    }

    [Fact]
    public void Encode_WhatIsNotSupervised_IsRefused()
    {
        var pair = new PreferenceSample([new("assistant", "a")], [new("assistant", "b")]);
        Should.Throw<UnsupportedException>(() => Encoder(new EncodingOptions()).Encode(pair));
        var withoutTemplate = new ExampleEncoder(Streams.Bytes(_folder.File("t")), null, new EncodingOptions());
        Should.Throw<UnsupportedException>(() => withoutTemplate.Encode(new ChatSample([new("assistant", "a")]))).Message.ShouldContain("chatml");
        Should.Throw<ConfigException>(() => Encoder(new EncodingOptions { MaxLength = 1 }));
        Should.Throw<ConfigException>(() => BuiltInTemplates.Get("alpaca")).Message.ShouldContain("zephyr");
    }

    [Fact]
    public void SourceOf_NameFileOrNeither()
    {
        BuiltInTemplates.SourceOf("zephyr").ShouldBe(BuiltInTemplates.Source("zephyr"));
        var path = _folder.File("own.jinja");
        File.WriteAllText(path, "\uFEFF{{ messages }}");
        BuiltInTemplates.SourceOf(path).ShouldBe("{{ messages }}");
        Should.Throw<InputFileException>(() => BuiltInTemplates.SourceOf("alpaca")).Message.ShouldContain("tulu, chatml, zephyr");
        File.WriteAllBytes(path, [0xFF, 0x7B]);
        Should.Throw<InputFileException>(() => BuiltInTemplates.SourceOf(path)).Message.ShouldContain(path);
    }

    [Theory]
    [InlineData("tulu")]
    [InlineData("chatml")]
    [InlineData("zephyr")]
    public void Unmarked_HasNoMarks(string name)
    {
        BuiltInTemplates.Source(name).ShouldContain("generation %}");
        BuiltInTemplates.Unmarked(name).ShouldNotContain("generation %}");
    }

    private ExampleEncoder Encoder(EncodingOptions options)
    {
        var tokenizer = Streams.Bytes(_folder.File("tokenizer"));
        return new ExampleEncoder(tokenizer, new ChatEncoder(BuiltInTemplates.Get("tulu"), tokenizer, options.Turns), options);
    }
}
