namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>Who and what the stories are about; all splits share them.</summary>
internal static class GsmCast
{
    public static IReadOnlyList<(string Name, bool IsShe)> Names { get; } =
    [
        ("Tom", false), ("Ben", false), ("Paul", false), ("Omar", false), ("Leo", false), ("Jack", false), ("Ravi", false),
        ("Sam", false),
        ("Luis", false), ("Karl", false), ("Ivan", false), ("Noah", false), ("Felix", false), ("Hugo", false), ("Peter", false),
        ("Anna", true), ("Mia", true), ("Lena", true), ("Sara", true), ("Nora", true), ("Emma", true), ("Priya", true), ("Lucy", true),
        ("Rosa", true), ("Julia", true), ("Fatima", true), ("Clara", true), ("Ida", true), ("Maria", true), ("Zoe", true),
    ];

    public static IReadOnlyList<string> Things { get; } =
    [
        "apples", "marbles", "stickers", "pencils", "shells", "stamps", "buttons", "cards", "coins", "beads", "books", "toys", "oranges",
        "cookies", "balloons", "stones", "flowers", "crayons", "badges", "ribbons", "nuts", "plums", "keys", "dice",
    ];

    public static IReadOnlyList<(string At, string Things)> Places { get; } =
    [
        ("on the bus", "people"), ("on the train", "passengers"), ("in the pond", "ducks"), ("in the field", "sheep"),
        ("in the park", "children"),
        ("in the tree", "birds"), ("in the parking lot", "cars"), ("in the harbor", "boats"), ("in the museum", "visitors"),
        ("in the library", "students"), ("in the pool", "swimmers"), ("on the beach", "tourists"), ("in the meadow", "cows"),
        ("in the yard", "hens"),
    ];

    public static IReadOnlyList<(string Trade, string Things)> Trades { get; } =
    [
        ("baker", "cakes"), ("baker", "rolls"), ("farmer", "melons"), ("farmer", "eggs"), ("potter", "bowls"), ("tailor", "shirts"),
        ("carpenter", "chairs"), ("florist", "roses"), ("cook", "pies"), ("toymaker", "dolls"), ("jeweler", "rings"),
        ("gardener", "pumpkins"),
        ("printer", "posters"), ("weaver", "baskets"),
    ];
}
