using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The arithmetic of one instruction set. Every output is reduced in one order that depends on nothing but the instruction set
/// and the columns: not on how many rows or tokens a call has, nor on where a call begins. So chunks, threads and batches change
/// no bit. Calls work on a chunk of rows (tens of kilobytes of weights), so the virtual call costs nothing.
/// Pointers may be unaligned. Stateless: safe from any thread.
/// </summary>
internal abstract unsafe class KernelSet
{
    /// <summary>The name that <c>doctor</c> and benchmarks print: <c>avx512</c>, <c>avx2</c>, <c>v128</c>, <c>scalar</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Chunks have a multiple of this many rows: whole groups of packed ones, and no lanes wasted.</summary>
    public virtual int RowMultiple => PackedFormat.Rows;

    /// <summary>
    /// y[t·ldy + r] = Σ_k W[r,k]·x[t·ldx + k], in fp32 on dequantized weights and unquantized activations.
    /// Every <see cref="TensorType"/> that Core can dequantize is taken.
    /// </summary>
    /// <param name="w">A chunk of consecutive rows.</param>
    /// <param name="x">[tokens, columns] with row stride <paramref name="ldx"/>.</param>
    /// <param name="ldx">Floats from one row of x to the next.</param>
    /// <param name="tokens">Rows of x.</param>
    /// <param name="y">[tokens, w.Rows] with row stride <paramref name="ldy"/>.</param>
    /// <param name="ldy">Floats from one row of y to the next.</param>
    /// <param name="scratch">At least <see cref="ScratchFloats"/>(columns) floats of the calling thread's own.</param>
    public abstract void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch);

    /// <summary>
    /// The same on packed weights and quantized activations: sums of whole products are exact in 32 bits, then scaled and added in fp32,
    /// block after block.
    /// </summary>
    public abstract void MatMulPacked(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch);

    /// <summary>Floats of scratch that the two products need for a given number of columns.</summary>
    public virtual int ScratchFloats(int columns) => 8 * columns;

    /// <summary>
    /// Quantizes one row: per block of 32 with 16 bits, d = max|x| / 32,512, q = round(x · (1/d)), half to even, s = d·Σq; a q whose low
    /// byte is −128 is raised by one, since products of −128 could saturate. With 8 bits q = 256 · round(x · (127 / max|x|)).
    /// A block of zeros has d = 0. NaN and infinity must not vanish: they make d, and so every output of the row, NaN.
    /// </summary>
    /// <param name="x">As many numbers as the row has columns.</param>
    /// <param name="to">The row.</param>
    public abstract void Quantize(float* x, in QuantizedRows to);

    /// <summary>y = x / √(mean(x²) + ε) · w; y may be x.</summary>
    public abstract void RmsNorm(float* x, float* w, float epsilon, int n, float* y);

    /// <summary>y = (x − mean(x)) / √(var(x) + ε) · w + b; y may be x.</summary>
    public virtual void LayerNorm(float* x, float* w, float* b, float epsilon, int n, float* y) =>
        PortableElementwise.LayerNorm(x, w, b, epsilon, n, y);

    /// <summary>x = act(x).</summary>
    public virtual void Activate(Activation act, float* x, int n) => PortableElementwise.Activate(act, x, n);

    /// <summary>y = act(gate) · up; y may be gate.</summary>
    public abstract void GateMul(Activation act, float* gate, float* up, int n, float* y);

    /// <summary>x = cap · tanh(x / cap).</summary>
    public abstract void Cap(float* x, float cap, int n);

    /// <summary>x += y.</summary>
    public abstract void Add(float* x, float* y, int n);

    /// <summary>Rotates the first <paramref name="dims"/> numbers of each head in place.</summary>
    /// <param name="x">[heads, headDim]</param>
    /// <param name="heads">How many heads.</param>
    /// <param name="headDim">Floats per head.</param>
    /// <param name="dims">Numbers that rotate.</param>
    /// <param name="pairing">Which two numbers form a pair.</param>
    /// <param name="cos">dims/2 numbers.</param>
    /// <param name="sin">dims/2 numbers.</param>
    public abstract void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin);

    /// <summary>What queries are multiplied with beside the score's scale: a power of two that makes up for how pages of a type are read.</summary>
    public virtual float QueryScale(KvType type) => 1;

    /// <summary>
    /// Attention of queries over one page, merged into their running sums. Per query, over its visible slots in order:
    /// s_j = Σ_d q_d·k_jd by d, m_p = max s_j, p_j = exp(s_j − m_p), l_p = Σ p_j in a fixed order, o_p = Σ p_j v_j by j, then
    /// (m, l, o) ← the sum of both at the larger maximum. Pages must be given in order; a query that sees nothing stays as it is.
    /// </summary>
    /// <param name="page">The head's keys and values.</param>
    /// <param name="queries">Queries and sums.</param>
    /// <param name="visible">What each query sees.</param>
    /// <param name="ahead">The page that is read next, to be fetched early; any address will do.</param>
    /// <param name="scratch">At least <see cref="AttendScratchFloats"/> floats of the calling thread's own, on a cache line.</param>
    public abstract void AttendPage(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch);

    /// <summary>Scores of queries over one page, q·k alone: of all its slots, filled or not.</summary>
    /// <param name="page">The head's keys.</param>
    /// <param name="q">[count, Dh], multiplied as for <see cref="AttendPage"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="scores">[count][64]</param>
    public abstract void ScorePage(in PageView page, float* q, int count, float* scores);

    /// <summary>The set whose <see cref="AttendPage"/> is fastest for sequences of so many pages; with the same bits.</summary>
    public virtual KernelSet ForDepth(int pages) => this;

    /// <summary>Floats of scratch that <see cref="AttendPage"/> needs.</summary>
    public static int AttendScratchFloats(int headDim, int queries) =>
        (PageLayout.Positions * PageLayout.Stride(headDim)) + (queries * (PageLayout.Positions + 2));

    /// <summary>
    /// Stores one position's key and value. F16: rounded half to even, numbers below 2⁻¹⁴ become 0. Q8: d = max|x| / 127 per 32 dimensions,
    /// q = round(x · (1/d)) half to even; NaN and infinity make d NaN.
    /// </summary>
    /// <returns>False where a number does not fit the type (F16: 65520 and beyond, NaN); the slot is then of no use.</returns>
    public abstract bool StorePosition(in PageView page, int slot, float* k, float* v);

    /// <summary>
    /// What a low-rank adapter adds to a product: y_i = y_i + Σ_j u_j·b[j·ldb + i], by j; times gain_i where there is a gain.
    /// </summary>
    /// <param name="u">A x, <paramref name="rank"/> numbers.</param>
    /// <param name="rank">The adapter's rank.</param>
    /// <param name="b">B transposed and scaled: [rank, outputs] from an output on.</param>
    /// <param name="ldb">Floats from one row of b to the next.</param>
    /// <param name="gain">What DoRA multiplies each output with, or null.</param>
    /// <param name="y">The outputs.</param>
    /// <param name="n">How many.</param>
    public virtual void AddLowRank(float* u, int rank, float* b, int ldb, float* gain, float* y, int n) =>
        PortableLowRank.Run(u, rank, b, ldb, gain, y, n);

    /// <summary>x *= factor.</summary>
    public abstract void Scale(float* x, float factor, int n);
}

/// <summary>Consecutive rows of a stored matrix, row-major as in the file.</summary>
/// <param name="data">The first row's first byte.</param>
/// <param name="type">How the numbers are stored.</param>
/// <param name="rows">How many rows.</param>
/// <param name="columns">Numbers per row; whole blocks.</param>
internal readonly unsafe struct WeightRows(byte* data, TensorType type, int rows, int columns)
{
    public readonly byte* Data = data;
    public readonly TensorType Type = type;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly long RowBytes = type.ByteLength(columns);

    /// <summary>Rows from <paramref name="first"/> on.</summary>
    public WeightRows Slice(int first, int rows) => new(Data + (first * RowBytes), Type, rows, Columns);
}
