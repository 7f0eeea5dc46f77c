using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octavo.Training.Checkpoints;

/// <summary>A file of a checkpoint.</summary>
/// <param name="Name">Its name in the checkpoint's folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, in lower-case hexadecimal digits.</param>
internal sealed record ManifestFile(string Name, long Size, string Sha256);

/// <summary>What a complete checkpoint holds: <c>manifest.json</c>, written last.</summary>
/// <param name="Format">The version of this layout, 1.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="IsBest">Whether it was the best of its run when it was written.</param>
/// <param name="Files">All files but this one.</param>
internal sealed record CheckpointManifest(int Format, long Step, bool IsBest, IReadOnlyList<ManifestFile> Files)
{
    public const string FileName = "manifest.json";
    public const int CurrentFormat = 1;

    private const int MaxBytes = 1 << 24;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CheckpointJson.Default.CheckpointManifest);

    /// <summary>Reads one.</summary>
    /// <returns>The manifest, or what is wrong with it.</returns>
    public static (CheckpointManifest? Manifest, string? Problem) Read(ICheckpointFiles files, string path)
    {
        if (files.Length(path) is not { } length)
            return (null, "it has no manifest.json");
        if (length > MaxBytes)
            return (null, $"its manifest.json has {length} bytes, which is none of ours");
        try
        {
            using var stream = files.OpenRead(path);
            var manifest = JsonSerializer.Deserialize(stream, CheckpointJson.Default.CheckpointManifest);
            return manifest switch
            {
                null or { Files: null } => (null, "its manifest.json is empty"),
                { Format: not CurrentFormat } =>
                    (null, $"its manifest.json is of format {manifest.Format}; this program reads {CurrentFormat}"),
                _ when manifest.Files.Any(file => file is null || !CheckpointPart.IsName(file.Name)) =>
                    (null, "its manifest.json names files outside of it"),
                _ => (manifest, null),
            };
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return (null, $"its manifest.json cannot be read: {error.Message}");
        }
    }
}

/// <summary>JSON of what is stored beside the weights.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CheckpointManifest))]
[JsonSerializable(typeof(TrainerState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
