using System.Globalization;
using System.Text.Json.Nodes;
using Octavo.Core;

namespace Octavo.Evaluation.Procedural.Ifeval;

/// <summary>How an answer is made that follows an instruction.</summary>
/// <param name="Id">The instruction.</param>
/// <param name="Apply">Draws arguments, changes the draft so that it follows, and returns them.</param>
/// <param name="IsAlone">Whether it leaves no room for other instructions.</param>
internal sealed record IfevalRecipe(string Id, Func<SeededRandom, IfevalDraft, JsonObject> Apply, bool IsAlone = false);

/// <summary>One recipe for each of the 25 instructions.</summary>
internal static class IfevalRecipes
{
    private static readonly string[] _words = ["river", "garden", "music", "bridge", "winter", "lantern", "mountain", "harbor",
        "market", "window"];
    private static readonly string[] _forbidden = ["maybe", "however", "terrible", "never", "always", "boring", "really", "stuff"];
    private static readonly string[] _ends = ["That is all.", "Thank you for reading.", "Any questions?", "The end.", "See you soon."];
    private static readonly string[] _firsts = ["surely", "today", "often", "clearly", "usually", "indeed"];
    private static readonly string[] _replies = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

    private static readonly (string Language, string Text)[] _languages =
    [
        ("de", "Das ist ein schönes Thema. Viele Leute sprechen gern darüber und lernen dabei etwas Neues."),
        ("fr", "C'est un beau sujet. Beaucoup de gens en parlent avec plaisir et apprennent des choses nouvelles."),
        ("es", "Es un tema bonito. Mucha gente habla de eso con gusto y aprende cosas nuevas para la vida."),
        ("it", "È un bel tema. Molte persone ne parlano con piacere e imparano anche delle cose nuove per la vita."),
    ];

    public static IReadOnlyList<IfevalRecipe> All { get; } =
    [
        new("keywords:existence", Existence), new("keywords:frequency", Frequency), new("keywords:forbidden_words", Forbidden),
        new("keywords:letter_frequency", LetterFrequency), new("language:response_language", Language, IsAlone: true),
        new("length_constraints:number_sentences", Sentences), new("length_constraints:number_paragraphs", Paragraphs),
        new("length_constraints:number_words", NumberOfWords), new("length_constraints:nth_paragraph_first_word", NthParagraph),
        new("detectable_content:number_placeholders", Placeholders), new("detectable_content:postscript", Postscript),
        new("detectable_format:number_bullet_lists", Bullets), new("detectable_format:constrained_response", Constrained, IsAlone: true),
        new("detectable_format:number_highlighted_sections", Highlights), new("detectable_format:multiple_sections", Sections),
        new("detectable_format:json_format", Json, IsAlone: true), new("detectable_format:title", Title),
        new("combination:two_responses", TwoResponses, IsAlone: true), new("combination:repeat_prompt", RepeatPrompt),
        new("startend:end_checker", EndChecker), new("startend:quotation", Quotation),
        new("change_case:capital_word_frequency", CapitalWords), new("change_case:english_capital", AllCapital),
        new("change_case:english_lowercase", AllLowercase), new("punctuation:no_comma", NoComma),
    ];

    private static JsonObject Existence(SeededRandom random, IfevalDraft draft)
    {
        var words = TwoWords(random, _words);
        draft.Sentences.Add($"It reminds some people of the {words[0]} and of the {words[1]}.");
        return new JsonObject { ["keywords"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };
    }

    private static JsonObject Frequency(SeededRandom random, IfevalDraft draft)
    {
        var (word, count) = (_words[random.Next(_words.Length)], 2 + random.Next(3));
        string[] forms = [$"Think of a {word}.", $"A {word} is near.", $"Every {word} is different.", $"The {word} is old."];
        draft.Sentences.AddRange(forms[..count]);
        return new JsonObject { ["keyword"] = word, ["frequency"] = count, ["relation"] = "at least" };
    }

    private static JsonObject Forbidden(SeededRandom random, IfevalDraft draft) =>
        new() { ["forbidden_words"] = new JsonArray([.. TwoWords(random, _forbidden).Select(word => (JsonNode)word)]) };

    private static JsonObject LetterFrequency(SeededRandom random, IfevalDraft draft)
    {
        var letter = "etaoin"[random.Next(6)].ToString();
        return new JsonObject { ["letter"] = letter, ["let_frequency"] = 3 + random.Next(6), ["let_relation"] = "at least" };
    }

    private static JsonObject Language(SeededRandom random, IfevalDraft draft)
    {
        var (language, text) = _languages[random.Next(_languages.Length)];
        draft.Whole = text;
        return new JsonObject { ["language"] = language };
    }

    private static JsonObject Sentences(SeededRandom random, IfevalDraft draft)
    {
        var isLeast = random.Next(2) == 0;
        return new JsonObject { ["num_sentences"] = isLeast ? draft.Sentences.Count : draft.Sentences.Count + 3, ["relation"] = isLeast ? "at least" : "less than" };
    }

    private static JsonObject Paragraphs(SeededRandom random, IfevalDraft draft)
    {
        var count = 2 + random.Next(2);
        draft.Parts = (count, "\n***\n");
        return new JsonObject { ["num_paragraphs"] = count };
    }

    private static JsonObject NumberOfWords(SeededRandom random, IfevalDraft draft)
    {
        var isLeast = random.Next(2) == 0;
        return new JsonObject { ["num_words"] = isLeast ? 10 + (5 * random.Next(3)) : 50 + (10 * random.Next(4)), ["relation"] = isLeast ? "at least" : "less than" };
    }

    private static JsonObject NthParagraph(SeededRandom random, IfevalDraft draft)
    {
        var count = 2 + random.Next(2);
        var nth = 1 + random.Next(count);
        var word = _firsts[random.Next(_firsts.Length)];
        draft.Parts = (count, "\n\n");
        draft.PartStarts[nth] = $"{Capitalized(word)} there is more to say. ";
        return new JsonObject { ["num_paragraphs"] = count, ["nth_paragraph"] = nth, ["first_word"] = word };
    }

    private static JsonObject Placeholders(SeededRandom random, IfevalDraft draft)
    {
        string[] holders = ["[name]", "[address]", "[date]", "[price]"];
        var count = 1 + random.Next(3);
        draft.Sentences.Add($"For more write to {string.Join(" or ", holders[..count])}.");
        return new JsonObject { ["num_placeholders"] = count };
    }

    private static JsonObject Postscript(SeededRandom random, IfevalDraft draft)
    {
        var marker = random.Next(2) == 0 ? "P.S." : "P.P.S";
        draft.Postscript = $"{marker} More about {draft.Topic} another time.";
        return new JsonObject { ["postscript_marker"] = marker };
    }

    private static JsonObject Bullets(SeededRandom random, IfevalDraft draft)
    {
        string[] points = ["It is old.", "It is useful.", "It is fun.", "It is free."];
        var count = 2 + random.Next(3);
        draft.Bullets.AddRange(points[..count]);
        return new JsonObject { ["num_bullets"] = count };
    }

    private static JsonObject Constrained(SeededRandom random, IfevalDraft draft)
    {
        draft.Whole = _replies[random.Next(_replies.Length)];
        return [];
    }

    private static JsonObject Highlights(SeededRandom random, IfevalDraft draft)
    {
        string[] marked = ["*first of all*", "*a good idea*", "*worth a try*"];
        var count = 1 + random.Next(3);
        draft.Sentences.Add($"It is {string.Join(" and ", marked[..count])}.");
        return new JsonObject { ["num_highlights"] = count };
    }

    private static JsonObject Sections(SeededRandom random, IfevalDraft draft)
    {
        var (word, count) = (random.Next(2) == 0 ? "Section" : "Part", 2 + random.Next(2));
        draft.Parts = (count, "\n");
        for (var part = 1; part <= count; part++)
            draft.PartStarts[part] = string.Create(CultureInfo.InvariantCulture, $"{word} {part}\n");
        return new JsonObject { ["section_spliter"] = word, ["num_sections"] = count };
    }

    private static JsonObject Json(SeededRandom random, IfevalDraft draft)
    {
        draft.Whole = $"{{\"topic\": \"{draft.Topic}\", \"text\": \"{draft.Sentences[0]}\"}}";
        return [];
    }

    private static JsonObject Title(SeededRandom random, IfevalDraft draft)
    {
        draft.Title = $"<<About {draft.Topic}>>";
        return [];
    }

    private static JsonObject TwoResponses(SeededRandom random, IfevalDraft draft)
    {
        draft.Whole = $"{draft.Sentences[0]}\n******\n{draft.Sentences[1]}";
        return [];
    }

    private static JsonObject RepeatPrompt(SeededRandom random, IfevalDraft draft)
    {
        draft.Repeated = draft.Request;
        return new JsonObject { ["prompt_to_repeat"] = draft.Request };
    }

    private static JsonObject EndChecker(SeededRandom random, IfevalDraft draft)
    {
        draft.End = _ends[random.Next(_ends.Length)];
        return new JsonObject { ["end_phrase"] = draft.End };
    }

    private static JsonObject Quotation(SeededRandom random, IfevalDraft draft)
    {
        draft.IsQuoted = true;
        return [];
    }

    private static JsonObject CapitalWords(SeededRandom random, IfevalDraft draft)
    {
        string[] loud = ["VERY GOOD", "TRULY", "GREAT"];
        var count = 2 + random.Next(3);
        draft.Sentences.Add($"It is {string.Join(" and ", loud[..(count - 1)])}.");
        return new JsonObject { ["capital_frequency"] = count, ["capital_relation"] = "at least" };
    }

    private static JsonObject AllCapital(SeededRandom random, IfevalDraft draft)
    {
        draft.Case = text => text.ToUpperInvariant();
        return [];
    }

    private static JsonObject AllLowercase(SeededRandom random, IfevalDraft draft)
    {
        draft.Case = text => text.ToLowerInvariant();
        return [];
    }

    // no sentence of the drafts has one
    private static JsonObject NoComma(SeededRandom random, IfevalDraft draft) => [];

    private static string[] TwoWords(SeededRandom random, string[] words)
    {
        var first = random.Next(words.Length);
        var second = (first + 1 + random.Next(words.Length - 1)) % words.Length;
        return [words[first], words[second]];
    }

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
