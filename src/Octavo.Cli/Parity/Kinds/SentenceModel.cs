using Microsoft.Extensions.AI;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A real sentence encoder: ids of texts, their embeddings, and how alike they are.</summary>
internal static class SentenceModel
{
    public static IReadOnlyList<OutputCheck> Check(Golden golden, LanguageModel model, ParityContext context)
    {
        using var tensors = new GoldenTensors(golden);
        using var generator = new OctavoEmbeddingGenerator(new TextEncoder(model));
        var cuts = new EmbeddingGenerationOptions { AdditionalProperties = new() { [OctavoEmbeddingGenerator.Truncate] = true } };
        var ids = new CaseCheck("ids");
        List<string> texts = [];
        foreach (var entry in golden.Cases(context))
        {
            var text = entry.GetProperty("text").GetString()!;
            texts.Add(text);
            ids.AddList(CaseCheck.Quote(text), generator.Encode(text, cuts: true), TokenizerRunner.Ids(entry));
        }
        var embeddings = generator.GenerateAsync(texts, cuts).GetAwaiter().GetResult().Select(embedding => embedding.Vector.ToArray()).ToList();
        var alike = embeddings.SelectMany(a => embeddings.Select(b => (float)a.Zip(b).Sum(pair => (double)pair.First * pair.Second)));
        return
        [
            OutputCheck.Numbers("embedding", [.. embeddings.SelectMany(row => row)], tensors.Floats("out.embedding"), golden.Outputs["embedding"]),
            OutputCheck.Numbers("similarity", [.. alike], tensors.Floats("out.similarity"), golden.Outputs["similarity"]),
            ids.Outcome()!,
        ];
    }
}
