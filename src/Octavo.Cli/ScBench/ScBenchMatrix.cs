using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Evaluations;
using Octavo.Cli.Output;
using Octavo.Cli.Studies;
using Octavo.Core;
using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Matrix;
using Octavo.Training.Configuration;

namespace Octavo.Cli.ScBench;

/// <summary>
/// <c>octavo scbench matrix</c>: every method on every task, length, mode and seed, with a page; and <c>octavo scbench report</c>, which writes the page
/// again. The folder keeps the configuration beside the rows.
/// </summary>
/// <param name="output">The option for the folder.</param>
/// <param name="json">The option for the report as JSON.</param>
/// <param name="force">The option that asks a toy anything.</param>
internal sealed class ScBenchMatrix(Option<string?> output, Option<string?> json, Option<string?> force)
{
    public const string ConfigName = "matrix.yaml";

    private readonly Option<string?> _config = Options.Text("--config", "FILE", "matrix: its YAML file; docs/scbench.md has the keys.", "-c");
    private readonly Option<string[]> _set = Options.Texts("--set", "KEY=VALUE", "matrix: changes a key of the file; may be given again.");
    private readonly Option<string?> _retry = Options.Flag("--retry", "matrix: runs cells again that failed.");

    public IEnumerable<Symbol> Symbols => [_config, _set, _retry, force, output, json];

    public IEnumerable<Symbol> ReportSymbols => [json];

    public int Run(IReadOnlyList<string> names, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (names.Count > 0)
            throw new ConfigException($"scbench matrix takes no file behind it, and got '{names[0]}'; its YAML file is given with -c.");
        List<string> sets = [.. parsed.GetValue(_set) ?? []];
        if (parsed.GetValue(output) is { } folder)
            sets.Add($"output_dir={ConfigWriter.Value(folder)}");
        var file = parsed.GetValue(_config);
        var config = file is null ? ConfigReader.ReadText<MatrixConfig>("", "scbench matrix", Environment.CurrentDirectory, sets) : ConfigReader.Read<MatrixConfig>(file, sets);
        var study = new MatrixStudy(config, Tools(parsed.Has(force)));
        // rows of another plan are refused before the file is replaced
        var command = Command(study, config, parsed, terminal, interrupts, () => Keep(config));
        return command.Run(study.Name);
    }

    public int Report(IReadOnlyList<string> names, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (names is not [var folder])
            throw new ConfigException("scbench report: give the one folder of a matrix.");
        var file = Path.Combine(folder, ConfigName);
        if (!File.Exists(file))
            throw new InputFileException($"{file} is not there; give the folder that 'octavo scbench matrix' wrote.");
        var config = ConfigReader.Read<MatrixConfig>(file, [$"output_dir={ConfigWriter.Value(Path.GetFullPath(folder))}"]);
        var study = new MatrixStudy(config, Tools(isForced: false));
        return Command(study, config, parsed, terminal, interrupts, null).Report(study.Name);
    }

    private StudyCommand Command(Study study, MatrixConfig config, ParseResult parsed, Terminal terminal, Interrupts interrupts, Action? opened) =>
        new(terminal, [study], interrupts.Token)
        {
            Output = config.OutputDir, Retries = parsed.Has(_retry), Threads = config.Threads, IsJson = parsed.Has(json), Opened = opened,
        };

    private static void Keep(MatrixConfig config) =>
        ScBenchGen.WriteLines(
            Path.Combine(config.OutputDir, ConfigName),
            ConfigKey.Of(typeof(MatrixConfig)).Select(key => $"{key.Name}: {ConfigWriter.Value(key.In(config))}").Prepend("# octavo scbench matrix"));

    private static MatrixTools Tools(bool isForced) => new(EngineFlags.ReadKv, ModelFingerprint.WeightsOf, path =>
    {
        var domain = ToyDomain.Of(path);
        return domain is null ? null : (model, ids) => domain.Check(model.Tokenizer, ids, isForced);
    });
}
