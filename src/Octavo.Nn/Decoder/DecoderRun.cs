using Octavo.Nn.Functions;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>
/// One forward pass and, if asked for, its backward pass. Give <see cref="Hidden"/> a gradient (by backward of a loss computed from it), then
/// call <see cref="Backward"/>: the gradients of everything trained are added to what they have.
/// </summary>
public sealed class DecoderRun : IDisposable
{
    private readonly TrainableDecoder _decoder;
    private readonly Pass _pass;
    private readonly Tensor[] _inputs;
    private readonly Tensor?[] _outputs;
    private Tensor? _embedded;
    private bool _isDone;

    internal DecoderRun(TrainableDecoder decoder, Pass pass, Action<int, Tensor>? capture)
    {
        (_decoder, _pass) = (decoder, pass);
        (_inputs, _outputs) = (new Tensor[decoder.Stages + 1], new Tensor?[decoder.Stages]);
        try
        {
            Run(capture);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Rows after the final norm [N, C], fp32: a leaf whose gradient starts the backward pass. Belongs to the run.</summary>
    public Tensor Hidden => _inputs[^1];

    /// <summary>Walks back over the layers and adds the gradients of what is trained.</summary>
    /// <remarks>What goes wrong on the way is thrown here; gradients are then incomplete, and the run is of no more use.</remarks>
    /// <exception cref="InvalidOperationException">There is no gradient at <see cref="Hidden"/>, or this was called before.</exception>
    public void Backward()
    {
        if (_isDone || !_pass.IsTraining)
            throw new InvalidOperationException("a run goes back once, and only where it was made for training.");
        _isDone = true;
        var gradient = Take(Hidden) ?? throw new InvalidOperationException("Hidden has no gradient; compute a loss from it and go back from there first.");
        for (var stage = _decoder.Stages - 1; stage >= 0; stage--)
        {
            using var scope = NewDisposeScope();
            var output = _outputs[stage] ?? _decoder.Stage(stage, _inputs[stage], _pass);
            BackwardPass.Run(output, gradient);
            gradient.Dispose();
            _outputs[stage]?.Dispose();
            _outputs[stage] = null;
            if (!_inputs[stage].requires_grad)
                return;
            gradient = Take(_inputs[stage])!;
            _inputs[stage].Dispose();
        }
        if (_embedded is not null)
            BackwardPass.Run(_embedded, gradient);
        gradient.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pass.Dispose();
        _embedded?.Dispose();
        foreach (var tensor in (Tensor?[])[.. _inputs, .. _outputs])
            tensor?.Dispose();
    }

    private void Run(Action<int, Tensor>? capture)
    {
        using var scope = NewDisposeScope();
        var trains = _pass.IsTraining;
        using var mode = trains ? null : no_grad();
        _embedded = _decoder.Embed(_pass.Rows).DetachFromDisposeScope();
        _inputs[0] = Leaf(_embedded, trains && _decoder.TrainsEmbeddings);
        for (var stage = 0; stage < _decoder.Stages; stage++)
        {
            // the last of those told are the rows after the final norm, not those before it
            if (stage < _decoder.Layers)
                capture?.Invoke(stage, _inputs[stage]);
            var isKept = trains && !_decoder.Options.Recompute;
            using var off = trains && !isKept ? no_grad() : null;
            var output = _decoder.Stage(stage, _inputs[stage], _pass);
            _inputs[stage + 1] = Leaf(output, trains);
            if (isKept)
                _outputs[stage] = output.DetachFromDisposeScope();
            else
                output.Dispose();
        }
        capture?.Invoke(_decoder.Layers, Hidden);
    }

    private static Tensor Leaf(Tensor x, bool hasGradient)
    {
        var leaf = x.detach().DetachFromDisposeScope();
        leaf.requires_grad = hasGradient;
        return leaf;
    }

    // the gradient, which then belongs to the caller
    private static Tensor? Take(Tensor x)
    {
        var gradient = x.grad?.DetachFromDisposeScope();
        x.grad = null;
        return gradient;
    }
}
