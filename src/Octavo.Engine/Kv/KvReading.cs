namespace Octavo.Engine.Kv;

/// <summary>How a method has one sequence read: patterns while its prompt runs, selectors afterwards.</summary>
/// <param name="method">The method.</param>
/// <param name="layers">Layers of the model.</param>
internal sealed class KvReading(KvMethod method, int layers)
{
    private readonly KvPattern[]?[] _patterns = new KvPattern[layers][];
    private readonly KvSelector[]?[] _selectors = new KvSelector[layers][];

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; set; }

    /// <summary>Whether the prompt is still read.</summary>
    public bool IsPrompt { get; private set; } = true;

    /// <summary>Whether the prompt of every layer is read as ever.</summary>
    public bool IsIdle => IsPrompt && !method.Attends;

    /// <summary>The method's patterns for a layer, of all heads or of each query head; null where it is read as ever.</summary>
    public KvPattern[]? Patterns(int layer) => _patterns[layer];

    /// <summary>Whether the method is still to say how a layer's prompt is read.</summary>
    public bool Asks(int layer) => IsPrompt && method.Attends && _patterns[layer] is null;

    /// <summary>Has the method say how a layer's prompt is read.</summary>
    public void Attend(KvLayer layer)
    {
        if (method.Attend(layer) is { Length: > 0 } patterns)
            _patterns[layer.Layer] = patterns;
    }

    /// <summary>What chooses for a stored head.</summary>
    public KvSelector Selector(int layer, int head) => _selectors[layer]![head];

    /// <summary>Makes a layer's selectors, unless they are there; one per stored head.</summary>
    public void Reserve(int layer, int heads)
    {
        if (_selectors[layer]?.Length == heads)
            return;
        _selectors[layer] = [.. Enumerable.Range(0, heads).Select(_ => method.NewSelector()!)];
    }

    /// <summary>What is to be read otherwise once the prompt was read; null for nothing.</summary>
    public KvReading? EndPrompt()
    {
        Array.Clear(_patterns);
        IsPrompt = false;
        return method.NewSelector() is null ? null : this;
    }

    /// <summary>Forgets what is known of a layer: other tokens are stored.</summary>
    public void Forget(int layer) => _selectors[layer] = null;

    /// <summary>Forgets what is known of tokens of a head from an index on.</summary>
    public void Truncate(int layer, Func<int, int> stored)
    {
        if (_selectors[layer] is not { } selectors)
            return;
        for (var head = 0; head < selectors.Length; head++)
            selectors[head].Truncate(stored(head));
    }

    /// <summary>The same for a second sequence.</summary>
    public KvReading Copy()
    {
        var copy = new KvReading(method, layers) { PromptTokens = PromptTokens, IsPrompt = IsPrompt };
        for (var layer = 0; layer < layers; layer++)
        {
            copy._patterns[layer] = _patterns[layer];
            copy._selectors[layer] = _selectors[layer] is { } selectors ? [.. selectors.Select(selector => selector.Copy())] : null;
        }
        return copy;
    }
}
