namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>The sentences of the split "train"; "test-range" has them too, with larger numbers.</summary>
internal static class GsmTrain
{
    public static IReadOnlyList<GsmTheme> Themes { get; } =
        [GsmTrainOwner.Theme, GsmTrainPlace.Theme, GsmTrainMoney.Theme, GsmTrainShop.Theme, GsmTrainPoints.Theme];
}
