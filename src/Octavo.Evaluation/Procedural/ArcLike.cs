using Octavo.Core;
using Octavo.Evaluation.Procedural.Arc;

namespace Octavo.Evaluation.Procedural;

/// <summary>
/// Questions with four choices about a world that the question itself describes: the answer follows from two or three links, and from
/// one choice only. Worlds of different splits share no sentence, thing or property.
/// </summary>
internal sealed record ArcLike : ProceduralTask
{
    private const int ChoiceCount = 4;

    public override string Name => "arc-like";

    protected override ProceduralRow Draw(SeededRandom random, string split, string id)
    {
        var theme = Pick(random, ArcThemes.Of(split));
        var things = Shuffled(random, theme.Things)[..ChoiceCount];
        var kinds = Shuffled(random, theme.Kinds)[..ChoiceCount];
        var features = Shuffled(random, theme.Features)[..ChoiceCount];
        var ends = Shuffled(random, theme.Ends)[..ChoiceCount];
        var isLong = random.Next(2) == 0;
        List<string> facts = [];
        for (var i = 0; i < ChoiceCount; i++)
        {
            facts.Add(Fill(theme.IsKind, things[i], kinds[i]));
            facts.Add(Fill(theme.HasFeature, kinds[i], features[i]));
            if (isLong)
                facts.Add(Fill(theme.Leads, features[i], ends[i]));
        }
        var gold = random.Next(ChoiceCount);
        var ask = Fill(isLong ? theme.AskEnd : theme.AskFeature, "", isLong ? ends[gold] : features[gold]);
        // the choices stand in an order that says nothing
        var choices = things.Order(StringComparer.Ordinal).ToList();
        return new ProceduralRow(
            id, Name, split, $"{theme.Name}.{(isLong ? 3 : 2)}", $"{string.Join(' ', Shuffled(random, facts))} {ask}", things[gold], things[gold])
        {
            Choices = choices,
            Gold = choices.IndexOf(things[gold]),
        };
    }

    public override string? Problem(ProceduralRow row)
    {
        var theme = ArcThemes.Of(row.Split).Single(theme => row.Template.StartsWith(theme.Name + ".", StringComparison.Ordinal));
        var proved = ArcSolver.Solve(theme, row.Question, row.Choices!);
        return proved is [var only] && only == row.Answer && row.Choices![row.Gold!.Value] == only
            ? null
            : $"the text proves [{string.Join(", ", proved)}], the answer is {row.Answer}.";
    }

    private static string Fill(string sentence, string a, string b) =>
        sentence.Replace("{a}", a, StringComparison.Ordinal).Replace("{b}", b, StringComparison.Ordinal);
}
