using Octavo.Core;
using Octavo.Engine.Cache;
using Octavo.Engine.Running;
using Octavo.Models;

namespace Octavo.Engine;

/// <summary>
/// Runs encoders (BERT, RoBERTa, MPNet): every token sees its whole text. Texts of a call share passes over the weights and change no bit of
/// each other. Computations of several threads take turns.
/// </summary>
public sealed class TextEncoder : IDisposable
{
    // enough to read weights for, and few enough that a layer's activations stay in the second cache; a longer text is a pass of its own
    private const int RowsOfPass = 256;

    private readonly LanguageModel _model;
    private readonly bool _ownsModel;

    /// <summary>Wraps a loaded encoder.</summary>
    /// <param name="model">A model whose <see cref="LanguageModel.IsEncoder"/> holds.</param>
    /// <param name="ownsModel">Whether disposing this disposes the model.</param>
    /// <exception cref="UnsupportedException">It is a decoder.</exception>
    public TextEncoder(LanguageModel model, bool ownsModel = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.IsEncoder)
            throw new UnsupportedException($"{model.Checkpoint.Path} is a decoder ({model.Checkpoint.Model.Architecture}); an encoder such as BertModel is needed.");
        _model = model;
        _ownsModel = ownsModel;
    }

    /// <summary>Opens and loads an encoder.</summary>
    /// <param name="path">Folder or file, as <see cref="Checkpoint.Open"/> takes it.</param>
    /// <param name="options">How to run it.</param>
    public static TextEncoder Load(string path, EngineOptions? options = null)
    {
        var model = LanguageModel.Load(path, options);
        try
        {
            return new TextEncoder(model, ownsModel: true);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The model.</summary>
    public LanguageModel Model => _model;

    /// <summary>Numbers of a token's row (C).</summary>
    public int Width => _model.Checkpoint.Model.HiddenSize;

    /// <summary>The most tokens of a text.</summary>
    public int MaxTokens => _model.ContextLength;

    /// <summary>Runs texts and returns the final rows of their tokens.</summary>
    /// <param name="texts">Token ids of each, special ones included.</param>
    /// <param name="types">Which text of a pair each token belongs to, for each text; null means the first everywhere.</param>
    /// <param name="head">A head by name, such as <c>classifier</c>; null gives the rows of the last layer.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    /// <returns>For each text [tokens, C], or [tokens, the head's width].</returns>
    /// <exception cref="ConfigException">A text is empty, a token or a type is not in the model, or lengths differ.</exception>
    /// <exception cref="ResourceException">A text is longer than <see cref="MaxTokens"/>; nothing is cut.</exception>
    public IReadOnlyList<float[]> Run(
        IReadOnlyList<int[]> texts, IReadOnlyList<int[]>? types = null, string? head = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        for (var i = 0; i < texts.Count; i++)
            Check(texts[i], types?[i], i);
        var lowered = head is null ? null : _model.Head(head);
        var results = new float[texts.Count][];
        // neighbours in length share passes, so that one pass is as full as it can be
        var order = Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length).ToArray();
        var rowsOfPass = Math.Min(RowsOfPass, _model.BlockRows);
        for (int first = 0, end; first < order.Length; first = end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = 0;
            for (end = first; end < order.Length && (end == first || rows + texts[order[end]].Length <= rowsOfPass); end++)
                rows += texts[order[end]].Length;
            Pass(texts, types, order.AsSpan(first, end - first), rows, lowered, results);
        }
        return results;
    }

    /// <summary>The rows after some layers: 0 are the embeddings.</summary>
    internal IReadOnlyList<float[]> Hidden(IReadOnlyList<int[]> texts, IReadOnlyList<int[]>? types, int layers)
    {
        var results = new float[texts.Count][];
        for (var text = 0; text < texts.Count; text++)
        {
            var rows = results[text] = new float[texts[text].Length * Width];
            Pass(texts, types, [text], texts[text].Length, null, new float[texts.Count][], (layer, row, hidden) =>
            {
                if (layer == layers)
                    hidden.CopyTo(rows.AsSpan(row * Width));
            });
        }
        return results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsModel)
            _model.Dispose();
    }

    private unsafe void Pass(
        IReadOnlyList<int[]> texts, IReadOnlyList<int[]>? types, ReadOnlySpan<int> chosen, int count, LoweredLinear? head, float[][] results,
        HiddenProbe? probe = null)
    {
        var width = head?.Weights.Rows ?? Width;
        var rows = new Row[count];
        var caches = new KvCache[chosen.Length];
        var lengths = new int[chosen.Length];
        using var output = new NativeBuffer<float>((long)count * width);
        try
        {
            lock (_model.Turn)
            {
                var row = 0;
                for (var i = 0; i < chosen.Length; i++)
                {
                    var ids = texts[chosen[i]];
                    caches[i] = _model.NewCache(ids.Length);
                    caches[i].Append(0, ids.Length);
                    lengths[i] = ids.Length;
                    for (var at = 0; at < ids.Length; at++)
                        rows[row++] = new Row(i, ids[at], at, at, Wanted.Head, types?[chosen[i]][at] ?? 0);
                }
                _model.Run(rows, caches, lengths, head, output.Pointer, probe, 0);
            }
        }
        finally
        {
            foreach (var cache in caches)
                cache?.Dispose();
        }
        var from = output.Pointer;
        foreach (var text in chosen)
        {
            var numbers = texts[text].Length * width;
            results[text] = new ReadOnlySpan<float>(from, numbers).ToArray();
            from += numbers;
        }
    }

    private void Check(int[] ids, int[]? types, int text)
    {
        if (ids.Length == 0)
            throw new ConfigException($"Text {text} has no tokens; give at least one.");
        if (ids.Length > MaxTokens)
            throw new ResourceException($"Text {text} has {ids.Length} tokens; {_model.Checkpoint.Path} takes at most {MaxTokens}. Shorten it; nothing was cut.");
        foreach (var id in ids)
            _model.Check(id);
        if (types is null)
            return;
        var known = _model.Checkpoint.Model.Stacks[0].Input.Types?.Shape[0] ?? 1;
        if (types.Length != ids.Length)
            throw new ConfigException($"Text {text} has {ids.Length} tokens and {types.Length} types; give one for each.");
        foreach (var type in types)
        {
            if ((uint)type >= (uint)known)
                throw new ConfigException($"Text {text} has a token of type {type}; the model has {known}.");
        }
    }
}
