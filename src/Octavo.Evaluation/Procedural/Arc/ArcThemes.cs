namespace Octavo.Evaluation.Procedural.Arc;

/// <summary>The worlds. Each belongs to one split: no sentence, thing or property of one split is found in another.</summary>
internal static class ArcThemes
{
    private static readonly ArcTheme[] _train =
    [
        new("animals",
            ["Momo", "Bibi", "Tiko", "Lulu", "Rexo", "Zuzu", "Pipo", "Nala"],
            ["blick", "dax", "fep", "wug", "toma", "zorp"],
            ["berries", "fish", "seeds", "leaves", "insects", "roots"],
            ["climb", "swim", "fly", "dig", "jump", "sing"],
            "{a} is a {b}.", "Every {a} eats {b}.", "Animals that eat {a} can {b}.", "Which animal eats {b}?", "Which animal can {b}?"),
        new("materials",
            ["spoon", "lamp", "door", "bell", "cup", "ladder", "chair", "wheel"],
            ["Northtown", "Eastville", "Westford", "Southby", "Midburg", "Lakeside"],
            ["iron", "wood", "glass", "copper", "stone", "cork"],
            ["floats on water", "rusts in the rain", "burns easily", "conducts electricity", "breaks when dropped", "stays cool"],
            "The {a} was made in {b}.", "Everything from {a} is made of {b}.", "A thing made of {a} {b}.", "Which thing is made of {b}?",
            "Which thing {b}?"),
        new("plants",
            ["Amra", "Belda", "Corin", "Delfa", "Erix", "Fenna", "Galia", "Hortis"],
            ["shrub", "vine", "moss", "fern", "herb", "palm"],
            ["shade", "sand", "wet soil", "full sun", "cold air", "salt water"],
            ["red", "blue", "yellow", "white", "purple", "orange"],
            "The plant {a} is a kind of {b}.", "Each {a} needs {b}.", "A plant that needs {a} has {b} flowers.", "Which plant needs {b}?",
            "Which plant has {b} flowers?"),
        new("people",
            ["Adam", "Bella", "Carlos", "Diana", "Elias", "Frida", "Gustav", "Helen"],
            ["teacher", "sailor", "doctor", "miner", "judge", "pilot"],
            ["a bicycle", "a boat", "a truck", "a horse", "a scooter", "a sled"],
            ["the hill", "the lake", "the tunnel", "the bridge", "the forest", "the market"],
            "{a} works as a {b}.", "The {a} travels with {b}.", "Whoever travels with {a} passes {b}.", "Who travels with {b}?",
            "Who passes {b}?"),
    ];

    private static readonly ArcTheme[] _dev =
    [
        new("vehicles",
            ["Arrow", "Comet", "Falcon", "Glider", "Hornet", "Jaguar", "Lancer", "Meteor"],
            ["ferry", "tram", "van", "tractor", "cab", "jet"],
            ["diesel", "steam", "sunlight", "batteries", "wind", "gas"],
            ["the harbor", "the depot", "the airfield", "the garage", "the quarry", "the plaza"],
            "One {b} goes by the name {a}.", "Any {a} is powered by {b}.", "What is powered by {a} gets parked near {b}.",
            "Name the one powered by {b}.", "Name the one parked near {b}."),
        new("dishes",
            ["Sopa", "Tarte", "Ragu", "Paella", "Borsch", "Laksa", "Mole", "Curry"],
            ["starter", "main course", "dessert", "snack", "side dish", "breakfast"],
            ["a clay pot", "a copper pan", "an open fire", "a steel oven", "a bamboo basket", "a flat stone"],
            ["an hour", "ten minutes", "a whole day", "half a minute", "three nights", "a week"],
            "Guests get {a} for their {b}.", "Cooks prepare the {a} with {b}.", "Cooking with {a} takes {b}.",
            "Cooks prepare it with {b}; what is it?", "Cooking it takes {b}; what is it?"),
    ];

    private static readonly ArcTheme[] _test =
    [
        new("planets",
            ["Aldor", "Brevis", "Cygna", "Doria", "Esper", "Fornax", "Gorma", "Hydris"],
            ["ringed planet", "dwarf planet", "gas giant", "cold moon", "desert moon", "rocky planet"],
            ["methane clouds", "deep craters", "strong winds", "frozen oceans", "high volcanoes", "thick dust"],
            ["radio telescopes", "space probes", "weather balloons", "laser beams", "infrared cameras", "crawling robots"],
            "Astronomers classify {a} as a {b}.", "On a {a} there are always {b}.", "Worlds with {a} are explored using {b}.",
            "On which world are there {b}?", "On which world do explorers use {b}?"),
        new("instruments",
            ["violet case", "green case", "gray case", "pink case", "black case", "golden case", "silver case", "brown case"],
            ["flute", "drum", "harp", "trumpet", "piano", "fiddle"],
            ["reeds", "strings", "pedals", "valves", "skins", "bows"],
            ["the choir", "the parade", "the opera", "the circus", "the ballet", "the wedding"],
            "Inside the {a} lies a {b}.", "No {a} works without {b}.", "Musicians with {a} are hired by {b}.",
            "Where is the instrument that needs {b}?", "Where is the instrument whose player is hired by {b}?"),
        new("sports",
            ["Team Oak", "Team Elm", "Team Ash", "Team Fir", "Team Birch", "Team Cedar", "Team Maple", "Team Pine"],
            ["rowing club", "chess club", "tennis club", "boxing club", "archery club", "fencing club"],
            ["Tuesday", "Thursday", "Friday", "Saturday", "Monday", "Wednesday"],
            ["tea", "juice", "soup", "bread", "dates", "honey"],
            "{a} belongs to the {b}.", "The {a} meets on {b} only.", "Those who meet on {a} are served {b} afterwards.",
            "Which team trains on {b}?", "Which team is served {b}?"),
    ];

    public static IReadOnlyList<ArcTheme> Of(string split) => split switch
    {
        "test" => _test,
        "dev" => _dev,
        _ => _train,
    };
}
