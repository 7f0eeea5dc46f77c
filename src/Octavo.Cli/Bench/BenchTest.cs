using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>One thing that is measured. A new kind of test is one class more, and one line in <see cref="BenchRun"/>.</summary>
internal abstract class BenchTest
{
    /// <summary>The kind in the JSON document: <c>prefill</c>, <c>decode</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Tokens that one repetition runs, for each sequence.</summary>
    public abstract int Tokens { get; }

    /// <summary>Tokens in the cache before.</summary>
    public virtual int Depth => 0;

    /// <summary>Positions that a sequence takes.</summary>
    public virtual int Positions => Depth + Tokens;

    /// <summary>Sequences that run together.</summary>
    public virtual int Batch => 1;

    /// <summary>Bytes that one repetition must read, where the bandwidth is what limits it; else null.</summary>
    public virtual double? Bytes(Workload workload) => null;

    /// <summary>Operations that one repetition must do.</summary>
    public abstract Operations Compute(Workload workload);

    /// <summary>Brings the sequences to where a repetition begins; not timed.</summary>
    public abstract void Prepare(BenchContext context);

    /// <summary>One repetition; timed.</summary>
    public abstract void Run(BenchContext context);

    /// <summary>After the last repetition: leaves in the session the beginning of the text only, and frees what the test made for itself.</summary>
    public virtual void Finish(BenchContext context)
    {
    }
}
