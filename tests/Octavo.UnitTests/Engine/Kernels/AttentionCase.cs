using System.Runtime.InteropServices;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Queries, pages of keys and values, and the running sums of the queries, on guarded memory.</summary>
internal sealed unsafe class AttentionCase : IDisposable
{
    private const int Positions = PageLayout.Positions;

    private readonly KernelSet _set;
    private readonly PageLayout _layout;
    private readonly int _queries;
    private readonly byte* _pages;
    private readonly Guarded<float> _q;
    private readonly Guarded<float> _m;
    private readonly Guarded<float> _l;
    private readonly Guarded<float> _o;

    public AttentionCase(KernelSet set, KvType type, int queries, int headDim, int pages, ulong seed, double scoreScale = 1)
    {
        _set = set;
        _layout = new PageLayout(type, headDim);
        _queries = queries;
        _q = new Guarded<float>(queries * headDim);
        Reference.Gaussians(queries * headDim, seed, scoreScale / Math.Sqrt(headDim)).CopyTo(_q.Span);
        fixed (float* q = _q.Span)
            set.Scale(q, set.QueryScale(type), queries * headDim);
        var bytes = (nuint)(pages * _layout.HeadBytes);
        _pages = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_pages, bytes);
        var k = Reference.Gaussians(pages * Positions * headDim, seed + 100);
        var v = Reference.Gaussians(pages * Positions * headDim, seed + 200);
        for (var slot = 0; slot < pages * Positions; slot++)
            Store(slot, k.AsSpan(slot * headDim, headDim), v.AsSpan(slot * headDim, headDim));
        _m = new Guarded<float>(queries);
        _m.Span.Fill(float.NegativeInfinity);
        _l = new Guarded<float>(queries);
        _l.Span.Clear();
        _o = new Guarded<float>(queries * _layout.ValueStride);
        _o.Span.Clear();
    }

    public void Attend(int page, int from, int to) => Attend(page, [.. Enumerable.Repeat(new Slots(from, to), _queries)]);

    /// <summary>All queries together, each with its own slots.</summary>
    public void Attend(int page, Slots[] visible) => Attend(page, visible, 0, _queries);

    public void Attend(int page, Slots[] visible, int first, int count)
    {
        var floats = KernelSet.AttendScratchFloats(_layout.HeadDim, count);
        var scratch = (float*)NativeMemory.AlignedAlloc((nuint)(floats + 16) * sizeof(float), 64);
        new Span<float>(scratch, floats + 16).Fill(float.NaN);
        scratch[floats] = 7;
        var queries = new QueryBlock(
            _q.Pointer + (first * _layout.HeadDim), count, _m.Pointer + first, _l.Pointer + first, _o.Pointer + (first * _layout.ValueStride));
        fixed (Slots* slots = &visible[first])
            _set.AttendPage(View(page), queries, slots, View(page).Keys, scratch);
        scratch[floats].ShouldBe(7, "scratch overrun");
        NativeMemory.AlignedFree(scratch);
        _m.CheckGuards();
        _l.CheckGuards();
        _o.CheckGuards();
    }

    /// <summary>NaN everywhere in a page but in [from, to).</summary>
    public void Spoil(int page, int from, int to)
    {
        var nan = new float[_layout.HeadDim];
        nan.AsSpan().Fill(float.NaN);
        for (var j = 0; j < Positions; j++)
        {
            if (j < from || j >= to)
                Store((page * Positions) + j, nan, nan);
        }
    }

    /// <summary>All running sums, as bits.</summary>
    public int[] Bits() =>
        [.. _m.Span.ToArray().Concat(_l.Span.ToArray()).Concat(_o.Span.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    /// <summary>The running sums of one query, as bits.</summary>
    public int[] Bits(int query) =>
        [.. new[] { _m.Span[query], _l.Span[query] }.Concat(Outputs(query)).Select(BitConverter.SingleToInt32Bits)];

    public float[] Outputs(int query) => _o.Span.Slice(query * _layout.ValueStride, _layout.HeadDim).ToArray();

    /// <summary>o / l against softmax in double precision over everything that was attended.</summary>
    public void Check((int Page, int From, int To)[] ranges)
    {
        for (var query = 0; query < _queries; query++)
            Check(query, ranges);
    }

    public void Check(int query, (int Page, int From, int To)[] ranges)
    {
        int[] slots = [.. ranges.SelectMany(range => Enumerable.Range((range.Page * Positions) + range.From, range.To - range.From))];
        double[] scores = [.. slots.Select(slot => Score(query, slot))];
        var top = scores.Max();
        double[] weights = [.. scores.Select(score => Math.Exp(score - top))];
        var sum = weights.Sum();
        var spread = Math.Max(1, scores.Max(Math.Abs));
        ((double)_m.Span[query]).ShouldBe(top, 6e-6 * spread);
        ((double)_l.Span[query]).ShouldBe(sum, 6e-6 * spread * sum);
        for (var i = 0; i < _layout.HeadDim; i++)
        {
            double expected = 0, magnitude = 0;
            for (var j = 0; j < slots.Length; j++)
            {
                var term = weights[j] / sum * ScalarPages.Value(View(slots[j] / Positions), slots[j] % Positions, i);
                expected += term;
                magnitude += Math.Abs(term);
            }
            var actual = Outputs(query)[i] / _l.Span[query];
            Math.Abs(actual - expected).ShouldBeLessThan(
                (6e-6 * spread * magnitude) + 1e-30, $"{_queries} of {_layout.HeadDim} {_layout.Type}, query {query}, [{i}]: {actual} for {expected}");
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_pages);
        _q.Dispose();
        _m.Dispose();
        _l.Dispose();
        _o.Dispose();
    }

    private PageView View(int page) => new(_pages + (page * _layout.HeadBytes), _layout);

    private void Store(int slot, ReadOnlySpan<float> k, ReadOnlySpan<float> v)
    {
        fixed (float* key = k, value = v)
            _set.StorePosition(View(slot / Positions), slot % Positions, key, value);
    }

    private double Score(int query, int slot)
    {
        double sum = 0;
        for (var i = 0; i < _layout.HeadDim; i++)
            sum += (double)_q.Span[(query * _layout.HeadDim) + i] * ScalarPages.Key(View(slot / Positions), slot % Positions, i);
        return sum / _set.QueryScale(_layout.Type);
    }
}
