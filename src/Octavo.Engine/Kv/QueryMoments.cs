using System.Numerics;

namespace Octavo.Engine.Kv;

/// <summary>Mean and covariance of the queries of each head, added up row by row.</summary>
/// <param name="heads">Query heads.</param>
/// <param name="headDim">Width of a head.</param>
internal sealed unsafe class QueryMoments(int heads, int headDim)
{
    private readonly double[] _sums = new double[heads * headDim];
    private readonly double[] _products = new double[heads * headDim * headDim];
    private readonly double[] _row = new double[headDim];
    private long _rows;

    /// <summary>The same sums, to go on from apart.</summary>
    public QueryMoments Copy()
    {
        var copy = new QueryMoments(heads, headDim) { _rows = _rows };
        _sums.CopyTo(copy._sums, 0);
        _products.CopyTo(copy._products, 0);
        return copy;
    }

    /// <summary>Adds one row: [heads, headDim].</summary>
    public void Add(float* q)
    {
        for (var head = 0; head < heads; head++, q += headDim)
        {
            for (var d = 0; d < headDim; d++)
            {
                _row[d] = q[d];
                _sums[(head * headDim) + d] += q[d];
            }
            for (var i = 0; i < headDim; i++)
                AddScaled(_products.AsSpan(((head * headDim) + i) * headDim, headDim), q[i]);
        }
        _rows++;
    }

    /// <summary>Mean [d] and covariance [d][d] (divided by the number of rows).</summary>
    public (float[] Mean, float[] Covariance) Of(int head)
    {
        var mean = new double[headDim];
        for (var d = 0; d < headDim; d++)
            mean[d] = _sums[(head * headDim) + d] / _rows;
        var covariance = new float[headDim * headDim];
        for (var i = 0; i < covariance.Length; i++)
            covariance[i] = (float)((_products[(head * headDim * headDim) + i] / _rows) - (mean[i / headDim] * mean[i % headDim]));
        return ([.. mean.Select(number => (float)number)], covariance);
    }

    private void AddScaled(Span<double> to, double factor)
    {
        var i = 0;
        for (; i <= to.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(to[i..]) + (new Vector<double>(_row, i) * factor)).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] += _row[i] * factor;
    }
}
