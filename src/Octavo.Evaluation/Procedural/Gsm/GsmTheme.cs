namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>
/// The sentences of one kind of story, for one split. Slots: <c>{N}</c> who it is about, <c>{M}</c> a friend, <c>{K}</c> somebody to compare
/// with, <c>{P} {p} {h} {i}</c> he, his and him, <c>{o}</c> the things, <c>{n}</c> the number, <c>{k}</c> the number in each group, <c>{at}</c>
/// a place, <c>{w}</c> a trade.
/// </summary>
/// <param name="Name">The kind of story.</param>
/// <param name="Opens">Give the first number.</param>
/// <param name="Groups">Give it as a number of groups and what each holds.</param>
/// <param name="Adds">Something comes.</param>
/// <param name="Subs">Something goes.</param>
/// <param name="Times">It becomes a multiple.</param>
/// <param name="Shares">Dividing, at the end.</param>
/// <param name="Compares">Somebody else has more, fewer or a multiple, at the end; may be empty.</param>
/// <param name="Asks">Ask for the number that is reached.</param>
internal sealed record GsmTheme(
    string Name,
    string[] Opens,
    string[] Groups,
    string[] Adds,
    string[] Subs,
    string[] Times,
    GsmSharing[] Shares,
    GsmComparison[] Compares,
    string[] Asks)
{
    /// <summary>Every sentence, with its slots.</summary>
    public IEnumerable<string> Sentences =>
    [
        .. Opens, .. Groups, .. Adds, .. Subs, .. Times, .. Asks, .. Shares.SelectMany(share => new[] { share.Told, share.Ask }),
        .. Compares.SelectMany(compare => new[] { compare.Told, compare.Ask, compare.AskBoth }),
    ];
}

/// <summary>Equal parts.</summary>
/// <param name="Told">Says into how many.</param>
/// <param name="Ask">Asks for one part.</param>
internal sealed record GsmSharing(string Told, string Ask);

/// <summary>Somebody else's number.</summary>
/// <param name="Op">'+', '-' or '*': how it follows.</param>
/// <param name="Told">Says so.</param>
/// <param name="Ask">Asks for it.</param>
/// <param name="AskBoth">Asks for the sum of both.</param>
internal sealed record GsmComparison(char Op, string Told, string Ask, string AskBoth);
