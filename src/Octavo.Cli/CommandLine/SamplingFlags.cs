using System.CommandLine;
using System.Globalization;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.CommandLine;

/// <summary>The options that say how tokens are chosen and when an answer ends.</summary>
internal sealed class SamplingFlags
{
    private readonly Option<string?> _maxTokens = Options.Whole("--max-tokens", "The most tokens to generate (1024).");
    private readonly Option<string?> _temperature = Options.Real("--temperature", "0 takes the most likely token (the default); above, tokens are drawn.");
    private readonly Option<string?> _topK = Options.Whole("--top-k", "Draws among the k most likely tokens.");
    private readonly Option<string?> _topP = Options.Real("--top-p", "Draws among the fewest tokens whose probabilities reach p.");
    private readonly Option<string?> _minP = Options.Real("--min-p", "Drops tokens less likely than this part of the most likely one.");
    private readonly Option<string?> _seed = Options.Whole(
        "--seed", "Seeds the draws: equal seeds give equal answers; 0 by default. Needs a temperature above 0.");
    private readonly Option<string?> _repetition = Options.Real("--repetition-penalty", "Above 1 makes tokens of prompt and answer less likely.");
    private readonly Option<string?> _presence = Options.Real("--presence-penalty", "Taken from the logits of tokens that the answer holds.");
    private readonly Option<string?> _frequency = Options.Real("--frequency-penalty", "Taken from a token's logit for each time the answer holds it.");
    private readonly Option<string[]> _bias = Options.Texts("--logit-bias", "ID=X", "Adds X to the logit of a token; may be given several times.");
    private readonly Option<string[]> _stop = Options.Texts("--stop", "TEXT", "Ends the answer before this text; may be given several times.");

    public IEnumerable<Symbol> Symbols =>
        [_maxTokens, _temperature, _topK, _topP, _minP, _seed, _repetition, _presence, _frequency, _bias, _stop];

    /// <exception cref="ConfigException">Values are wrong; one line for each.</exception>
    public GenerationOptions Read(ParseResult parsed, int? logProbabilities = null)
    {
        var plain = new GenerationOptions();
        var options = new GenerationOptions
        {
            MaxTokens = parsed.Whole(_maxTokens) ?? plain.MaxTokens,
            Temperature = parsed.Real(_temperature) ?? plain.Temperature,
            TopK = parsed.Whole(_topK) ?? plain.TopK,
            TopP = parsed.Real(_topP) ?? plain.TopP,
            MinP = parsed.Real(_minP) ?? plain.MinP,
            Seed = parsed.Unsigned(_seed) ?? plain.Seed,
            RepetitionPenalty = parsed.Real(_repetition) ?? plain.RepetitionPenalty,
            PresencePenalty = parsed.Real(_presence) ?? plain.PresencePenalty,
            FrequencyPenalty = parsed.Real(_frequency) ?? plain.FrequencyPenalty,
            LogitBias = ReadBias(parsed.GetValue(_bias) ?? []),
            Stop = parsed.GetValue(_stop) ?? [],
            LogProbabilities = logProbabilities,
        };
        options.Validate();
        return options;
    }

    private static Dictionary<int, float> ReadBias(string[] texts)
    {
        Dictionary<int, float> bias = [];
        foreach (var text in texts)
        {
            var parts = text.Split('=');
            if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || !float.TryParse(parts[1], CultureInfo.InvariantCulture, out var value))
            {
                throw new ConfigException($"--logit-bias is '{text}'; give a token id, '=' and a number, such as 504=-2.5.");
            }
            if (!bias.TryAdd(id, value))
                throw new ConfigException($"--logit-bias names token {id} twice; name it once.");
        }
        return bias;
    }
}
