using System.Text.Json.Serialization;

namespace Octavo.Evaluation.Running;

/// <summary>One line of a task's samples: what was asked, what came, what it is worth.</summary>
internal sealed record SampleRecord(
    string Id, string Prompt, string Output, string Extracted, string Gold, IReadOnlyDictionary<string, double> Scores, double Weight,
    bool? Stopped, int Tokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SampleRecord))]
internal sealed partial class SampleJson : JsonSerializerContext;
