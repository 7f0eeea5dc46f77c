using Octavo.Core;

namespace Octavo.Engine;

/// <summary>How tokens are chosen and when a generation ends.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens to generate.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>
    /// The adapter to run with, by the name under which it was added to the model; null means the model alone, or that of the session where
    /// one is given.
    /// </summary>
    public string? Adapter { get; init; }

    /// <summary>
    /// What becomes of keys and values once a prompt has been read (<see cref="Kv.KvMethods.Parse"/> makes one from text); null keeps all, or
    /// is that of the session where one is given.
    /// </summary>
    public Kv.KvMethod? KvMethod { get; init; }

    /// <summary>0 takes the most likely token; above, logits are divided by it before drawing.</summary>
    public float Temperature { get; init; }

    /// <summary>Draws among the k most likely tokens; 0 means all.</summary>
    public int TopK { get; init; }

    /// <summary>Draws among the fewest tokens whose probabilities reach p; 1 means all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Drops tokens less likely than this part of the most likely one; 0 means none.</summary>
    public float MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens in the prompt or the answer; 1 means off.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from the logits of tokens that the answer already holds.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit once for each time the answer holds it.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Seeds the draws; equal seeds give equal answers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Added to the logits of single tokens.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>How many of the most likely tokens are reported with each token; null reports none, 0 the chosen one only.</summary>
    public int? LogProbabilities { get; init; }

    /// <summary>Goes on past the tokens with which the model ends its answer, until <see cref="MaxTokens"/>: for measuring.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Leaves the text of every token empty: for callers that want tokens only. Then a step allocates nothing.</summary>
    public bool WithoutText { get; init; }

    /// <summary>Texts that end the answer; they are not part of it, also where they cross the border of tokens.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Checks all values and reports every problem at once.</summary>
    /// <exception cref="ConfigException">One line per problem.</exception>
    public void Validate()
    {
        List<string> problems = [];
        void Require(bool holds, string problem)
        {
            if (!holds)
                problems.Add(problem);
        }
        Require(MaxTokens >= 1, $"max tokens is {MaxTokens}; give at least 1.");
        Require(float.IsFinite(Temperature) && Temperature >= 0, $"temperature is {Temperature}; give 0 (greedy) or more.");
        Require(TopK >= 0, $"top-k is {TopK}; give 0 (all) or more.");
        Require(TopP is > 0 and <= 1, $"top-p is {TopP}; give more than 0, at most 1 (all).");
        Require(MinP is >= 0 and < 1, $"min-p is {MinP}; give 0 (off) or more, less than 1.");
        Require(float.IsFinite(RepetitionPenalty) && RepetitionPenalty > 0, $"repetition penalty is {RepetitionPenalty}; give more than 0 (1 is off).");
        Require(float.IsFinite(PresencePenalty), $"presence penalty is {PresencePenalty}; give a finite number.");
        Require(float.IsFinite(FrequencyPenalty), $"frequency penalty is {FrequencyPenalty}; give a finite number.");
        Require(LogProbabilities is null or (>= 0 and <= 20), $"log-probabilities is {LogProbabilities}; give 0 to 20.");
        Require(Stop.Count <= 16, $"{Stop.Count} stop texts; give at most 16.");
        Require(Stop.All(text => text.Length > 0), "an empty stop text would end every answer at once; leave it out.");
        Require(!WithoutText || Stop.Count == 0, "stop texts cannot be seen without text; leave out one of the two.");
        Require(LogitBias.Values.All(float.IsFinite), "a logit bias is not finite; give finite numbers.");
        if (Temperature == 0)
        {
            Require(TopK == 0, $"top-k {TopK} has no effect at temperature 0; give a temperature or leave it out.");
            Require(TopP == 1, $"top-p {TopP} has no effect at temperature 0; give a temperature or leave it out.");
            Require(MinP == 0, $"min-p {MinP} has no effect at temperature 0; give a temperature or leave it out.");
            Require(Seed == 0, $"seed {Seed} has no effect at temperature 0; give a temperature or leave it out.");
        }
        if (problems.Count > 0)
            throw new ConfigException(string.Join('\n', problems));
        KvMethod?.Validate();
    }
}
