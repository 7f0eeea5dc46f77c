using System.Globalization;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Cache;
using Octavo.Engine.Kv;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>
/// A method that compresses after the prompt: scores, which positions each head keeps, their keys and values, and the logits of tokens that
/// follow one by one. <c>kv.press_masked</c> tells the kept positions as a mask over all.
/// </summary>
/// <param name="kind">The kind.</param>
internal sealed class KvPressRunner(string kind) : GoldenRunner
{
    public override string Kind => kind;

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var method = new Recorded(KvMethodOptions.Of(golden));
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        using var session = model.NewSession(null, method);
        using var tensors = new GoldenTensors(golden);
        var prompt = session.Forward(tensors.Wholes("in.input_ids")).ToArray();
        var layers = Enumerable.Range(0, model.Layers).Select(layer => new Layer(session, layer, method)).ToList();
        List<float> follow = [];
        foreach (var token in tensors.Wholes("in.follow_ids"))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            follow.AddRange(session.Forward([token]));
        }
        return [.. golden.Outputs.Select(output => Check(output.Key, output.Value))];

        OutputCheck Check(string name, Tolerance tolerance)
        {
            var (what, layer) = name.Split('.') is [var first, var number] ? (first, layers[int.Parse(number, CultureInfo.InvariantCulture)]) : (name, null);
            return what switch
            {
                "prefill_logits" => Numbers(prompt),
                "logits" => Numbers([.. follow]),
                "scores" => Numbers([.. method.Scores.SelectMany(scores => scores)]),
                "kept" => Wholes([.. layer!.Kept.SelectMany(kept => kept)]),
                "keys" => Numbers(layer!.Keys),
                "values" => Numbers(layer!.Values),
                "kept_mask" => Wholes([.. layers.SelectMany(every => every.Kept.SelectMany(kept => Mask(kept, tensors.Wholes("in.input_ids").Length)))]),
                "kept_per_head" => Wholes([.. layers.SelectMany(every => every.Kept.Select(kept => kept.Length))]),
                _ => throw new UnsupportedException($"the output '{name}' of a method for keys and values is not supported yet."),
            };

            OutputCheck Numbers(float[] actual) => OutputCheck.Numbers(name, actual, tensors.Floats("out." + name), tolerance);

            OutputCheck Wholes(int[] actual) => OutputCheck.Wholes(name, actual, tensors.Wholes("out." + name));
        }
    }

    private static IEnumerable<int> Mask(int[] kept, int count)
    {
        var known = kept.ToHashSet();
        return Enumerable.Range(0, count).Select(position => known.Contains(position) ? 1 : 0);
    }

    /// <summary>What a layer stores after the prompt.</summary>
    private sealed class Layer
    {
        public Layer(Session session, int layer, Recorded method)
        {
            var heads = Enumerable.Range(0, session.Cache.StoredHeads(layer)).Select(head => new StoredHead(session.Cache, layer, head)).ToList();
            // what moved together is told by the places that it had
            Kept = method.Renumbers ? method.Chosen[layer]! : [.. heads.Select(head => head.Positions.Span.ToArray())];
            Keys = [.. heads.SelectMany(head => head.Keys())];
            Values = [.. heads.SelectMany(head => head.Values())];
        }

        public IReadOnlyList<int[]> Kept { get; }

        public float[] Keys { get; }

        public float[] Values { get; }
    }

    /// <summary>Notes the scores of the method that it passes everything on to.</summary>
    private sealed record Recorded(KvMethod Inner) : KvMethod
    {
        public List<float[]> Scores { get; } = [];

        public List<int[][]?> Chosen { get; } = [];

        public override string Name => Inner.Name;

        public override KvNeeds Needs => Inner.Needs;

        public override bool Renumbers => Inner.Renumbers;

        public override bool StoresQueryHeads => Inner.StoresQueryHeads;

        public override int[][]? Compress(KvLayer layer)
        {
            var rated = (Inner as WrapperMethod)?.Inner ?? Inner as ScoredMethod;
            Scores.AddRange(rated?.Score(layer) ?? []);
            Chosen.Add(Inner.Compress(layer));
            return Chosen[^1];
        }
    }
}
