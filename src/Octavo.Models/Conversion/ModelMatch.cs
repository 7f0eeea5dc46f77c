namespace Octavo.Models.Conversion;

/// <summary>
/// Walks two descriptions of one model side by side, as one format has it and as another would: which rows of which tensors correspond, and
/// what is not the same.
/// </summary>
internal sealed class ModelMatch
{
    private readonly bool _fromGguf;
    private readonly bool _toGguf;
    private readonly Func<View, float[]> _read;
    private readonly int _contextThere;
    private readonly List<TensorPart> _parts = [];
    private readonly List<ComputedTensor> _computed = [];
    private readonly List<string> _differences = [];
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private string _place = "the model";

    private ModelMatch(bool fromGguf, bool toGguf, Func<View, float[]> read, int contextThere) =>
        (_fromGguf, _toGguf, _read, _contextThere) = (fromGguf, toGguf, read, contextThere);

    /// <summary>What corresponds to what.</summary>
    public IReadOnlyList<TensorPart> Parts => _parts;

    /// <summary>Tensors that are numbers of the configuration on the other side.</summary>
    public IReadOnlyList<ComputedTensor> Computed => _computed;

    /// <summary>What the other format cannot say, one sentence each.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>What is not carried over and makes no difference to what the other format can run, one sentence each.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    /// <summary>Compares two descriptions.</summary>
    /// <param name="from">The model as it is stored.</param>
    /// <param name="fromGguf">Whether in a GGUF file.</param>
    /// <param name="to">The model as it will be stored.</param>
    /// <param name="toGguf">Whether in a GGUF file.</param>
    /// <param name="read">Reads a tensor of the stored model.</param>
    /// <param name="has">Whether the stored model has a tensor; those of optional heads may be missing.</param>
    public static ModelMatch Of(TextModel from, bool fromGguf, TextModel to, bool toGguf, Func<View, float[]> read, Predicate<View> has)
    {
        var match = new ModelMatch(fromGguf, toGguf, read, to.ContextLength);
        match.Same("the size of the vocabulary", from.VocabularySize, to.VocabularySize);
        match.Same("the width", from.HiddenSize, to.HiddenSize);
        if (match.Same("the number of stacks", from.Stacks.Count, to.Stacks.Count))
        {
            for (var i = 0; i < from.Stacks.Count; i++)
                match.Walk(from.Stacks[i], to.Stacks[i], has);
        }
        if (match._notes.Count == 0 || to.ContextLength > from.ContextLength)
            match.Same("the context", from.ContextLength, to.ContextLength);
        return match;
    }

    private void Walk(Stack from, Stack to, Predicate<View> has)
    {
        Walk(from.Input, to.Input);
        if (!Same("the number of layers", from.Layers.Count, to.Layers.Count))
            return;
        for (var i = 0; i < from.Layers.Count; i++)
        {
            _place = $"layer {i}";
            if (!Same("the number of parts", from.Layers[i].Parts.Count, to.Layers[i].Parts.Count))
                continue;
            for (var p = 0; p < from.Layers[i].Parts.Count; p++)
                Walk(from.Layers[i].Parts[p], to.Layers[i].Parts[p]);
        }
        _place = "the model";
        Walk("the last norm", from.Final, to.Final);
        foreach (var head in from.Heads.Where(head => !head.IsOptional || has(head.Projection.W)))
        {
            var there = to.Heads.FirstOrDefault(other => other.Name == head.Name);
            // a GGUF file of an encoder has no place for heads that callers can do without
            if (head.IsOptional && (there is null || _toGguf))
                _notes.Add($"The head '{head.Name}' is not carried over: the format has no place for it.");
            else if (there is null)
                _differences.Add($"the head '{head.Name}' has no place");
            else if (Same($"the cap of the head '{head.Name}'", head.Softcap, there.Softcap))
                Walk($"the head '{head.Name}'", head.Projection, there.Projection, role: TensorRole.Table);
        }
    }

    private void Walk(Embed from, Embed to)
    {
        Same("the scale of the embeddings", from.Scale, to.Scale);
        Same("the first position", from.FirstPosition, to.FirstPosition);
        Whole("the embedding table", from.Table, to.Table, TensorRole.Table);
        Whole("the learned positions", from.Positions, to.Positions, TensorRole.Delicate);
        Whole("the types of tokens", from.Types, to.Types, TensorRole.Delicate);
        Walk("the norm of the embeddings", from.Norm, to.Norm);
    }

    private void Walk(Residual from, Residual to)
    {
        Walk("the norm before a part", from.Pre, to.Pre);
        Walk("the norm of a part's output", from.Out, to.Out);
        Walk("the norm of a sum", from.Post, to.Post);
        switch (from.Mix, to.Mix)
        {
            case (Attention a, Attention b):
                Walk(a, b);
                break;
            case (Mlp a, Mlp b):
                Walk(a, b);
                break;
            case (Experts a, Experts b) when a.Each.Count == b.Each.Count:
                Same("the number of active experts", a.Active, b.Active);
                Walk("the router", a.Router, b.Router, role: TensorRole.Delicate);
                for (var e = 0; e < a.Each.Count; e++)
                    Walk(a.Each[e], b.Each[e]);
                break;
            default:
                _differences.Add($"{_place}: {from.Mix.GetType().Name} is {to.Mix.GetType().Name} there");
                break;
        }
    }

    private void Walk(Attention from, Attention to)
    {
        Same("the number of heads", (from.Heads, from.KvHeads, from.HeadDim), (to.Heads, to.KvHeads, to.HeadDim));
        Same("the scale of scores", from.Scale, to.Scale);
        Same("the cap of scores", from.Softcap, to.Softcap);
        WalkWindow(from.Visible.Window, to.Visible.Window);
        Same("whether attention looks ahead", !from.Visible.IsCausal, !to.Visible.IsCausal);
        Walk("q", from.Q, to.Q, from.HeadDim);
        Walk("k", from.K, to.K, from.HeadDim);
        Walk("v", from.V, to.V, from.HeadDim);
        Walk("o", from.O, to.O);
        Walk("the norm of q", from.QkNorm?.Q, to.QkNorm?.Q);
        Walk("the norm of k", from.QkNorm?.K, to.QkNorm?.K);
        Whole("the bias by distance", from.Bias?.Table, to.Bias?.Table, TensorRole.Delicate);
        Walk(from.Order, to.Order);
    }

    // a window that is wider than the context hides nothing
    private void WalkWindow(int? from, int? to)
    {
        if (from is { } width && to is null && _contextThere <= width)
            _notes.Add($"The attention window of {width} tokens is not carried over; the context ends at {_contextThere}, up to where it hides nothing.");
        else
            Same("the window of attention", from ?? 0, to ?? 0);
    }

    private void Walk(Mlp from, Mlp to)
    {
        Same("the activation", from.Act, to.Act);
        if (from.Gate is { } gate && to.Gate is { } other)
            Walk("gate", gate, other);
        else
            Same("whether there is a gate", from.Gate is not null, to.Gate is not null);
        Walk("up", from.Up, to.Up);
        Walk("down", from.Down, to.Down);
    }

    private void Walk(Rotary? from, Rotary? to)
    {
        if (!Same("whether positions rotate", from is not null, to is not null) || from is null || to is null)
            return;
        Same("how much of a head rotates", from.Dims, to.Dims);
        Same("the rotary pairs", from.Pairing, to.Pairing);
        Same("the rotary base", (float)from.Theta, (float)to.Theta);
        // up to the trained length dynamic scaling changes nothing
        if (from.Scaling is DynamicScaling dynamic && to is { Scaling: null, Factors: null } && _contextThere <= dynamic.OriginalLength)
        {
            _notes.Add($"Dynamic rotary scaling is not carried over; the context ends at {_contextThere}, up to where it changes nothing.");
            return;
        }
        var difference = RotaryMatch.Compare(from, to, _read, (view, numbers) => Add(view, numbers));
        if (difference is not null)
            _differences.Add($"{_place}: {difference}");
    }

    // all layers share them
    private void Add(View view, float[] numbers)
    {
        if (_computed.All(known => known.To.Name != view.Name))
            _computed.Add(new ComputedTensor(view, numbers));
    }

    private void Walk(string what, Norm? from, Norm? to)
    {
        if (!Same($"whether there is {what}", from is not null, to is not null) || from is null || to is null)
            return;
        Same($"ε of {what}", from.Epsilon, to.Epsilon);
        Whole($"the weights of {what}", from.W, to.W, TensorRole.Delicate, from.Offset - to.Offset);
        Whole($"the bias of {what}", from.B, to.B, TensorRole.Delicate);
    }

    private void Walk(string what, Linear from, Linear to, int headDim = 1, TensorRole role = TensorRole.Matrix)
    {
        if (!Same($"the outputs of {what}", from.Outputs, to.Outputs))
            return;
        var (rows, there) = (StoredRows.Of(from, headDim, _fromGguf), StoredRows.Of(to, headDim, _toGguf));
        _parts.Add(new TensorPart(from.W, rows, to.W, there, from.Outputs, Role: role));
        if (Same($"whether {what} has a bias", from.B is not null, to.B is not null) && from.B is not null)
            _parts.Add(new TensorPart(from.B, rows, to.B!, there, from.Outputs, Role: TensorRole.Delicate));
    }

    private void Whole(string what, View? from, View? to, TensorRole role, float shift = 0)
    {
        if (!Same($"whether there are {what}", from is not null, to is not null) || from is null || to is null)
            return;
        if (!from.Shape.SequenceEqual(to.Shape))
            _differences.Add($"{_place}: {what} have shape [{string.Join(", ", from.Shape)}] here and [{string.Join(", ", to.Shape)}] there");
        else
            _parts.Add(new TensorPart(from, row => row, to, row => row, from.Shape.Count < 2 ? 1 : from.Shape[0], shift, role));
    }

    private bool Same<T>(string what, T here, T there)
    {
        if (EqualityComparer<T>.Default.Equals(here, there))
            return true;
        _differences.Add(FormattableString.Invariant($"{_place}: {what} is {here} here and {there} there"));
        return false;
    }
}
