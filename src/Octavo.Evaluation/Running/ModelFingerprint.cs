using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Evaluation.Running;

/// <summary>
/// Says which weights and which arithmetic gave an answer. Of each file of the model 64 pieces are hashed, not all of it: reading every
/// weight would take longer than loading them. What the number of threads or the size of a batch is, changes no answer and is left out.
/// </summary>
internal static class ModelFingerprint
{
    private const int Pieces = 64;
    private const int PieceBytes = 1 << 14;

    private static readonly string[] _kinds = [".gguf", ".safetensors", ".bin", ".pt", ".pth", ".json", ".jinja", ".model"];

    /// <summary>A hash of an adapter's folder or file.</summary>
    public static string OfAdapter(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] files = File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(path, "adapter_*").Order(StringComparer.Ordinal)];
        foreach (var file in files)
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Lines such as "weights 3fa8…" and "isa avx512".</summary>
    public static string Of(LanguageModel model, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        var path = model.Checkpoint.Path;
        var files = File.Exists(path)
            ? [path]
            : Directory.EnumerateFiles(path).Where(file => _kinds.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var file in files)
                Add(hash, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: cannot be read: {error.Message}", error);
        }
        var weights = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        var arithmetic = options with { Threads = null, MemoryMap = true, PrefixCacheBytes = null, InstructionSet = model.InstructionSet };
        return string.Create(CultureInfo.InvariantCulture, $"weights {weights}\nengine {arithmetic}");
    }

    private static void Add(IncrementalHash hash, string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, stream.Length);
        hash.AppendData(length);
        var buffer = new byte[PieceBytes];
        var step = Math.Max(PieceBytes, stream.Length / Pieces);
        for (var at = 0L; at < stream.Length; at += step)
        {
            stream.Position = at;
            var read = stream.ReadAtLeast(buffer, PieceBytes, throwOnEndOfStream: false);
            hash.AppendData(buffer, 0, read);
        }
    }
}
