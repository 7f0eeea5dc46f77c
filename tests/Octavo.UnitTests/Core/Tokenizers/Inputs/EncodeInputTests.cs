using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Shouldly;
using static Octavo.UnitTests.Core.Tokenizers.StageFile;

namespace Octavo.UnitTests.Core.Tokenizers.Inputs;

public class EncodeInputTests
{
    // Ids are bytes; 256 begins, 257 ends.
    private const int First = 256;
    private const int Last = 257;

    [Fact]
    public void EncodeInput_Pair_HasTypesMaskAndPlaces()
    {
        var input = Open("Bert").EncodeInput("ab", "c");
        input.Ids.ToArray().ShouldBe([First, 'a', 'b', Last, 'c', Last]);
        input.TypeIds.ToArray().ShouldBe([0, 0, 0, 0, 1, 1]);
        input.Texts.ToArray().ShouldBe([-1, 0, 0, -1, 1, -1]);
        input.AttentionMask.ToArray().ShouldBe([1, 1, 1, 1, 1, 1]);
        input.Tokens.ShouldBe([new(First, 0, 0), new('a', 0, 1), new('b', 1, 2), new(Last, 0, 0), new('c', 0, 1), new(Last, 0, 0)]);
        input.CutTokens.ShouldBe(0);
    }

    [Fact]
    public void EncodeInput_Roberta_HasTwoEndsBetweenAndOneType()
    {
        var input = Open("Roberta").EncodeInput("a", "b");
        input.Ids.ToArray().ShouldBe([First, 'a', Last, Last, 'b', Last]);
        input.TypeIds.ToArray().ShouldBe([0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void EncodeInput_WithoutSpecial_KeepsTheTypes()
    {
        var input = Open("Bert").EncodeInput("a", "b", new InputOptions { AddSpecial = false });
        input.Ids.ToArray().ShouldBe(['a', 'b']);
        input.TypeIds.ToArray().ShouldBe([0, 1]);
    }

    [Fact]
    public void EncodeInput_WithoutParsing_TakesSpecialTokensForText()
    {
        Open("Bert").EncodeInput("<s>").Ids.ToArray().ShouldBe([First, First, Last]);
        Open("Bert").EncodeInput("<s>", null, new InputOptions { ParseSpecial = false }).Ids.ToArray().ShouldBe([First, '<', 's', '>', Last]);
    }

    [Theory]
    [InlineData("abcdef", null, 5, "LongestFirst", false, "abc", "")]
    [InlineData("abcdef", null, 5, "LongestFirst", true, "def", "")]
    [InlineData("abcdef", null, 2, "LongestFirst", false, "", "")]
    [InlineData("abcdef", "xy", 9, "LongestFirst", false, "abcd", "xy")]
    [InlineData("ab", "uvwxyz", 9, "LongestFirst", false, "ab", "uvwx")]
    [InlineData("abcdef", "uvwxyz", 8, "LongestFirst", false, "ab", "uvw")]
    [InlineData("abcdefg", "uvwxyz", 8, "LongestFirst", false, "abc", "uv")]
    [InlineData("abcdef", "xy", 7, "OnlyFirst", false, "ab", "xy")]
    [InlineData("ab", "uvwxyz", 7, "OnlySecond", true, "ab", "yz")]
    public void EncodeInput_TooLong_IsCutAsTheRuleSays(string text, string? pair, int length, string strategy, bool atStart, string first, string second)
    {
        var input = Open("Bert").EncodeInput(text, pair, new InputOptions
        {
            Truncation = new Truncation(length) { Strategy = Enum.Parse<TruncationStrategy>(strategy), AtStart = atStart },
        });
        Of(input, 0).ShouldBe(first);
        Of(input, 1).ShouldBe(second);
        input.Ids.Length.ShouldBeLessThanOrEqualTo(length);
        input.CutTokens.ShouldBe(text.Length + (pair?.Length ?? 0) - first.Length - second.Length);
    }

    [Theory]
    [InlineData("abc", null, 1, "LongestFirst", "2 stand around the texts")]
    [InlineData("abc", null, 3, "OnlySecond", "there is none")]
    [InlineData("ab", "uvwxyz", 7, "OnlyFirst", "The first text has 2 tokens, and 4 are too many")]
    public void EncodeInput_CannotBeCut_IsRefused(string text, string? pair, int length, string strategy, string names) =>
        Should.Throw<ConfigException>(() => Open("Bert").EncodeInput(text, pair, new InputOptions
        {
            Truncation = new Truncation(length) { Strategy = Enum.Parse<TruncationStrategy>(strategy) },
        })).Message.ShouldContain(names);

    [Fact]
    public void EncodeInputs_Batch_IsFilledUpToTheLongest()
    {
        var padding = new Padding(0) { TypeId = 7, MultipleOf = 4 };
        var inputs = Open("Bert").EncodeInputs([("a", null), ("abcd", null)], new InputOptions { Padding = padding });
        inputs[0].Ids.ToArray().ShouldBe([First, 'a', Last, 0, 0, 0, 0, 0]);
        inputs[0].AttentionMask.ToArray().ShouldBe([1, 1, 1, 0, 0, 0, 0, 0]);
        inputs[0].TypeIds.ToArray().ShouldBe([0, 0, 0, 7, 7, 7, 7, 7]);
        inputs[0].Texts.ToArray().ShouldBe([-1, 0, -1, -1, -1, -1, -1, -1]);
        inputs[1].Ids.Length.ShouldBe(8);
        Open("Bert").EncodeInput("a", null, new InputOptions { Padding = padding with { AtStart = true, Length = 5, MultipleOf = 1 } })
            .Ids.ToArray().ShouldBe([0, 0, First, 'a', Last]);
        Open("Bert").EncodeInputs([], new InputOptions { Padding = padding }).ShouldBeEmpty();
    }

    [Fact]
    public void InputDefaults_AreWhatTheFileSays()
    {
        var root = Content("Bert");
        root["truncation"] = new JsonObject { ["direction"] = "Left", ["max_length"] = 4, ["strategy"] = "OnlyFirst", ["stride"] = 0 };
        root["padding"] = new JsonObject
        {
            ["strategy"] = new JsonObject { ["Fixed"] = 6 },
            ["direction"] = "Left",
            ["pad_to_multiple_of"] = 8,
            ["pad_id"] = 1,
            ["pad_type_id"] = 2,
            ["pad_token"] = "?",
        };
        var tokenizer = TokenizerFolder.Open(root);
        tokenizer.InputDefaults.ShouldBe(new InputOptions
        {
            Truncation = new Truncation(4) { Strategy = TruncationStrategy.OnlyFirst, AtStart = true },
            Padding = new Padding(1) { Length = 6, AtStart = true, MultipleOf = 8, TypeId = 2 },
        });
        tokenizer.EncodeInput("abc").Ids.ToArray().ShouldBe([1, 1, 1, 1, First, 'b', 'c', Last]);
        tokenizer.Encode("abc").Count.ShouldBe(3, "Encode neither cuts nor fills up");
        Open("Bert").InputDefaults.ShouldBe(new InputOptions());
    }

    private static string Of(EncodedInput input, int text) =>
        string.Concat(input.Ids.ToArray().Zip(input.Texts.ToArray()).Where(pair => pair.Second == text).Select(pair => (char)pair.First));

    private static Tokenizer Open(string family) => TokenizerFolder.Open(Content(family));

    private static JsonObject Content(string family)
    {
        var processor = Stage(family + "Processing", ("cls", new JsonArray("<s>", First)), ("sep", new JsonArray("</s>", Last)),
            ("trim_offsets", false), ("add_prefix_space", false));
        var root = Root(Letters(), null, ByteLevel(prefix: false, regex: false), ByteLevel(prefix: false, regex: false), processor);
        // Ids of letters are those of their bytes.
        root["added_tokens"] = new JsonArray(Added(First, "<s>"), Added(Last, "</s>"));
        return root;
    }

    private static JsonObject Added(int id, string content) => new() { ["id"] = id, ["content"] = content, ["special"] = true, ["normalized"] = false };
}
