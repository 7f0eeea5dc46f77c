using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Queries, pages of keys and values, and the running sums of one group, on guarded memory.</summary>
internal sealed unsafe class AttentionCase : IDisposable
{
    private const int Positions = 64;

    private readonly KernelSet _set;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly Guarded<float> _q;
    private readonly Guarded<float> _k;
    private readonly Guarded<float> _v;
    private readonly Guarded<float> _m;
    private readonly Guarded<float> _l;
    private readonly Guarded<float> _o;

    public AttentionCase(KernelSet set, int heads, int headDim, int pages, ulong seed, double scoreScale = 1)
    {
        _set = set;
        _heads = heads;
        _headDim = headDim;
        _q = Fill(Reference.Gaussians(heads * headDim, seed, scoreScale / Math.Sqrt(headDim)));
        _k = Fill(Reference.Gaussians(pages * Positions * headDim, seed + 100));
        _v = Fill(Reference.Gaussians(pages * Positions * headDim, seed + 200));
        _m = new Guarded<float>(heads);
        _m.Span.Fill(float.NegativeInfinity);
        _l = new Guarded<float>(heads);
        _l.Span.Clear();
        _o = new Guarded<float>(heads * headDim);
        _o.Span.Clear();
    }

    public void Attend(int page, int from, int to) => Attend(page, from, to, 0, _heads);

    public void Attend(int page, int from, int to, int head, int heads)
    {
        var at = page * Positions * _headDim;
        var query = head * _headDim;
        _set.AttendPage(
            _q.Pointer + query, heads, _headDim, _k.Pointer + at, _v.Pointer + at, from, to,
            _m.Pointer + head, _l.Pointer + head, _o.Pointer + query);
        _m.CheckGuards();
        _l.CheckGuards();
        _o.CheckGuards();
    }

    /// <summary>NaN everywhere in a page but in [from, to).</summary>
    public void Spoil(int page, int from, int to)
    {
        for (var j = 0; j < Positions; j++)
        {
            if (j >= from && j < to)
                continue;
            var at = ((page * Positions) + j) * _headDim;
            _k.Span.Slice(at, _headDim).Fill(float.NaN);
            _v.Span.Slice(at, _headDim).Fill(float.NaN);
        }
    }

    /// <summary>All running sums, as bits.</summary>
    public int[] Bits() =>
        [.. _m.Span.ToArray().Concat(_l.Span.ToArray()).Concat(_o.Span.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    public float[] Outputs() => _o.Span.ToArray();

    /// <summary>o / l against softmax in double precision over everything that was attended.</summary>
    public void Check((int Page, int From, int To)[] ranges)
    {
        int[] positions = [.. ranges.SelectMany(range => Enumerable.Range((range.Page * Positions) + range.From, range.To - range.From))];
        for (var h = 0; h < _heads; h++)
        {
            double[] scores = [.. positions.Select(position => Score(h, position))];
            var top = scores.Max();
            double[] weights = [.. scores.Select(score => Math.Exp(score - top))];
            var sum = weights.Sum();
            var spread = Math.Max(1, scores.Max(Math.Abs));
            ((double)_m.Span[h]).ShouldBe(top, 4e-6 * spread);
            ((double)_l.Span[h]).ShouldBe(sum, 4e-6 * spread * sum);
            for (var i = 0; i < _headDim; i++)
            {
                double expected = 0, magnitude = 0;
                for (var j = 0; j < positions.Length; j++)
                {
                    var term = weights[j] / sum * _v.Span[(positions[j] * _headDim) + i];
                    expected += term;
                    magnitude += Math.Abs(term);
                }
                var actual = _o.Span[(h * _headDim) + i] / _l.Span[h];
                Math.Abs(actual - expected).ShouldBeLessThan(
                    (4e-6 * spread * magnitude) + 1e-30, $"{_heads} heads of {_headDim}, head {h}, [{i}]: {actual} for {expected}");
            }
        }
    }

    public void Dispose()
    {
        _q.Dispose();
        _k.Dispose();
        _v.Dispose();
        _m.Dispose();
        _l.Dispose();
        _o.Dispose();
    }

    private double Score(int head, int position)
    {
        double sum = 0;
        for (var i = 0; i < _headDim; i++)
            sum += (double)_q.Span[(head * _headDim) + i] * _k.Span[(position * _headDim) + i];
        return sum;
    }

    private static Guarded<float> Fill(float[] numbers)
    {
        var memory = new Guarded<float>(numbers.Length);
        numbers.CopyTo(memory.Span);
        return memory;
    }
}
