namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points that are not in a set.</summary>
internal sealed class ComplementSet(ScalarSet set) : ScalarSet
{
    protected override bool Test(int scalar) => !set.Contains(scalar);
}
