namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points that are in a set, in either case.</summary>
internal sealed class CaselessSet(ScalarSet set) : ScalarSet
{
    protected override bool Test(int scalar)
    {
        if (set.Contains(scalar))
            return true;
        foreach (var variant in CaseFolding.Variants(scalar))
        {
            if (set.Contains(variant))
                return true;
        }
        return false;
    }
}
