namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>The sentences of the split "test". None of them, and no five words of one, stand in those of "train" or "dev".</summary>
internal static class GsmTest
{
    private static readonly GsmTheme _owner = new(
        "owner",
        [
            "{N}'s collection holds {n} {o}.", "This week {N} looks after {n} {o}.", "On the table in front of {N} lie {n} {o}.",
            "{h} parents let {N} choose {n} {o}.",
        ],
        [
            "{N} opens {n} cartons and takes {k} {o} out of every one.", "Each of {N}'s {n} baskets contains {k} {o}.",
            "{N} ties {n} bundles, each made of {k} {o}.",
        ],
        [
            "Another {n} {o} are handed over by {M}.", "During a walk {p} discovers {n} others.",
            "An old chest turns out to hold {n} more of these.",
            "{M} generously passes along {n} of {h} own.", "Ordering online gets {i} {n} additional ones.",
        ],
        [
            "Sadly, {n} are ruined by water.", "{M} is allowed to keep {n} from these.", "{P} parts with {n} at a flea market.",
            "Out of those, {n} fall through a hole in {h} pocket.", "A cousin walks off with {n} as a present.",
        ],
        ["With patience the amount becomes {n} times what it was.", "Over winter it all multiplies by {n}."],
        [
            new("All of it is handed out fairly to {n} classmates.", "What number of {o} reaches a single classmate?"),
            new("{n} drawers receive the same amount each.", "What does a single drawer contain?"),
        ],
        [
            new('+', "{K}'s collection is larger by {n}.", "What is the size of {K}'s collection?",
                "What do both collections add up to?"),
            new('-', "{K}'s collection is smaller by {n}.", "What is the size of the collection that {K} owns?",
                "What do the collections of both add up to?"),
            new('*', "{K}'s collection is {n} times that size.", "What does {K}'s collection come to?",
                "Counting both collections, what is the total?"),
        ],
        [
            "What is the number of {o} that {N} ends up with?", "At this point, what is the count of {N}'s {o}?",
            "Work out {N}'s final number of {o}.",
        ]);

    private static readonly GsmTheme _place = new(
        "place",
        ["At first, exactly {n} {o} can be seen {at}.", "When {N} passes by, {n} {o} happen to be {at}.",
            "Early today the count of {o} {at} was {n}."],
        ["{at} the {o} come in {n} clusters, {k} per cluster.", "{N} notices {n} bunches, each of them {k} {o} strong, {at}."],
        [
            "Before long their number rises by {n}.", "They get company from {n} others.", "Within minutes, {n} additional {o} turn up.",
            "A second wave brings {n} further ones.",
        ],
        [
            "Later on, {n} decide to go somewhere else.", "Their number drops by {n}.", "Some of them, {n} to be exact, depart.",
            "By nightfall {n} have vanished.",
        ],
        ["Come the weekend, the count multiplies by {n}."],
        [new("{n} equally large circles are formed.", "What is the size of one circle?")],
        [],
        ["What is the final count of {o}?", "So what number of {o} would {N} count {at}?"]);

    private static readonly GsmTheme _money = new(
        "money",
        ["{N}'s wallet contains {n} dollars.", "The balance of {N}'s account is {n} dollars.",
            "{n} dollars is what {N} put aside for the trip."],
        ["Mowing lawns brings {N} {k} dollars per lawn, and {p} mows {n} of them.",
            "{N} rents out a boat on {n} days at {k} dollars per day."],
        [
            "A part-time job brings in {n} dollars.", "{h} uncle slips {n} dollars into an envelope for {i}.",
            "Another {n} dollars come from {M} as thanks.",
            "Babysitting adds {n} dollars.",
        ],
        [
            "The bus fare comes to {n} dollars.", "{P} hands {n} dollars to a cashier.", "A broken window sets {i} back {n} dollars.",
            "Some {o} at {n} dollars end up in {h} cart and are paid for.",
        ],
        ["Thanks to a clever trade the sum multiplies by {n}."],
        [new("The whole sum is divided fairly into {n} envelopes.", "What amount is in a single envelope?")],
        [
            new('+', "{K}'s budget is higher by {n} dollars.", "What is {K}'s budget in dollars?",
                "What is the budget of both in dollars, added up?"),
            new('-', "{K}'s budget is lower by {n} dollars.", "What budget in dollars is {K} left with?",
                "Adding up both budgets, what is the sum in dollars?"),
        ],
        ["What amount in dollars is {N} left with?", "State {N}'s balance in dollars after all this."]);

    private static readonly GsmTheme _shop = new(
        "shop",
        ["At opening time {n} {o} are displayed by the local {w}.", "A {w} named {N} takes stock and notes {n} {o}.",
            "The stall of a {w} offers {n} {o}."],
        ["On {n} racks a {w} arranges {k} {o} per rack.", "A {w} receives {n} shipments, every one with {k} {o} inside."],
        [
            "A supplier drops off {n} additional {o}.", "Working overtime produces {n} extra ones.", "The stock rises by {n} overnight.",
            "An assistant carries in {n} others from the van.",
        ],
        [
            "Tourists purchase {n} before noon.", "The stock falls by {n} when a school places an order.",
            "Mice spoil {n} so that nobody wants those.",
            "A restaurant picks up {n} of the {o} it paid for.",
        ],
        ["Ahead of the holidays the stock multiplies by {n}."],
        [new("Afterwards {n} carts are loaded with the same amount each.", "What load does a single cart carry?")],
        [
            new('+', "{K}'s stall offers {n} beyond that.", "What does {K}'s stall offer?", "What do the two stalls offer altogether?"),
            new('-', "{K}'s stall offers {n} below that.", "What can be bought at {K}'s stall?",
                "What can be bought at the two stalls altogether?"),
        ],
        ["What is the {w}'s stock of {o} after that?", "Calculate the number of {o} which the {w} still holds."]);

    private static readonly GsmTheme _points = new(
        "points",
        ["The scoreboard shows {n} for {N}.", "After the warm-up {N}'s total stands at {n}."],
        ["Every one of {N}'s {n} throws is worth {k} points.", "{N} completes {n} levels, {k} points per level."],
        ["A perfect move raises the total by {n}.", "The judges award {i} {n} on top.", "Collecting a star is rewarded with {n}."],
        ["Stepping over the line lowers the total by {n}.", "The referee deducts {n}.", "Running out of time means minus {n}."],
        ["The final wheel multiplies everything by {n}."],
        [new("{n} teammates get equal portions of this total.", "What portion goes to a single teammate?")],
        [
            new('+', "{K}'s total is higher by {n}.", "What total does {K} reach?", "What is the sum of the two totals?"),
            new('-', "{K}'s total is lower by {n}.", "What total does the board show for {K}?",
                "Adding both totals, what is the result?"),
        ],
        ["Where does {N}'s total stand now?", "Give the final total of {N}."]);

    public static IReadOnlyList<GsmTheme> Themes { get; } = [_owner, _place, _money, _shop, _points];
}
