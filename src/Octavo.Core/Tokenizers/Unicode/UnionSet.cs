namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points of any of some sets.</summary>
internal sealed class UnionSet(ScalarSet[] sets) : ScalarSet
{
    protected override bool Test(int scalar)
    {
        foreach (var set in sets)
        {
            if (set.Contains(scalar))
                return true;
        }
        return false;
    }
}
