using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Systems.ScBench.Running;

namespace Octavo.Cli.ScBench;

/// <summary><c>octavo scbench score</c>: judges predictions again.</summary>
/// <param name="output">The option for where to write them with their scores.</param>
/// <param name="json">The option for figures as JSON.</param>
internal sealed class ScBenchScore(Option<string?> output, Option<string?> json)
{
    public IEnumerable<Symbol> Symbols => [output, json];

    public int Run(IReadOnlyList<string> names, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (names.Count == 0)
            throw new ConfigException("scbench score: there is no file; give predictions that 'scbench run' wrote.");
        List<Prediction> predictions = [];
        foreach (var file in names)
        {
            var number = 0;
            foreach (var line in InputFile.ReadText(file).Split('\n'))
            {
                number++;
                interrupts.Token.ThrowIfCancellationRequested();
                if (!string.IsNullOrWhiteSpace(line))
                    predictions.Add(PredictionJson.Read(line, $"{file}:{number}").Judged());
            }
        }
        if (predictions.Count == 0)
            throw new InputFileException($"{names[0]} has no predictions; give a file that 'scbench run' wrote.");
        if (parsed.GetValue(output) is { } kept)
        {
            TextFile.Check("--output", kept);
            ScBenchGen.WriteLines(kept, predictions.Select(PredictionJson.Write));
        }
        ScBenchTable.Write(terminal, TurnScores.Of(predictions), parsed.Has(json));
        return 0;
    }
}
