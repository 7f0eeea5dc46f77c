using Microsoft.Extensions.AI;
using Octavo.Cli.Chat;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Core.Tokenizers;
using Octavo.Engine;
using Octavo.Models;
using Octavo.Models.Adapters;

namespace Octavo.Cli.Conversions;

/// <summary>Reads a converted checkpoint again: every number, the tokenizer, the template, and what both models compute.</summary>
internal static class Verification
{
    private const int MaxTokens = 256;

    // of the largest logit: rows in another order are summed in another order
    private const double RoundingShare = 1e-3;

    // of the largest logit: what rounding merged numbers to 16 bits may cost
    private const double MergedShare = 0.05;

    /// <param name="source">What was converted.</param>
    /// <param name="plan">How.</param>
    /// <param name="path">The result.</param>
    /// <param name="text">The text to run both models over.</param>
    /// <param name="threads">Threads that compute; null takes all processors.</param>
    /// <param name="status">Told how far it is.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <param name="adapter">What was merged into the result; the source is run with it.</param>
    /// <exception cref="EvaluationException">Something that should be the same is not.</exception>
    public static Findings Run(
        Checkpoint source, ModelConversion plan, string path, string text, int? threads, StatusLine status, CancellationToken cancellationToken,
        Adapter? adapter = null)
    {
        using var written = Checkpoint.Open(path);
        var found = new Findings
        {
            Errors = plan.Compare(written, Writing.Progress("comparing, million numbers", plan.Elements, status), cancellationToken),
        };
        // a file may lack the key that says that texts are normalized first
        text = text.Normalize();
        var tokenizer = CompareTexts(source, written, text, out var note);
        if (note is not null)
            found = found with { Notes = [note] };
        var options = new EngineOptions { Exact = true, Threads = threads };
        if (!IsDecoder(source.Model))
            return tokenizer is null ? found : found with { Cosine = CompareEmbeddings(source.Path, path, text, options, cancellationToken) };
        var most = Math.Min(MaxTokens, Math.Min(source.Model.ContextLength, written.Model.ContextLength));
        int[] ids = tokenizer is null
            ? [.. Enumerable.Range(0, Math.Min(64, most)).Select(i => (int)(i * 7919L % source.Model.VocabularySize))]
            : [.. PromptFlags.EncodeRaw(tokenizer, text).Take(most)];
        var here = LogitsOf.Run(source.Path, ids, options, done => status.Report("tokens of the source", done, ids.Length), cancellationToken, adapter);
        var agreement = here.With(path, options, done => status.Report("tokens of the result", done, ids.Length), cancellationToken);
        if (found.Errors.All(error => error.Largest == 0) && agreement.LargestDifference > RoundingShare * Math.Max(1, agreement.Scale))
        {
            throw new EvaluationException(
                $"every number was kept, but logits differ by {agreement.LargestDifference:G3} from those of {source.Path}: something of the model "
                + "was lost. Nothing was kept. Please report the model's configuration.");
        }
        if (adapter is not null && found.Errors.All(error => error.Type.BlockLength() == 1) && agreement.LargestDifference > MergedShare * Math.Max(1, agreement.Scale))
        {
            throw new EvaluationException(
                $"logits of the merged model differ by {agreement.LargestDifference:G3} from those of {source.Path} with the adapter. Nothing was kept. "
                + "Please report the adapter's configuration.");
        }
        return found with { Agreement = agreement, IsText = tokenizer is not null };
    }

    private static bool IsDecoder(TextModel model) =>
        model.Stacks[0].Layers.SelectMany(layer => layer.Parts).Select(part => part.Mix).OfType<Attention>().First().Visible.IsCausal;

    private static Tokenizer? CompareTexts(Checkpoint source, Checkpoint written, string text, out string? note)
    {
        note = null;
        Tokenizer before;
        try
        {
            before = source.LoadTokenizer();
        }
        catch (OctavoException error)
        {
            note = $"No text was compared, since the source's tokenizer cannot be read: {error.Message}";
            return null;
        }
        if (source.ReadChatTemplate() != written.ReadChatTemplate())
            throw new EvaluationException($"the chat template of the result is not that of {source.Path}. Nothing was kept.");
        return before.Encode(text).SequenceEqual(written.LoadTokenizer().Encode(text))
            ? before
            : throw new EvaluationException($"the tokenizer of the result gives other tokens than that of {source.Path}. Nothing was kept.");
    }

    // the smallest over the paragraphs
    private static double CompareEmbeddings(string source, string result, string text, EngineOptions options, CancellationToken cancellationToken)
    {
        string[] texts = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        var (here, there) = (Embed(source), Embed(result));
        return here.Zip(there).Min(pair => Cosine(pair.First, pair.Second));

        List<float[]> Embed(string path)
        {
            using var encoder = TextEncoder.Load(path, options);
            var settings = SentenceSettings.Read(encoder.Model.Checkpoint) ?? new SentenceSettings(Pooling.Mean, Normalize: true);
            using var generator = new OctavoEmbeddingGenerator(encoder, settings);
            var generation = new EmbeddingGenerationOptions { AdditionalProperties = new() { [OctavoEmbeddingGenerator.Truncate] = true } };
            return [.. generator.GenerateAsync(texts, generation, cancellationToken).GetAwaiter().GetResult().Select(embedding => embedding.Vector.ToArray())];
        }
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, first = 0, second = 0;
        for (var i = 0; i < a.Length; i++)
            (dot, first, second) = (dot + ((double)a[i] * b[i]), first + ((double)a[i] * a[i]), second + ((double)b[i] * b[i]));
        return dot / Math.Sqrt(first * second);
    }
}
