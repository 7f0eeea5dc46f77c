using Microsoft.Extensions.AI;
using Octavo.Cli.Chat;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Conversions;

/// <summary>Reads a converted checkpoint again: every number, the tokenizer, the template, and what both models compute.</summary>
internal static class Verification
{
    private const int MaxTokens = 256;

    /// <returns>The report with what was found.</returns>
    /// <exception cref="EvaluationException">Something that should be the same is not.</exception>
    public static ConversionReport Run(ConversionReport report, string text, int? threads, StatusLine status, CancellationToken cancellationToken)
    {
        using var written = Checkpoint.Open(report.Destination);
        var errors = report.Plan.Compare(written, Writing.Progress("comparing, million numbers", report.Plan.Elements, status), cancellationToken);
        report = report with { Errors = errors };
        var tokenizer = CompareTexts(report.Source, written, text);
        var options = new EngineOptions { Exact = true, Threads = threads };
        if (!IsDecoder(report.Source.Model))
            return tokenizer is null ? report : report with { Cosine = CompareEmbeddings(report, text, options, cancellationToken) };
        var most = Math.Min(MaxTokens, Math.Min(report.Source.Model.ContextLength, written.Model.ContextLength));
        int[] ids = tokenizer is null
            ? [.. Enumerable.Range(0, Math.Min(64, most)).Select(i => (int)(i * 7919L % report.Source.Model.VocabularySize))]
            : [.. PromptFlags.EncodeRaw(tokenizer, text).Take(most)];
        var here = LogitsOf.Run(report.Source.Path, ids, options, done => status.Report("tokens of the source", done, ids.Length), cancellationToken);
        var there = LogitsOf.Run(report.Destination, ids, options, done => status.Report("tokens of the result", done, ids.Length), cancellationToken);
        return report with { Agreement = here.With(there), IsText = tokenizer is not null };
    }

    private static bool IsDecoder(TextModel model) =>
        model.Stacks[0].Layers.SelectMany(layer => layer.Parts).Select(part => part.Mix).OfType<Attention>().First().Visible.IsCausal;

    private static Tokenizer? CompareTexts(Checkpoint source, Checkpoint written, string text)
    {
        if (source.ReadChatTemplate() is var template && template != written.ReadChatTemplate())
            throw new EvaluationException($"{written.Path}: the chat template is not that of {source.Path}.");
        Tokenizer before;
        try
        {
            before = source.LoadTokenizer();
        }
        catch (OctavoException)
        {
            // the report says that there is none
            return null;
        }
        var (here, there) = (before.Encode(text), written.LoadTokenizer().Encode(text));
        return here.SequenceEqual(there)
            ? before
            : throw new EvaluationException($"{written.Path}: the tokenizer gives other tokens than that of {source.Path}.");
    }

    // the smallest over the paragraphs
    private static double CompareEmbeddings(ConversionReport report, string text, EngineOptions options, CancellationToken cancellationToken)
    {
        string[] texts = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        var (here, there) = (Embed(report.Source.Path), Embed(report.Destination));
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
