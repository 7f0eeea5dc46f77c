using Octavo.Core;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Kv;
using Octavo.Engine.Running;

namespace Octavo.Engine;

/// <content>What methods for keys and values ask of the model.</content>
public sealed partial class LanguageModel
{
    /// <summary>What watches a prompt for a method; null where it needs nothing noted.</summary>
    internal PromptWatch? NewWatch(KvMethod method)
    {
        var shape = _lowered.AttentionOf(0).Shape;
        return method.Needs == default ? null : new PromptWatch(method.Needs, Layers, shape.Heads, shape.HeadDim, ContextLength);
    }

    /// <summary>A layer of a sequence as a method sees it.</summary>
    internal KvLayer ViewLayer(KvCache cache, int layer, KvMethod method, bool isPrompt)
    {
        var part = _lowered.AttentionOf(layer);
        return new KvLayer(cache, layer, Layers, part, part.Rotary < 0 ? null : _lowered.Rotaries[part.Rotary], method.StoresQueryHeads, isPrompt);
    }

    /// <summary>Moves what was kept of a sequence together: the keys of each head get the positions from 0 on.</summary>
    /// <param name="cache">What was kept of its prompt, not packed.</param>
    /// <param name="method">Who asks.</param>
    /// <exception cref="ConfigException">Heads keep different numbers of tokens, so that there is no one place to go on at.</exception>
    internal unsafe void Renumber(KvCache cache, string method)
    {
        var kept = cache.StoredTokens(0, 0);
        foreach (var (layer, head) in Heads())
        {
            if (cache.StoredTokens(layer, head) != kept)
                throw new ConfigException($"'{method}' moves what is kept together, and head {head} of layer {layer} keeps {cache.StoredTokens(layer, head)} tokens, another one {kept}. Wrap a method that keeps as many everywhere.");
        }
        if (kept == cache.SeenTokens)
            return;
        KeyMove[] moves = [.. _lowered.Rotaries.Select(rotary => new KeyMove(rotary, kept, cache.SeenTokens))];
        foreach (var (layer, head) in Heads())
        {
            var (part, stored) = (_lowered.AttentionOf(layer), new StoredHead(cache, layer, head));
            if (part.Rotary < 0)
                continue;
            var keys = stored.Keys();
            fixed (float* first = keys)
            {
                for (var slot = 0; slot < kept; slot++)
                {
                    moves[part.Rotary].Set(slot, stored.Position(slot), slot);
                    moves[part.Rotary].Turn(Kernels, slot, first + (slot * part.Shape.HeadDim), part.Shape.HeadDim, part.Pairing);
                }
            }
            if (!stored.Write(Kernels, keys, stored.Values()))
                throw new UnsupportedException($"A key of layer {layer} that was moved does not fit pages of fp16. Store fp32 instead (--kv f32, EngineOptions.KvType).");
        }
        foreach (var move in moves)
            move.Dispose();
        cache.Renumber();

        IEnumerable<(int Layer, int Head)> Heads() =>
            Enumerable.Range(0, Layers).SelectMany(layer => Enumerable.Range(0, cache.StoredHeads(layer)).Select(head => (layer, head)));
    }

    /// <exception cref="UnsupportedException">Methods do not work for the model.</exception>
    internal void CheckMethod(KvMethod method)
    {
        if (method.Interval is not null && (method.StoresQueryHeads || method.Needs.ColumnSums || method.Needs.MomentsFrom is not null))
            throw new UnsupportedException($"'{method.Name}' compresses again while tokens are generated, and needs what is known of a prompt only; have it need queries or keys.");
        if ((method.Blend is not null || method.Renumbers) && KeysDependOnLength(ContextLength))
            throw new UnsupportedException($"{Checkpoint.Path}: keys depend on how long a sequence is, so they cannot be moved as '{method.Name}' does. Give a context within the trained length (--context), or leave the method out.");
        if (method.Packing is { } packing)
            _ = PageLayout.Packed(Pages.Layout.HeadDim, packing.Bits, packing.Group);
        for (var layer = 0; layer < Layers; layer++)
        {
            var part = _lowered.AttentionOf(layer);
            if (part.Shape.Visible.Window is { } window)
                throw new UnsupportedException($"{Checkpoint.Path}: layer {layer} sees {window} tokens only; '{method.Name}' works for models whose layers see all. Leave the method out.");
            if (part.Shape.Heads != _lowered.AttentionOf(0).Shape.Heads)
                throw new UnsupportedException($"{Checkpoint.Path}: layers differ in their query heads; '{method.Name}' works for models whose layers are alike. Leave the method out.");
        }
    }
}
