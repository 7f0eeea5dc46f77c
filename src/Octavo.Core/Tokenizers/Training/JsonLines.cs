using System.Text;
using System.Text.Json;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Reads texts out of lines of JSON: the member <c>text</c>, or the contents of <c>messages</c>.</summary>
internal static class JsonLines
{
    private const int LongestLine = 1 << 26;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The lines.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="blocks">Takes the texts.</param>
    /// <returns>How many bytes there were.</returns>
    public static long Read(Stream stream, string path, TextBlocks blocks)
    {
        var buffer = new byte[TextBlocks.FullLength * 2];
        var (have, line, total) = (0, 0L, 0L);
        while (true)
        {
            var got = stream.ReadAtLeast(buffer.AsSpan(have), buffer.Length - have, throwOnEndOfStream: false);
            var isEnd = got < buffer.Length - have;
            have += got;
            total += got;
            var taken = 0;
            while (buffer.AsSpan(taken, have - taken).IndexOf((byte)'\n') is >= 0 and var length)
            {
                ReadLine(buffer.AsMemory(taken, length), $"{path}, line {++line}", blocks);
                taken += length + 1;
            }
            if (isEnd)
            {
                ReadLine(buffer.AsMemory(taken, have - taken), $"{path}, line {++line}", blocks);
                return total;
            }
            buffer.AsSpan(taken, have - taken).CopyTo(buffer);
            have -= taken;
            if (have == buffer.Length && have >= LongestLine)
                throw new InputFileException($"{path}, line {line + 1}: longer than {LongestLine} bytes. Cut the texts into several.");
            if (have == buffer.Length)
                Array.Resize(ref buffer, have * 2);
        }
    }

    private static void ReadLine(ReadOnlyMemory<byte> line, string place, TextBlocks blocks)
    {
        if (line.Span.Trim(" \t\r"u8).IsEmpty)
            return;
        try
        {
            using var document = JsonDocument.Parse(line);
            ReadRow(document.RootElement, place, blocks);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InputFileException($"{place}: no JSON text: {error.Message} Every line is one object.", error);
        }
    }

    private static void ReadRow(JsonElement row, string place, TextBlocks blocks)
    {
        if (row.ValueKind == JsonValueKind.Object && row.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
        {
            Add(text, place, blocks);
            return;
        }
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            throw new InputFileException(
                $"{place}: has neither a text 'text' nor a list 'messages'. Rename the member that holds the text.");
        }
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content)
                || content.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                throw new InputFileException($"{place}: a message has no text 'content'. Only texts can be learnt from.");
            if (content.ValueKind == JsonValueKind.String)
                Add(content, place, blocks);
        }
    }

    private static void Add(JsonElement text, string place, TextBlocks blocks) => blocks.Add(Encoding.UTF8.GetBytes(text.GetString()!), place);
}
