namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>The sentences of the split "dev": other than those of "train" and of "test".</summary>
internal static class GsmDev
{
    private static readonly GsmTheme _owner = new(
        "owner",
        ["In {h} room {N} stores {n} {o}.", "{N} walks in carrying {n} {o}.", "Yesterday {N} gathered {n} {o}."],
        ["{N} unpacks {n} crates that contain {k} {o} apiece.", "{N} lines up {n} trays, with {k} {o} to a tray."],
        ["{M} lends {i} {n} more.", "A lucky find brings {i} {n} more of those.", "At the market {p} picks out {n} extra {o}.",
            "{n} further {o} come from {h} sister."],
        ["{P} hands {n} over to {M}.", "{n} slip out of {h} hands and break.", "{P} swaps {n} of the {o} for a kite.",
            "A storm blows {n} of these away."],
        ["Month by month it grows until it is {n} times as large."],
        [new("{P} deals them out evenly to {n} neighbors.", "How many end up with each neighbor?")],
        [
            new('+', "{K} is ahead of {N} by {n} {o}.", "How many {o} are {K}'s?", "How many {o} are theirs if both are counted?"),
            new('-', "{K} is behind {N} by {n} {o}.", "How many {o} lie in the hands of {K}?",
                "How many {o} is that, counting both of them?"),
        ],
        ["How many {o} are {N}'s by then?", "{N} finishes with how many {o}?"]);

    private static readonly GsmTheme _place = new(
        "place",
        ["{N} takes a picture of {n} {o} {at}.", "Around nine o'clock {n} {o} gather {at}."],
        ["{n} pens, holding {k} {o} apiece, are set up {at}.", "{N} spots {n} circles made up of {k} {o} {at}."],
        ["Next come {n} more of the same kind.", "{n} latecomers join in.", "Then the crowd grows by {n}."],
        ["One by one {n} head off.", "The crowd shrinks by {n}.", "{n} are scared off by a noise."],
        ["By midnight the crowd is {n} times as big."],
        [new("In the end they separate into {n} bands of one size.", "How many belong to a band?")],
        [],
        ["How many {o} would a photo show now?", "How many {o} are still around?"]);

    private static readonly GsmTheme _money = new(
        "money",
        ["In {h} piggy bank {N} counts {n} dollars.", "{N} sets out with {n} dollars in cash."],
        ["{N} tutors {n} students and charges {k} dollars per student.", "For {n} days {N} is paid {k} dollars daily."],
        ["{M} repays a loan of {n} dollars.", "A raffle brings {i} {n} dollars.", "From {h} boss {p} gets a tip of {n} dollars."],
        ["The dentist bills {i} {n} dollars.", "{P} leaves {n} dollars at the bakery.", "A fine of {n} dollars is due."],
        ["An investment turns this into {n} times the amount."],
        [new("{P} puts equal shares into {n} savings boxes.", "How many dollars fit in a box?")],
        [
            new('+', "{K} is richer than {N} by {n} dollars.", "How many dollars are {K}'s?",
                "How many dollars are theirs, both counted?"),
            new('-', "{K} is poorer than {N} by {n} dollars.", "How many dollars are in {K}'s hands?",
                "How many dollars is that for both of them?"),
        ],
        ["How many dollars remain for {N}?", "{N} goes home with how many dollars?"]);

    private static readonly GsmTheme _shop = new(
        "shop",
        ["A {w} loads {n} {o} onto a wagon.", "Inside the workshop of a {w} stand {n} {o}."],
        ["A {w} stacks {n} layers with {k} {o} per layer.", "For {n} clients a {w} finishes {k} {o} apiece."],
        ["Overnight {n} more {o} get finished.", "A trader leaves {n} {o} as payment.", "The apprentice contributes {n} {o}."],
        ["A hotel orders {n} and collects them.", "The {w} puts {n} aside and gives those away.", "{n} break during transport."],
        ["In a good season this grows to {n} times the stock."],
        [new("The {w} hangs an equal number on {n} hooks.", "How many {o} hang on a hook?")],
        [
            new('+', "{K}'s workshop has {n} more than this one.", "How many {o} has {K}'s workshop?",
                "Between them, the workshops hold how many {o}?"),
            new('-', "{K}'s workshop has {n} fewer than this one.", "How many {o} are found in {K}'s workshop?",
                "How many {o} can be found in both workshops?"),
        ],
        ["How many {o} can the {w} still show?", "How many {o} are on the {w}'s list now?"]);

    private static readonly GsmTheme _points = new(
        "points",
        ["{N} walks onto the field with {n} points.", "Halfway through, {N} holds {n} points."],
        ["{N} wins {n} matches that count {k} points apiece.", "{N} collects {n} gems at {k} points a gem."],
        ["A great shot adds {n} points.", "{P} picks up {n} points along the way.", "{n} points are credited to {i}."],
        ["A wrong answer removes {n} points.", "{n} points slip away.", "{P} has to hand back {n} points."],
        ["A magic dice turns them into {n} times the points."],
        [new("{P} distributes the points evenly over {n} cards.", "How many points does a card bear?")],
        [
            new('+', "{K} beats {N} by {n} points.", "Which score is reached by {K}?", "How many points is that when both are added?"),
            new('-', "{K} trails {N} by {n} points.", "How many points has {K}?", "How many points have the two of them?"),
        ],
        ["{N} ends with how many points?", "How many points are {N}'s at the close?"]);

    public static IReadOnlyList<GsmTheme> Themes { get; } = [_owner, _place, _money, _shop, _points];
}
