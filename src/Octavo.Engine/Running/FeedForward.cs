using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>Down(act(Gate(x)) · Up(x)) of some rows whose quantized form, where it is needed, lies in the workspace.</summary>
internal sealed unsafe class FeedForward(KernelSet kernels, WorkerPool pool, Workspace work, LinearRegion linear)
{
    private readonly GateRegion _gate = new(kernels);

    /// <param name="mlp">The part.</param>
    /// <param name="x">[rows, C]</param>
    /// <param name="rows">How many.</param>
    /// <param name="y">[rows, C]</param>
    public void Run(LoweredMlp mlp, float* x, int rows, float* y)
    {
        linear.Begin(x, work.Quantized(work.Hidden), work.Hidden, rows);
        linear.Add(mlp.GateUp[0], work.Gate);
        if (mlp.GateUp.Length > 1)
            linear.Add(mlp.GateUp[1], work.Up);
        linear.RunOn(pool);
        var width = mlp.Down.Weights.Columns;
        _gate.Begin(mlp.Act, work.Gate, mlp.GateUp.Length > 1 ? work.Up : null, width, work.Quantized(width), mlp.Down.IsPacked);
        pool.Run(_gate, _gate.Items(rows));
        linear.Begin(work.Gate, work.Quantized(width), width, rows);
        linear.Add(mlp.Down, y);
        linear.RunOn(pool);
    }
}
