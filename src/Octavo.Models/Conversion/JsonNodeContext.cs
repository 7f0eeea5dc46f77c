using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Octavo.Models.Conversion;

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class JsonNodeContext : JsonSerializerContext;
