namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>The sentences of the split "train"; "test-range" has them too, with larger numbers.</summary>
internal static class GsmTrain
{
    private static readonly GsmComparison[] _more =
    [
        new('+', "{K} has {n} more {o} than {N}.", "How many {o} does {K} have?", "How many {o} do {N} and {K} have together?"),
        new('-', "{K} has {n} fewer {o} than {N}.", "How many {o} does {K} have?", "How many {o} do the two have together?"),
        new('*', "{K} has {n} times as many {o} as {N}.", "How many {o} belong to {K}?", "How many {o} do they have in total?"),
        new('+', "{K} counts {n} more {o} than {N} does.", "How many {o} does {K} count?", "How many {o} do {N} and {K} count in total?"),
        new('-', "{N} has {n} more {o} than {K}.", "How many {o} does {K} have?", "How many {o} do they have together?"),
    ];

    private static readonly GsmTheme _owner = new(
        "owner",
        [
            "{N} has {n} {o}.", "{N} owns {n} {o}.", "{N} starts the day with {n} {o}.", "There are {n} {o} in {N}'s bag.",
            "{N} keeps {n} {o} in a drawer.", "{N} counts {n} {o} on {h} desk.", "{N} got {n} {o} from {h} uncle.",
            "{N} brings {n} {o} to school.",
        ],
        [
            "{N} buys {n} bags with {k} {o} in each bag.", "{N} has {n} boxes of {k} {o}.", "{N} fills {n} jars with {k} {o} each.",
            "{N} gets {n} packs, and every pack holds {k} {o}.", "{N} has {n} shelves with {k} {o} on each shelf.",
        ],
        [
            "{P} buys {n} more {o}.", "{P} finds {n} {o} at the park.", "{M} gives {i} {n} {o}.", "{P} wins {n} {o} in a game.",
            "{P} gets {n} {o} for {h} birthday.", "Then {p} picks up {n} more.", "{P} collects {n} more {o} on Sunday.",
            "{M} adds {n} {o} to them.", "{P} receives {n} new {o} in the mail.", "Later {p} makes {n} more {o}.",
            "A neighbor hands {i} {n} extra {o}.", "{P} borrows {n} {o} from {M}.",
        ],
        [
            "{P} gives {n} {o} to {M}.", "{P} loses {n} of them.", "{P} sells {n} {o}.", "{P} throws away {n} broken {o}.",
            "{n} of them get lost on the way home.", "{M} takes {n} {o}.", "{P} trades {n} {o} for a ball.",
            "{P} uses {n} {o} for a school project.", "Then {p} leaves {n} of the {o} on the train.", "{P} drops {n} {o} into a river.",
            "{P} donates {n} {o} to a museum.", "A dog runs away with {n} of the {o}.",
        ],
        [
            "By summer {p} has {n} times as many {o}.", "{P} works until {p} has {n} times that number.",
            "A year later {p} owns {n} times as many.",
            "Soon {p} has {n} times as many of them.",
        ],
        [
            new("{P} shares them equally among {n} friends.", "How many {o} does each friend get?"),
            new("{P} puts the {o} into {n} equal piles.", "How many {o} are in each pile?"),
            new("{P} packs them evenly into {n} bags.", "How many {o} go into one bag?"),
            new("{P} splits the {o} evenly between {n} cousins.", "How many {o} does every cousin receive?"),
        ],
        _more,
        [
            "How many {o} does {N} have now?", "How many {o} does {N} have in the end?", "How many {o} does {p} own now?",
            "How many {o} are there now?", "How many does {N} have?",
        ]);

    private static readonly GsmTheme _place = new(
        "place",
        [
            "There are {n} {o} {at}.", "In the morning {n} {o} are {at}.", "{N} sees {n} {o} {at}.", "{n} {o} are {at} at noon.",
            "A boy counts {n} {o} {at}.", "On Monday there were {n} {o} {at}.",
        ],
        [
            "There are {n} groups of {k} {o} {at}.", "{n} rows with {k} {o} in each row are {at}.", "{N} sees {n} lines of {k} {o} {at}.",
            "{n} teams of {k} {o} meet {at}.",
        ],
        [
            "{n} more {o} come.", "Then {n} {o} join them.", "{n} {o} arrive an hour later.", "Another {n} {o} come along.",
            "Soon {n} new {o} show up.", "After lunch {n} more arrive.", "{n} {o} come back.", "A group of {n} {o} joins.",
        ],
        [
            "{n} {o} leave.", "Then {n} of them go away.", "After that {n} {o} move on.", "{n} of the {o} leave early.",
            "At sunset {n} {o} disappear.", "Because of the rain {n} {o} leave.", "Soon {n} {o} are gone.", "{n} {o} are taken away.",
        ],
        ["An hour later there are {n} times as many {o}.", "In the evening there are {n} times as many.",
            "The number grows to {n} times that."],
        [
            new("They form {n} equal groups.", "How many {o} are in each group?"),
            new("The {o} split up into {n} equal teams.", "How many {o} are in one team?"),
            new("They line up in {n} equal rows.", "How many {o} stand in each row?"),
        ],
        [],
        ["How many {o} are there now?", "How many {o} are {at} in the end?", "How many {o} are {at} now?", "How many {o} remain {at}?"]);

    private static readonly GsmTheme _money = new(
        "money",
        [
            "{N} has {n} dollars.", "{N} has saved {n} dollars.", "{N} takes {n} dollars to the fair.",
            "There are {n} dollars in {N}'s purse.",
            "{N} starts with {n} dollars.", "{N} got {n} dollars from {h} grandmother.",
        ],
        [
            "{N} works {n} hours for {k} dollars an hour.", "{N} saves {k} dollars a week for {n} weeks.",
            "{N} sells {n} {o} for {k} dollars each.",
            "{N} washes {n} cars and gets {k} dollars for each car.",
        ],
        [
            "{P} earns {n} dollars.", "{P} finds {n} dollars.", "{M} gives {i} {n} dollars.", "{P} gets {n} dollars for washing a car.",
            "{P} makes {n} dollars by selling {o}.", "Then {p} wins {n} dollars.", "{M} pays {i} {n} dollars back.",
            "{P} receives {n} dollars as a gift.",
        ],
        [
            "{P} spends {n} dollars on {o}.", "{P} pays {n} dollars for lunch.", "{P} loses {n} dollars.",
            "{P} gives {n} dollars to {M}.",
            "{P} buys {o} for {n} dollars.", "Then {p} spends {n} dollars.", "A ticket costs {i} {n} dollars.",
            "{P} donates {n} dollars.",
        ],
        ["After a year {p} has {n} times as much.", "{P} works until {p} has {n} times as much money.",
            "Soon {h} money is {n} times as much."],
        [
            new("{P} shares the money equally among {n} children.", "How many dollars does each child get?"),
            new("{P} spends all of it on {n} equal gifts.", "How many dollars does each gift cost?"),
            new("{P} splits it evenly over {n} days.", "How many dollars can {p} spend each day?"),
        ],
        [
            new('+', "{K} has {n} dollars more than {N}.", "How many dollars does {K} have?",
                "How many dollars do {N} and {K} have together?"),
            new('-', "{K} has {n} dollars less than {N}.", "How much money does {K} have?", "How much money do they have together?"),
            new('*', "{K} has {n} times as much money as {N}.", "How many dollars does {K} have?",
                "How much money do they have in total?"),
        ],
        ["How many dollars does {N} have now?", "How much money does {N} have now?", "How much money does {p} have in the end?",
            "How many dollars does {N} have?"]);

    private static readonly GsmTheme _shop = new(
        "shop",
        [
            "A {w} has {n} {o}.", "A {w} makes {n} {o}.", "The {w} brings {n} {o} to the market.", "In the morning the {w} has {n} {o}.",
            "{N} is a {w} and has {n} {o}.", "A {w} stores {n} {o}.",
        ],
        [
            "A {w} makes {k} {o} a day for {n} days.", "A {w} has {n} crates with {k} {o} in each crate.",
            "A {w} sets up {n} tables with {k} {o} each.",
            "The {w} prepares {n} trays of {k} {o}.",
        ],
        [
            "The {w} makes {n} more {o}.", "Then {n} more {o} are delivered.", "The {w} buys {n} {o} from a friend.",
            "In the afternoon the {w} adds {n} {o}.",
            "A helper brings {n} more {o}.", "The {w} finds {n} {o} in the cellar.", "A customer returns {n} {o}.",
            "On Tuesday the {w} makes {n} more.",
        ],
        [
            "The {w} sells {n} {o}.", "A customer buys {n} {o}.", "{n} {o} are damaged and thrown away.",
            "The {w} gives {n} {o} to a school.",
            "A thief steals {n} {o}.", "Then {n} of them are sold.", "In the afternoon the {w} sells {n} of them.",
            "The {w} sends {n} {o} to a friend.",
        ],
        ["Next week the {w} has {n} times as many {o}.", "For a feast the {w} needs {n} times as many and makes them.",
            "A month later there are {n} times as many."],
        [
            new("The {w} packs the {o} equally into {n} boxes.", "How many {o} are in each box?"),
            new("The {w} gives them in equal parts to {n} shops.", "How many {o} does each shop get?"),
            new("They are sold evenly over {n} days.", "How many {o} are sold each day?"),
        ],
        [
            new('+', "{K} has {n} more {o} than the {w}.", "How many {o} does {K} have?",
                "How many {o} do {K} and the {w} have together?"),
            new('-', "{K} has {n} fewer {o} than the {w}.", "How many {o} does {K} have?", "How many {o} do both have together?"),
        ],
        ["How many {o} does the {w} have now?", "How many {o} are there now?", "How many {o} does the {w} have in the end?"]);

    private static readonly GsmTheme _points = new(
        "points",
        [
            "{N} has {n} points in a game.", "{N} begins a game with {n} points.", "In the first round {N} gets {n} points.",
            "{N} leads with {n} points.",
        ],
        [
            "{N} plays {n} rounds and gets {k} points in each round.", "{N} hits the target {n} times for {k} points each.",
            "{N} solves {n} puzzles for {k} points each.",
        ],
        [
            "{P} scores {n} points.", "{P} gets {n} more points.", "In the next round {p} wins {n} points.",
            "A bonus gives {i} {n} points.",
            "{M} gives {i} {n} points.", "Then {p} earns {n} points.", "For a good answer {p} gets {n} points.",
        ],
        [
            "{P} loses {n} points.", "A mistake costs {i} {n} points.", "Then {n} points are taken away.", "{P} gives {n} points to {M}.",
            "In the next round {p} loses {n} points.", "{P} pays {n} points for a hint.", "For a foul {p} loses {n} points.",
        ],
        ["A lucky card makes it {n} times as many points.", "At the end {p} has {n} times as many points."],
        [new("{P} divides the points equally among {n} players.", "How many points does each player get?")],
        [
            new('+', "{K} has {n} more points than {N}.", "How many points does {K} have?", "How many points do they have together?"),
            new('-', "{K} has {n} points less than {N}.", "How many points does {K} have?",
                "How many points do {N} and {K} have in total?"),
            new('*', "{K} has {n} times as many points as {N}.", "How many points does {K} have?",
                "How many points do the two have together?"),
        ],
        ["How many points does {N} have now?", "How many points does {p} have in the end?", "What is {N}'s score now?"]);

    public static IReadOnlyList<GsmTheme> Themes { get; } = [_owner, _place, _money, _shop, _points];
}
