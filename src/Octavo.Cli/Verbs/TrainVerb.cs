using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli.Verbs;

/// <summary>Runs a recipe.</summary>
internal sealed class TrainVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "train", "Train", "Trains a model by a recipe: sft, pretrain, scbench-toy. A run that was stopped goes on with the same command.",
        [
            "octavo train sft -c recipes/local/sft-lora.yaml",
            "octavo train sft -c run.yaml --set learning_rate=1e-4 --set num_train_epochs=3",
            "octavo train sft -c run.yaml --dry-run",
        ],
        () => new TrainVerb());

    private readonly Argument<string?> _recipe = Options.OptionalText("RECIPE", "sft, pretrain or scbench-toy.");
    private readonly Option<string?> _config = Options.Text("--config", "FILE", "The run's YAML file.", "-c");
    private readonly Option<string[]> _set = Options.Texts("--set", "KEY=VALUE", "Changes a key of the file; may be given again.");
    private readonly Option<string?> _dryRun = Options.Flag("--dry-run", "Does two steps on real data, tells memory and rate, writes nothing.");
    private readonly Option<string?> _quiet = Options.Flag("--quiet", "Shows no progress.", "-q");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_recipe, _config, _set, _dryRun, _quiet, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts) =>
        new Train.TrainCommand(terminal, interrupts)
        {
            Recipe = parsed.GetValue(_recipe) ?? throw new ConfigException("there is no recipe; give sft, pretrain or scbench-toy."),
            Config = parsed.GetValue(_config),
            Sets = parsed.GetValue(_set) ?? [],
            IsDry = parsed.Has(_dryRun),
            IsQuiet = parsed.Has(_quiet),
            IsJson = parsed.Has(_json),
        }.Run();
}
