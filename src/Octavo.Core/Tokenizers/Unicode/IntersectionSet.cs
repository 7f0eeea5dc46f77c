namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points that are in each of some sets.</summary>
internal sealed class IntersectionSet(ScalarSet[] sets) : ScalarSet
{
    protected override bool Test(int scalar)
    {
        foreach (var set in sets)
        {
            if (!set.Contains(scalar))
                return false;
        }
        return true;
    }
}
