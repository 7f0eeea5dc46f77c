namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points in some ranges, both ends included.</summary>
internal sealed class RangeSet : ScalarSet
{
    // In order, none touching another.
    private readonly List<(int First, int Last)> _ranges = [];

    public RangeSet(IEnumerable<(int First, int Last)> ranges)
    {
        foreach (var (first, last) in ranges.OrderBy(range => range.First))
        {
            if (_ranges.Count > 0 && first <= _ranges[^1].Last + 1)
                _ranges[^1] = (_ranges[^1].First, Math.Max(last, _ranges[^1].Last));
            else
                _ranges.Add((first, last));
        }
    }

    protected override bool Test(int scalar)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (scalar < _ranges[middle].First)
                high = middle - 1;
            else if (scalar > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }
}
