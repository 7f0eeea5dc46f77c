using Octavo.Core.Gguf;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>The keys and values under <c>tokenizer.ggml.</c> of the file to be, in order.</summary>
internal sealed class GgufEntries
{
    /// <summary>Begins every key.</summary>
    public const string Prefix = "tokenizer.ggml.";

    private readonly Dictionary<string, object> _values = [];

    /// <summary>The keys and values.</summary>
    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>Sets a key.</summary>
    public void Set(string key, object value) => _values[Prefix + key] = value;

    /// <summary>Sets a key to a token, where there is one.</summary>
    public void SetId(string key, int? id)
    {
        if (id is { } known)
            Set(key, (uint)known);
    }

    /// <summary>The tokenizer that the entries make.</summary>
    /// <param name="place">What to call them in messages.</param>
    public VocabularyTokenizer Read(string place) => GgufTokenizers.Read(new GgufMetadata(place, _values));
}
