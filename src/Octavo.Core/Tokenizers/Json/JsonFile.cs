using System.Text.Json;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Opens JSON files within limits.</summary>
internal static class JsonFile
{
    private const long LargestBytes = 64L << 20;
    private const int DeepestNesting = 64;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a file whole; the caller disposes the document.</summary>
    /// <exception cref="InputFileException">The file cannot be read, is larger than 64 MiB, or is no JSON.</exception>
    public static JsonDocument Open(string path) => Parse(ReadBytes(path), path);

    /// <summary>Reads a file's content; the caller disposes the document.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="path">What to call it in messages.</param>
    /// <exception cref="InputFileException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        if (bytes.Span.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestNesting });
        }
        catch (JsonException exception)
        {
            throw new InputFileException(
                $"{path}: not valid JSON: {exception.Message} Lines and bytes count from 0. The file is damaged or cut " +
                "short; download it again.", exception);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= LargestBytes
                ? File.ReadAllBytes(path)
                : throw new InputFileException(
                    $"{path} has {length} bytes; at most {LargestBytes} are read. This is not a tokenizer's file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
