using System.Runtime.CompilerServices;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Demo;

/// <summary><c>octavo demo scbench</c>: the paper's first finding on the bundled toy.</summary>
internal sealed class ToyDemo : IDemo
{
    /// <summary>
    /// What is compared: a name, and what <c>--kv</c> takes. 24 of about 100 tokens: a budget has to be small beside the context to tell
    /// methods apart. A row of another method is a line here and, where the specification has a gate, one in <see cref="ToyVerdict"/>.
    /// </summary>
    private static readonly IReadOnlyList<(string Name, string Kv)> _settings =
    [
        (ToyVerdict.Full, "f32"),
        (ToyVerdict.StreamingLlm, "f32+streamingllm:init=4,local=20"),
        (ToyVerdict.SnapKv, "f32+snapkv:window=4,budget=24"),
        (ToyVerdict.H2O, "f32+h2o:budget=24"),
        (ToyVerdict.AShape, "f32+a_shape:init=4,local=20"),
        (ToyVerdict.TriShape, "f32+tri_shape:init=4,local=20,last=8"),
        ("vertical-slash 4+8", "f32+minference:vertical=4,slash=8,forced_columns=2,forced_diagonals=4"),
        (ToyVerdict.Quest, "f32+quest:page=4,budget=24"),
        ("Quest 12", "f32+quest:page=4,budget=12"),
        ("retrieval 4+4", "f32+retrieval_attention:sinks=1,recent=3,top_k=4"),
        ("KIVI 8 bits", "f32+kivi:bits=8,group=8,residual=8"),
        (ToyVerdict.Kivi4, "f32+kivi:bits=4,group=8,residual=8"),
        ("KIVI 2 bits", "f32+kivi:bits=2,group=8,residual=8"),
        (ToyVerdict.Kivi1, "f32+kivi:bits=1,group=8,residual=8"),
        (ToyVerdict.Random, "f32+random:budget=24,seed={row}"),
    ];

    public string Name => "scbench";

    public string Summary => "Methods that drop keys and values answer the first question on a context and lose the next.";

    public bool CanRetrain => true;

    /// <summary>Contexts of each cell.</summary>
    public int Contexts { get; init; } = 256;

    /// <summary>Questions on each.</summary>
    public int Turns { get; init; } = 5;

    public DemoResult Run(DemoOptions options, CancellationToken cancellationToken)
    {
        var folder = options.Retrains ? Directory.CreateTempSubdirectory("octavo-").FullName : null;
        try
        {
            var path = folder is null ? options.Models.Resolve(ToyModel.Id) : Train(Path.Combine(folder, ToyModel.Id), options, cancellationToken);
            var scores = Scores(path, options, cancellationToken);
            return ToyVerdict.Of(scores, $"{(folder is null ? $"the bundled {ToyModel.Id}" : $"a toy trained from seed {options.Seed}")}; {Contexts} contexts of {ToyTask.MostPairs} pairs "
                + $"drawn from seed {options.Seed}, {Turns} questions to each, gold history; % of answers with both words right");
        }
        finally
        {
            if (folder is not null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private List<ToyFigures> Scores(string path, DemoOptions options, CancellationToken cancellationToken)
    {
        List<ToyFigures> figures = [];
        foreach (var (name, text) in _settings)
        {
            var (type, method) = options.Kv(text);
            // a row of another type of storage needs a model that stores so
            using var model = LanguageModel.Load(path, new EngineOptions { Threads = 1, KvType = type });
            var kv = new KvSetting(text, type, method);
            var turns = Means(model, kv, ContextMode.MultiTurn, name, options, cancellationToken);
            var requests = Means(model, kv, ContextMode.MultiRequest, name, options, cancellationToken);
            figures.Add(new ToyFigures(name, turns, requests.Average()));
        }
        return figures;
    }

    private IReadOnlyList<double> Means(LanguageModel model, KvSetting kv, ContextMode mode, string name, DemoOptions options, CancellationToken cancellationToken)
    {
        var run = new TaskRun(model, TaskRules.Of(ToyTask.Name), new PromptOptions { Mode = mode, MaxTurns = Turns });
        List<Prediction> predictions = [];
        for (var row = 0; row < Contexts; row++)
        {
            options.Progress($"{name}, {(mode == ContextMode.MultiTurn ? "turns" : "requests")}", row, Contexts);
            predictions.AddRange(run.Run(ToyTask.Make(options.Seed, row, turns: Turns), kv, cancellationToken));
        }
        return TurnScores.Of(predictions).Single().Strict;
    }

    // apart, so that a run of the bundled weights touches nothing of TorchSharp
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Train(string folder, DemoOptions options, CancellationToken cancellationToken)
    {
        if (options.Seed > long.MaxValue)
            throw new ConfigException($"--seed is {options.Seed}; with --retrain give at most {long.MaxValue}.");
        var config = new ToyConfig { OutputDir = folder, Seed = (long)options.Seed };
        ToyRecipe.Run(config, step => options.Progress("training steps", (int)step.Step, (int)config.MaxTrainSteps), cancellationToken);
        return folder;
    }
}
