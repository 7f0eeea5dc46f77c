using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Octavo.Cli.Bench;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Evaluations;

/// <summary>
/// Says which weights and which arithmetic gave an answer. Of each file of the model 64 pieces are hashed, not all of it: reading every
/// weight would take longer than loading them. What the number of threads or the size of a batch is, changes no answer and is left out.
/// </summary>
internal static class ModelFingerprint
{
    private const int Pieces = 64;
    private const int PieceBytes = 1 << 14;

    private static readonly string[] _kinds = [".gguf", ".safetensors", ".bin", ".pt", ".pth", ".json", ".jinja", ".model"];

    /// <summary>Lines such as "weights 3fa8…" and "adapter 91c0…".</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What it was loaded with.</param>
    /// <param name="adapter">The name of the adapter that answers; null for the model alone.</param>
    public static string Of(LanguageModel model, EngineOptions options, string? adapter)
    {
        ArgumentNullException.ThrowIfNull(model);
        var arithmetic = options with { Threads = null, MemoryMap = true, PrefixCacheBytes = null, InstructionSet = model.InstructionSet };
        var lines = string.Create(CultureInfo.InvariantCulture, $"weights {WeightsOf(model.Checkpoint.Path)}\nengine {arithmetic}");
        return adapter is null ? lines : string.Create(CultureInfo.InvariantCulture, $"{lines}\nadapter {model.IdentityOf(adapter):x16}");
    }

    /// <summary>The hash of a checkpoint's files: all of a folder that say something of the model, or all parts of a GGUF file.</summary>
    /// <param name="path">Folder or file.</param>
    /// <exception cref="InputFileException">One of them cannot be read.</exception>
    internal static string WeightsOf(string path)
    {
        var files = File.Exists(path)
            ? ModelFiles.Files(path)
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
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
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
