using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>
/// A function whose gradients are computed here. An exception cannot cross libtorch's frames, it would end the process; so the first one of a
/// backward pass is kept, and <see cref="BackwardPass.Run"/> throws it when the pass is over.
/// </summary>
internal abstract class GuardedFunction<T> : autograd.SingleTensorFunction<T>
    where T : GuardedFunction<T>, new()
{
    public override string Name => typeof(T).Name;

    /// <summary>The function's value.</summary>
    protected abstract Tensor Value(autograd.AutogradContext ctx, object[] vars);

    /// <summary>One gradient for each input, null where it has none. Runs in a scope of its own, which the gradients leave, and without a graph.</summary>
    /// <param name="ctx">Holds data that was kept.</param>
    /// <param name="saved">Tensors that were kept; disposed afterwards.</param>
    /// <param name="gradient">That of the value.</param>
    protected abstract List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient);

    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data("inputs", vars.Length);
        return Value(ctx, vars);
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (!BackwardPass.HasFailed)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            List<Tensor> saved = [];
            try
            {
                saved = ctx.get_saved_variables();
                var gradients = Gradients(ctx, saved, grad_output);
                gradients.ForEach(one => one?.MoveToOuterDisposeScope());
                return gradients;
            }
            catch (Exception error)
            {
                BackwardPass.Keep(error);
            }
            finally
            {
                saved.ForEach(one => one.Dispose());
            }
        }
        return [.. new Tensor[(int)ctx.get_data("inputs")]];
    }
}

/// <summary>A backward pass over functions of this library.</summary>
internal static class BackwardPass
{
    // on a processor libtorch walks back on the thread that asks for it
    [ThreadStatic]
    private static ExceptionDispatchInfo? _first;

    /// <summary>Whether a function of the running pass has thrown; the others have nothing to do then.</summary>
    public static bool HasFailed => _first is not null;

    /// <summary>Keeps the first exception of a pass.</summary>
    public static void Keep(Exception error) => _first ??= ExceptionDispatchInfo.Capture(error);

    /// <summary>Walks back from an output and throws what a function has thrown.</summary>
    /// <param name="output">Any shape.</param>
    /// <param name="gradient">Of the same shape.</param>
    public static void Run(Tensor output, Tensor gradient)
    {
        _first = null;
        try
        {
            output.backward([gradient]);
        }
        catch (Exception) when (HasFailed)
        {
            // what libtorch says of gradients that are missing; the reason is thrown below
        }
        var first = _first;
        _first = null;
        first?.Throw();
    }
}
