using System.Text.Json;

namespace Octavo.Core.Safetensors;

/// <summary>Reads JSON of untrusted files token by token; every refusal carries the file, the byte and the rule.</summary>
internal ref struct JsonCursor
{
    private const int MaxDepth = 8;
    private readonly string _path;
    private readonly long _start;
    private Utf8JsonReader _reader;

    /// <summary>Begins at the first byte.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The text.</param>
    /// <param name="start">Where the text begins in the file.</param>
    public JsonCursor(string path, ReadOnlySpan<byte> json, long start)
    {
        _path = path;
        _start = start;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The entry being read, for messages.</summary>
    public string Subject { get; set; } = "";

    /// <summary>The byte of the file at which the current token begins.</summary>
    public readonly long At => _start + _reader.TokenStartIndex;

    /// <summary>Which token stands here.</summary>
    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Goes to the next token; the end of the text is a refusal.</summary>
    public void Next()
    {
        if (!TryNext())
            throw Bad("the JSON text ends too early");
    }

    /// <summary>Goes to the next token and checks it.</summary>
    /// <param name="token">What must stand there.</param>
    /// <param name="what">What is read, for messages.</param>
    public void Next(JsonTokenType token, string what)
    {
        Next();
        Expect(token, what);
    }

    /// <summary>Checks the current token.</summary>
    public readonly void Expect(JsonTokenType token, string what)
    {
        if (Token != token)
            throw Bad($"{what}: {token} is expected, {Token} stands here");
    }

    /// <summary>Refuses anything but white space after the text.</summary>
    public void End()
    {
        if (TryNext())
            throw Bad("something stands after the JSON text");
    }

    /// <summary>The current name or string.</summary>
    public readonly string Text(string what)
    {
        try
        {
            return _reader.GetString() ?? throw Bad($"{what} is null");
        }
        catch (InvalidOperationException error)
        {
            throw Bad($"{what} is not valid Unicode", error);
        }
    }

    /// <summary>The current whole number, not negative, below 2⁶³.</summary>
    public readonly long WholeNumber(string what)
    {
        Expect(JsonTokenType.Number, what);
        if (!_reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9') && _reader.TryGetInt64(out var value))
            return value;
        var shown = System.Text.Encoding.UTF8.GetString(_reader.ValueSpan[..Math.Min(40, _reader.ValueSpan.Length)]);
        throw Bad($"{what} is {shown}; a whole number from 0 to {long.MaxValue} is expected");
    }

    /// <summary>Passes over the value that comes next.</summary>
    public void SkipNext()
    {
        Next();
        if (Token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var depth = _reader.CurrentDepth;
        do
            Next();
        while (_reader.CurrentDepth > depth);
    }

    /// <summary>The refusal of what stands here.</summary>
    public readonly CheckpointException Bad(string rule, Exception? inner = null) => Bad(At, rule, inner);

    /// <summary>The refusal of what stands at a byte of the file.</summary>
    public readonly CheckpointException Bad(long at, string rule, Exception? inner = null) =>
        Refusal(_path, at, Subject.Length == 0 ? rule : $"'{Subject}': {rule}", inner);

    /// <summary>The refusal of what stands at a byte of a file.</summary>
    public static CheckpointException Refusal(string path, long at, string rule, Exception? inner = null) =>
        new($"{path}: byte {at}: {rule}. The file is damaged or was written wrongly; get or write it again.", inner);

    private bool TryNext()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException error)
        {
            throw Bad(_start + _reader.BytesConsumed, $"the JSON text is wrong: {error.Message}", error);
        }
    }
}
