using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Evaluation.Verifiers.Ifeval;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Verifiers.Ifeval;

public class IfevalChecksTests
{
    public static TheoryData<string, string, string, bool> Published => new()
    {
        { "keywords:existence", """{"keywords": ["cat", "do."]}""", "A Cat dog", true },
        { "keywords:existence", """{"keywords": ["cat", "do."]}""", "cat do", false },
        { "keywords:frequency", """{"keyword": "cat", "frequency": 2, "relation": "at least"}""", "concatenate cat", true },
        { "keywords:forbidden_words", """{"forbidden_words": ["cat"]}""", "concatenate", true },
        { "keywords:forbidden_words", """{"forbidden_words": ["cat"]}""", "the Cat sat", false },
        { "keywords:letter_frequency", """{"letter": "E", "let_frequency": 3, "let_relation": "at least"}""", "Eee", true },
        { "length_constraints:number_words", """{"num_words": 3, "relation": "less than"}""", "don't stop", false },
        { "length_constraints:number_words", """{"num_words": 3, "relation": "less than"}""", "one two", true },
        { "length_constraints:number_words", """{"num_words": 3, "relation": "less than"}""", "a-b c", false },
        { "length_constraints:number_paragraphs", """{"num_paragraphs": 2}""", "a\n***\nb", true },
        { "length_constraints:number_paragraphs", """{"num_paragraphs": 2}""", "***\na\n***\nb\n***", true },
        { "length_constraints:number_paragraphs", """{"num_paragraphs": 2}""", "a\n***\n\n***\nb", false },
        { "length_constraints:number_paragraphs", """{"num_paragraphs": 2}""", "a * * * b", false },
        { "length_constraints:nth_paragraph_first_word", """{"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Hello"}""", "x\n\n\"Hello, y", true },
        { "length_constraints:nth_paragraph_first_word", """{"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Hello"}""", "x\n\nhello-world", false },
        { "length_constraints:nth_paragraph_first_word", """{"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Hello"}""", "x\n\n\n\nhello y", false },
        { "length_constraints:nth_paragraph_first_word", """{"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Hello"}""", "x\n\nHello.y z", true },
        { "detectable_content:number_placeholders", """{"num_placeholders": 2}""", "[a] [b]", true },
        { "detectable_content:number_placeholders", """{"num_placeholders": 2}""", "[a [b]]", false },
        { "detectable_content:number_placeholders", """{"num_placeholders": 2}""", "[]  []", true },
        { "detectable_content:postscript", """{"postscript_marker": "P.S."}""", "body p. s. x", true },
        { "detectable_content:postscript", """{"postscript_marker": "P.S."}""", "PS hi", false },
        { "detectable_content:postscript", """{"postscript_marker": "P.P.S"}""", "x P.P.S. hi", true },
        { "detectable_format:number_bullet_lists", """{"num_bullets": 2}""", "- a\n* b", true },
        { "detectable_format:number_bullet_lists", """{"num_bullets": 2}""", "** bold\n* a\n- b", true },
        { "detectable_format:number_bullet_lists", """{"num_bullets": 2}""", "* a\n  * b\n---", false },
        { "detectable_format:number_highlighted_sections", """{"num_highlights": 2}""", "**a** x", false },
        { "detectable_format:number_highlighted_sections", """{"num_highlights": 2}""", "**a** **b**", true },
        { "detectable_format:number_highlighted_sections", """{"num_highlights": 2}""", "*a\nb* *c*", false },
        { "detectable_format:multiple_sections", """{"section_spliter": "Section", "num_sections": 2}""", "Section A b Section B", false },
        { "detectable_format:multiple_sections", """{"section_spliter": "Section", "num_sections": 2}""", "intro Section1x Section2", true },
        { "detectable_format:json_format", "{}", "```json\nNaN\n```", true },
        { "detectable_format:title", "{}", "<<a\nb>>", false },
        { "combination:two_responses", "{}", "******a******b******", true },
        { "combination:two_responses", "{}", "a******b******c", false },
        { "combination:repeat_prompt", """{"prompt_to_repeat": "Say Hi."}""", "say hi. hi", true },
        { "combination:repeat_prompt", """{"prompt_to_repeat": "Say Hi."}""", "Sure: Say Hi.", false },
        { "startend:end_checker", """{"end_phrase": "The End"}""", "x the end", true },
        { "startend:end_checker", """{"end_phrase": "The End"}""", "x The End.", false },
        { "startend:end_checker", """{"end_phrase": "The End"}""", "\"x the end\"", true },
        { "startend:quotation", "{}", "\"", false },
        { "startend:quotation", "{}", "\u201chi\u201d", false },
        { "change_case:english_capital", "{}", "123", false },
        { "punctuation:no_comma", "{}", "a\uff0cb", true },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Strict_PublishedCases_Agree(string id, string arguments, string answer, bool follows) =>
        IfevalChecks.Strict(id, JsonNode.Parse(arguments)!.AsObject(), answer).ShouldBe(follows);

    [Fact]
    public void All_IdsAre25_AndABlankAnswerFollowsNone()
    {
        IfevalChecks.All().Select(check => check.Id).Distinct().Count().ShouldBe(25);
        IfevalChecks.Strict("punctuation:no_comma", [], " \n").ShouldBeFalse();
        IfevalChecks.Loose("punctuation:no_comma", [], " \n").ShouldBeFalse();
    }

    [Fact]
    public void Of_DocumentWithAnIntroduction_FollowsLoosely()
    {
        var verdict = IfevalVerdict.Of(["punctuation:no_comma", "detectable_format:title"], [[], []], "Sure, here:\n<<t>>\nbody");
        verdict.Strict.ShouldBe([false, true]);
        verdict.Loose.ShouldBe([true, true]);
        verdict.AllStrict.ShouldBeFalse();
        verdict.AllLoose.ShouldBeTrue();
    }

    // in the order of the variants: whole, without the first line, the last, both; then the same without stars; each follows in that one only
    [Theory]
    [InlineData("startend:end_checker", """{"end_phrase": "x\na*"}""", "x\na*", true, true)]
    [InlineData("combination:repeat_prompt", """{"prompt_to_repeat": "*a*\nb"}""", "Sure:\n*a*\nb", false, true)]
    [InlineData("startend:end_checker", """{"end_phrase": "x\na*"}""", "x\na*\nDone.", false, true)]
    [InlineData("detectable_format:number_bullet_lists", """{"num_bullets": 2}""", "* x\n* a\n* b\n* y", false, true)]
    [InlineData("startend:quotation", "{}", "*\"a\"*", false, true)]
    [InlineData("startend:quotation", "{}", "Sure:\n*\"a\nb\"*", false, true)]
    [InlineData("startend:quotation", "{}", "*\"a\nb\"*\nDone.", false, true)]
    [InlineData("startend:quotation", "{}", "Sure:\n*\"a\"*\nDone.", false, true)]
    [InlineData("startend:quotation", "{}", "Sure:\nSo:\n\"a\"\nDone.", false, false)]
    public void Loose_OneVariant_Suffices(string id, string arguments, string answer, bool strict, bool loose)
    {
        var values = JsonNode.Parse(arguments)!.AsObject();
        IfevalChecks.Strict(id, values, answer).ShouldBe(strict);
        IfevalChecks.Loose(id, values, answer).ShouldBe(loose);
    }

    [Fact]
    public void Strict_MissingOrZeroArgument_IsRefusedInsteadOfDrawn()
    {
        Should.Throw<InputFileException>(() => IfevalChecks.Strict("length_constraints:number_words", new JsonObject { ["num_words"] = 0, ["relation"] = "at least" }, "a"))
            .Message.ShouldContain("num_words");
        Should.Throw<InputFileException>(() => IfevalChecks.Strict("keywords:existence", [], "a"));
        Should.Throw<UnsupportedException>(() => IfevalChecks.Strict("keywords:rhyme", [], "a")).Message.ShouldContain("keywords:existence");
    }
}
