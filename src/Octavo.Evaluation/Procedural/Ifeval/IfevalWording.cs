using System.Text.Json.Nodes;

namespace Octavo.Evaluation.Procedural.Ifeval;

/// <summary>
/// How requests and instructions are put, apart for each split: two ways for "train", one for "dev", one for "test". A slot such as
/// <c>{num_words}</c> stands for the argument of that name.
/// </summary>
internal static class IfevalWording
{
    private static readonly string[] _trainTopics =
        ["bread", "bicycles", "gardens", "trains", "tea", "chess", "painting", "bees", "soap", "libraries", "umbrellas", "football"];

    private static readonly string[] _devTopics = ["kites", "coffee", "maps", "owls", "ceramics", "ferries"];

    private static readonly string[] _testTopics = ["lighthouses", "pottery", "violins", "cheese", "windmills", "origami", "compasses", "honey"];

    private static readonly (string Id, string[] Ways)[] _ways =
    [
        ("keywords:existence",
        [
            "Use the words {keywords}.",
            "Include the keywords {keywords} in your answer.",
            "The words {keywords} have to occur.",
            "Mention {keywords} somewhere.",
        ]),
        ("keywords:frequency",
        [
            "Use the word {keyword} {relation} {frequency} times.",
            "The word {keyword} should appear {relation} {frequency} times.",
            "Let {keyword} occur {relation} {frequency} times.",
            "Write {keyword} {relation} {frequency} times in total.",
        ]),
        ("keywords:forbidden_words",
        [
            "Do not use the words {forbidden_words}.",
            "Avoid the words {forbidden_words}.",
            "The words {forbidden_words} are forbidden.",
            "Leave out {forbidden_words} entirely.",
        ]),
        ("keywords:letter_frequency",
        [
            "The letter {letter} should appear {let_relation} {let_frequency} times.",
            "Use the letter {letter} {let_relation} {let_frequency} times.",
            "Let the letter {letter} occur {let_relation} {let_frequency} times.",
            "Count the letter {letter}: it must be there {let_relation} {let_frequency} times.",
        ]),
        ("language:response_language",
        [
            "Answer in {language} only.",
            "Your whole answer should be in {language}.",
            "Write it in {language} and in no other language.",
            "No language other than {language} is allowed.",
        ]),
        ("length_constraints:number_sentences",
        [
            "Use {relation} {num_sentences} sentences.",
            "Write {relation} {num_sentences} sentences.",
            "The number of sentences should be {relation} {num_sentences}.",
            "Keep it to {relation} {num_sentences} sentences.",
        ]),
        ("length_constraints:number_paragraphs",
        [
            "Write {num_paragraphs} paragraphs separated by ***.",
            "There should be {num_paragraphs} paragraphs with *** between them.",
            "Divide it into {num_paragraphs} paragraphs by the mark ***.",
            "Put *** between your paragraphs, of which there are {num_paragraphs}.",
        ]),
        ("length_constraints:number_words",
        [
            "Use {relation} {num_words} words.",
            "Answer with {relation} {num_words} words.",
            "The number of words should be {relation} {num_words}.",
            "Keep it to {relation} {num_words} words.",
        ]),
        ("length_constraints:nth_paragraph_first_word",
        [
            "Write {num_paragraphs} paragraphs separated by blank lines; paragraph {nth_paragraph} starts with the word {first_word}.",
            "There should be {num_paragraphs} paragraphs with blank lines between them, and paragraph {nth_paragraph} must begin with {first_word}.",
            "Divide it by blank lines into {num_paragraphs} paragraphs, the first word of number {nth_paragraph} being {first_word}.",
            "Of {num_paragraphs} paragraphs, set apart by empty lines, let number {nth_paragraph} open with {first_word}.",
        ]),
        ("detectable_content:number_placeholders",
        [
            "Include at least {num_placeholders} placeholders in square brackets, such as [name].",
            "Use at least {num_placeholders} placeholders like [address].",
            "At least {num_placeholders} placeholders such as [date] have to occur.",
            "Leave at least {num_placeholders} gaps to fill in, written like [price].",
        ]),
        ("detectable_content:postscript",
        [
            "Add a postscript that starts with {postscript_marker}",
            "At the end add a postscript starting with {postscript_marker}",
            "Let a postscript with {postscript_marker} follow.",
            "Close with a postscript marked {postscript_marker}",
        ]),
        ("detectable_format:number_bullet_lists",
        [
            "Include exactly {num_bullets} bullet points like * this.",
            "Add exactly {num_bullets} bullet points in markdown.",
            "There have to be exactly {num_bullets} bullet points.",
            "List exactly {num_bullets} points, each behind a star.",
        ]),
        ("detectable_format:constrained_response",
        [
            "Answer with one of: My answer is yes. My answer is no. My answer is maybe.",
            "Choose one of these answers: My answer is yes. My answer is no. My answer is maybe.",
            "The only answers allowed: My answer is yes. My answer is no. My answer is maybe.",
            "Reply with exactly one of 'My answer is yes.', 'My answer is no.', 'My answer is maybe.'",
        ]),
        ("detectable_format:number_highlighted_sections",
        [
            "Highlight at least {num_highlights} parts with stars, like *this part*.",
            "Mark at least {num_highlights} parts in markdown, *like this*.",
            "At least {num_highlights} parts have to be *highlighted*.",
            "Emphasize at least {num_highlights} spots using *stars*.",
        ]),
        ("detectable_format:multiple_sections",
        [
            "Write {num_sections} sections and mark them {section_spliter} 1, {section_spliter} 2 and so on.",
            "There should be {num_sections} sections, headed {section_spliter} 1 and so on.",
            "Divide it into {num_sections} sections called {section_spliter} 1, {section_spliter} 2 …",
            "Structure it by the headings {section_spliter} 1 to {section_spliter} {num_sections}.",
        ]),
        ("detectable_format:json_format",
        [
            "Give the whole answer as JSON.",
            "Your answer should be valid JSON.",
            "Only JSON is allowed as output.",
            "Wrap everything into one JSON value.",
        ]),
        ("detectable_format:title",
        [
            "Add a title in double angular brackets, such as <<title>>.",
            "Include a title like <<my title>>.",
            "A title in << and >> has to be there.",
            "Put a headline between << and >>.",
        ]),
        ("combination:two_responses",
        [
            "Give two different answers separated by ******.",
            "Write two answers and put ****** between them.",
            "Two answers are wanted, with ****** in between.",
            "Offer a pair of differing answers, split by ******.",
        ]),
        ("combination:repeat_prompt",
        [
            "First repeat the request word for word, then answer: {prompt_to_repeat}",
            "Begin by repeating this request without change: {prompt_to_repeat}",
            "Say the request again exactly before you answer: {prompt_to_repeat}",
            "Copy the request to the top of your reply: {prompt_to_repeat}",
        ]),
        ("startend:end_checker",
        [
            "End your answer with: {end_phrase}",
            "Finish with exactly this phrase: {end_phrase}",
            "The very last words have to be: {end_phrase}",
            "Nothing may follow the phrase: {end_phrase}",
        ]),
        ("startend:quotation",
        [
            "Put the whole answer in double quotation marks.",
            "Wrap your answer in double quotation marks.",
            "Double quotation marks have to enclose everything.",
            "Start and close the reply with a double quote.",
        ]),
        ("change_case:capital_word_frequency",
        [
            "Use {capital_relation} {capital_frequency} words in all capital letters.",
            "Words in all capitals should appear {capital_relation} {capital_frequency} times.",
            "There have to be {capital_relation} {capital_frequency} words in capitals.",
            "Shout: {capital_relation} {capital_frequency} words must be fully capitalized.",
        ]),
        ("change_case:english_capital",
        [
            "Write in English and in capital letters only.",
            "Your whole answer should be in English and in capital letters.",
            "Only capital letters and English are allowed.",
            "Use English, fully capitalized throughout.",
        ]),
        ("change_case:english_lowercase",
        [
            "Write in English and in lowercase letters only.",
            "Your whole answer should be in English and in lowercase.",
            "Only small letters and English are allowed.",
            "Use English without any capital letter.",
        ]),
        ("punctuation:no_comma",
        [
            "Do not use any commas.",
            "Avoid commas in your whole answer.",
            "Commas are forbidden.",
            "Not a single comma may occur.",
        ]),
    ];

    private static readonly Dictionary<string, string[]> _instructions = _ways.ToDictionary(way => way.Id, way => way.Ways, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> _languages = new() { ["de"] = "German", ["fr"] = "French", ["es"] = "Spanish", ["it"] = "Italian" };

    public static IReadOnlyList<string> Topics(string split) => split switch { "test" => _testTopics, "dev" => _devTopics, _ => _trainTopics };

    /// <summary>Requests with the slot <c>{topic}</c>.</summary>
    public static IReadOnlyList<string> Requests(string split) => split switch
    {
        "test" => ["Compose a short text on {topic}.", "What would you say on the subject of {topic}?"],
        "dev" => ["Explain {topic} to a friend."],
        _ => ["Write about {topic}.", "Tell me something about {topic}.", "Describe {topic} in a few words."],
    };

    /// <summary>Ways to put an instruction.</summary>
    public static IReadOnlyList<string> Instructions(string split, string id) => split switch
    {
        "test" => _instructions[id][3..],
        "dev" => _instructions[id][2..3],
        _ => _instructions[id][..2],
    };

    /// <summary>Puts arguments into their slots.</summary>
    public static string Fill(string instruction, JsonObject arguments)
    {
        foreach (var (name, value) in arguments)
            instruction = instruction.Replace($"{{{name}}}", Spell(name, value!), StringComparison.Ordinal);
        return instruction;
    }

    private static string Spell(string name, JsonNode value) => value switch
    {
        JsonArray items => string.Join(" and ", items.Select(item => (string)item!)),
        _ when name == "language" => _languages[(string)value!],
        _ => value.ToString(),
    };
}
