using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Evaluation.Charts;
using Octavo.Training.Recipes;

namespace Octavo.Cli.Train;

/// <summary>What <c>octavo train</c> says at its end.</summary>
internal static class TrainText
{
    public static void Write(Terminal terminal, RunOutcome outcome, string folder, bool isJson)
    {
        if (isJson)
        {
            JsonText.WriteIndented(terminal.Out, json =>
            {
                json.WriteNumber("steps", outcome.Steps);
                json.WriteNumber("tokens", outcome.Tokens);
                Number("loss", outcome.Loss);
                Number("evalLoss", outcome.EvaluationLoss ?? double.NaN);
                json.WriteString("model", outcome.Model);
                json.WriteNumber("seconds", Math.Round(outcome.Seconds, 2));
                json.WriteNumber("peakBytes", outcome.PeakBytes);

                void Number(string name, double value)
                {
                    if (double.IsFinite(value))
                        json.WriteNumber(name, value);
                    else
                        json.WriteNull(name);
                }
            });
            return;
        }
        var evaluated = outcome.EvaluationLoss is { } loss ? $", evaluation loss {Loss(loss)}" : "";
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Steps} steps, {outcome.Tokens:N0} tokens, {outcome.Seconds:0} s, loss {Loss(outcome.Loss)}{evaluated}, peak memory {Rich.Bytes(outcome.PeakBytes)}"));
        terminal.Out.WriteLine(outcome.Model is null
            ? $"stopped; the same command goes on from the checkpoint in {folder}"
            : $"the result is in {outcome.Model}; figures: octavo runs show {folder}");
    }

    public static void Write(Terminal terminal, DryRunReport report, bool isJson)
    {
        if (isJson)
        {
            JsonText.WriteIndented(terminal.Out, json =>
            {
                json.WriteNumber("steps", report.Steps);
                json.WriteNumber("trainedParameters", report.TrainedParameters);
                json.WriteNumber("stepTokens", report.StepTokens);
                json.WriteNumber("tokensPerSecond", Math.Round(report.TokensPerSecond, 2));
                json.WriteNumber("estimatedBytes", report.Estimated.Total);
                json.WriteNumber("peakBytes", report.PeakBytes);
                json.WriteNumber("loss", report.Loss);
            });
            return;
        }
        new Rich(terminal).Table(["memory", ">estimated"], report.Estimated.Parts.Append(("together", report.Estimated.Total))
            .Select(part => (IReadOnlyList<Spectre.Console.Rendering.IRenderable>)[Rich.Plain(part.Item1), Rich.Plain(Rich.Bytes(part.Item2))]));
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"a step of {report.StepTokens:N0} tokens: {report.TokensPerSecond:0} tokens/s, loss {Loss(report.Loss)}, peak memory {Rich.Bytes(report.PeakBytes)}"));
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"the run: {report.Steps:N0} steps, {report.TrainedParameters:N0} trained parameters, about {ChartNumber.Time(TimeSpan.FromSeconds(report.Steps * report.StepTokens / report.TokensPerSecond))}"));
    }

    private static string Loss(double loss) => loss.ToString("0.0000", CultureInfo.InvariantCulture);
}
