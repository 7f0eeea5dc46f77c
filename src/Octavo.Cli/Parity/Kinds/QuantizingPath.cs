using System.Globalization;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>
/// The path that quantizes activations, against a golden computed without: greedy tokens are equal up to the first step whose two best
/// tokens lie closer than 0.2, and the mean error of documents' likelihoods stays within 0.012, which is what the golden's words ask
/// for and a native engine with 8-bit activations just reaches.
/// </summary>
internal static class QuantizingPath
{
    private const double NarrowMargin = 0.2;
    private const double LikelihoodError = 0.012;

    public static IEnumerable<OutputCheck> Check(Golden golden, string model, ParityContext context)
    {
        foreach (var bits in (int[])[16, 8])
        {
            using var loaded = LanguageModel.Load(model, context.Engine with { Exact = false, ActivationBits = bits });
            yield return Greedy(golden, loaded, context);
            if (File.Exists(golden.PathOf("documents.json")))
                yield return Likelihood(golden, loaded, context);
        }
    }

    private static OutputCheck Greedy(Golden golden, LanguageModel model, ParityContext context)
    {
        var forks = 0;
        string? detail = null;
        var cases = 0;
        foreach (var entry in golden.Cases(context))
        {
            cases++;
            var expected = TokenizerRunner.Ids(entry, "greedy");
            double[] margins = [.. entry.GetProperty("margins").EnumerateArray().Select(margin => margin.GetDouble())];
            using var session = model.NewSession();
            var next = Logits.Best(session.Forward(TokenizerRunner.Ids(entry), null, context.Cancellation));
            for (var step = 0; step < expected.Length; step++)
            {
                if (next != expected[step])
                {
                    if (margins[step] >= NarrowMargin)
                    {
                        forks++;
                        detail ??= string.Create(
                            CultureInfo.InvariantCulture, $"step {step}: token {next} instead of {expected[step]}, whose margin is {margins[step]}");
                    }
                    break;
                }
                next = Logits.Best(session.Forward([next], null, context.Cancellation));
            }
        }
        return new OutputCheck($"greedy, {model.ActivationBits} bits", forks, 0, cases, forks == 0, detail);
    }

    private static OutputCheck Likelihood(Golden golden, LanguageModel model, ParityContext context)
    {
        List<double> errors = [];
        foreach (var document in golden.Json("documents.json").EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var found = Octavo.Engine.Likelihood.Of(model, TokenizerRunner.Ids(document)).MeanNll;
            errors.Add(Math.Abs(found - document.GetProperty("mean_nll").GetDouble()));
        }
        var mean = errors.Average();
        return new OutputCheck($"mean nll, {model.ActivationBits} bits", mean, LikelihoodError, errors.Count, mean <= LikelihoodError);
    }
}
