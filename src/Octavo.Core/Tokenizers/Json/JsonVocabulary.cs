using System.Text.Json;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Collects the model's vocabulary and the added tokens.</summary>
internal sealed class JsonVocabulary
{
    private readonly JsonValue _place;
    private readonly HashSet<int> _outside = [];
    private readonly bool _isList;
    private string?[] _pieces = [];
    private TokenKind[] _kinds = [];
    private int _size;

    /// <summary>Reads <c>model.vocab</c>: ids by piece, or a list of pieces with scores.</summary>
    public JsonVocabulary(JsonValue model, bool isList)
    {
        _place = model.Required("vocab");
        _isList = isList;
        if (isList)
            ReadList();
        else
            ReadObject();
    }

    /// <summary>Scores by id, where the vocabulary is a list.</summary>
    public List<double> Scores { get; } = [];

    /// <summary>Adds an added token, which may be in the model's vocabulary already under the same id.</summary>
    public void AddToken(AddedToken token, JsonValue item)
    {
        var kind = token.Special ? TokenKind.Control : TokenKind.UserDefined;
        var taken = token.Id < _size ? _pieces[token.Id] : null;
        if (taken is not null && (taken != token.Content || _kinds[token.Id] != TokenKind.Normal))
            throw item.Wrong($"gives '{token.Content}' the id {token.Id}, which '{taken}' has already");
        if (taken is null)
        {
            Set(token.Id, token.Content, kind);
            _outside.Add(token.Id);
        }
        _kinds[token.Id] = kind;
    }

    /// <summary>The vocabulary.</summary>
    /// <exception cref="InputFileException">One piece has two ids, and the vocabulary is no list.</exception>
    public Vocabulary Build()
    {
        if (_size == 0)
            throw _place.Wrong("is empty");
        Array.Resize(ref _pieces, _size);
        Array.Resize(ref _kinds, _size);
        // In lists it happens, and the reference takes the last one.
        return new Vocabulary(_pieces, _kinds, _isList ? null : (first, second) =>
            _place.Wrong($"and added_tokens give '{_pieces[first]}' two ids, {first} and {second}"), _outside.Count > 0 ? _outside : null);
    }

    private void ReadList()
    {
        _place.Expect(JsonValueKind.Array, "a list");
        foreach (var entry in _place.Element.EnumerateArray())
        {
            var id = Scores.Count;
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
                || entry[0].ValueKind != JsonValueKind.String
                || entry[1].ValueKind != JsonValueKind.Number)
                throw Entry(entry, id).Wrong("is not a piece with its score");
            if (id == Vocabulary.LargestSize)
                throw _place.Wrong($"has more than {Vocabulary.LargestSize} entries");
            Set(id, Entry(entry[0], id).Text(), TokenKind.Normal);
            Scores.Add(entry[1].GetDouble());
        }
    }

    private void ReadObject()
    {
        _place.Expect(JsonValueKind.Object, "an object");
        foreach (var entry in _place.Element.EnumerateObject())
        {
            var piece = Name(entry);
            // The place is spelt out only where it is needed: there are hundreds of thousands.
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id)
                || id is < 0 or >= Vocabulary.LargestSize)
                throw Entry(entry.Value, piece).Wrong($"is {Short(entry.Value)}; a token id from 0 to {Vocabulary.LargestSize - 1} is expected");
            if (Set(id, piece, TokenKind.Normal) is { } other)
                throw Entry(entry.Value, piece).Wrong($"is {id}, the id of '{other}' already");
        }
    }

    // Returns what has the id already.
    private string? Set(int id, string piece, TokenKind kind)
    {
        if (id >= _pieces.Length)
        {
            var length = Math.Min(Vocabulary.LargestSize, Math.Max(id + 1, Math.Max(1024, _pieces.Length * 2)));
            Array.Resize(ref _pieces, length);
            Array.Resize(ref _kinds, length);
        }
        if (_pieces[id] is { } other)
            return other;
        _pieces[id] = piece;
        _kinds[id] = kind;
        _size = Math.Max(_size, id + 1);
        return null;
    }

    private string Name(JsonProperty entry)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new InputFileException(
                $"{_place.Place}: the key of value {Short(entry.Value)} is no Unicode text: it has a lone surrogate " +
                "or bytes that are no UTF-8.", exception);
        }
    }

    private JsonValue Entry(JsonElement value, int index) => new(value, _place.File, $"{_place.Path}[{index}]");

    private JsonValue Entry(JsonElement value, string piece) => new(value, _place.File, $"{_place.Path}['{piece}']");

    private static string Short(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= 40 ? raw : raw[..40] + "…";
    }
}
