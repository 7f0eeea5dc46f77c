namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points in some ranges, both ends included.</summary>
internal sealed class RangeSet : ScalarSet
{
    private readonly (int First, int Last)[] _ranges;

    public RangeSet(IEnumerable<(int First, int Last)> ranges) => _ranges = [.. ranges.OrderBy(range => range.First)];

    protected override bool Test(int scalar)
    {
        foreach (var (first, last) in _ranges)
        {
            if (first > scalar)
                return false;
            if (last >= scalar)
                return true;
        }
        return false;
    }
}
