using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Cli.Train;

/// <summary>What <c>octavo train scbench-toy</c> shows.</summary>
internal static class ToyText
{
    private const int TellEvery = 100;

    /// <summary>Trains with a line of progress.</summary>
    public static ToyOutcome Train(ToyConfig config, Terminal terminal, bool isQuiet, CancellationToken cancellationToken)
    {
        using var status = new StatusLine(terminal, !isQuiet);
        return ToyRecipe.Run(config, step =>
        {
            status.Report("steps", (int)step.Step, (int)config.MaxTrainSteps);
            if (isQuiet || step.Step % TellEvery != 0)
                return;
            status.Clear();
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"step {step.Step}: {step.Pairs} pairs, loss {step.Loss:F4}, right {100 * step.Accuracy:F1} %"));
        }, cancellationToken);
    }

    /// <summary>How it came out.</summary>
    public static void Write(Terminal terminal, ToyOutcome outcome, string folder, bool isJson)
    {
        if (isJson)
        {
            JsonText.WriteIndented(terminal.Out, json =>
            {
                json.WriteNumber("steps", outcome.Steps);
                json.WriteNumber("pairs", outcome.Pairs);
                json.WriteNumber("accuracy", outcome.Accuracy);
                json.WriteNumber("minutes", Math.Round(outcome.Minutes, 3));
                json.WriteString("model", folder);
            });
            return;
        }
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Steps} steps, {outcome.Minutes:F1} minutes, {100 * outcome.Accuracy:F2} % right on fresh contexts of {ToyTask.MostPairs} pairs"));
        terminal.Out.WriteLine($"the result is in {folder}");
    }
}
