using System.Globalization;
using System.Text.Json.Nodes;

namespace Octavo.Systems.ScBench.Toy;

/// <summary>What a toy says of itself.</summary>
internal static class ToyCard
{
    private const string Use = "Looks up keys in a list of up to 32 triples 'KEY VALUE VALUE' of its own 131 words; it knows no language.";

    /// <summary>The <c>domain.json</c> beside a bundled model: what it can be asked, and the word that stands for all others.</summary>
    public static JsonObject Domain() => new() { ["domain"] = Use, ["unknown"] = ToyVocabulary.Word(ToyVocabulary.Unknown) };

    /// <summary>The model card.</summary>
    public static string Text(ToyConfig config, ToyOutcome outcome, long parameters) => string.Create(CultureInfo.InvariantCulture, $"""
        ---
        license: apache-2.0
        library_name: octavo
        pipeline_tag: text-generation
        ---
        # scbench-toy

        {Use} It shows within seconds what methods for keys and values keep of a context
        that many questions share (`octavo demo scbench`). An answer to anything else means nothing.

        | | |
        |---|---|
        | asked as | `k5 v1 v2 k9 v3 v4 … Q k9`: it answers `v3 v4`. Keys are `k0` to `k63`, values `v0` to `v63`, no value twice |
        | architecture | Llama: 2 layers, width 64, 4 heads of 16 with keys and values of their own, feed-forward 128, {ToyVocabulary.Size} words, untied head |
        | parameters | {parameters:N0} |
        | context | {ToyTask.ContextLength} tokens: 32 triples and {ToyTask.MostTurns} questions |
        | stored as | F32 |
        | recipe | `octavo train scbench-toy -c recipes/scbench/toy.yaml`: seed {config.Seed}, at most {config.MaxTrainSteps} steps, learning rate {config.LearningRate}, batch {config.BatchSize}, {config.Queries} questions to a context |
        | training data | contexts drawn from the seed, each seen once; nothing else |
        | reached | {100 * outcome.Accuracy:F2} % of 2,048 questions on 256 fresh contexts of 32 pairs, after {outcome.Steps} steps |
        | licence | Apache-2.0 |
        | evidence | tiny only: our own training |

        """);
}
