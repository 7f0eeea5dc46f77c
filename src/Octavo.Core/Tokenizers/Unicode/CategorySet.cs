using System.Globalization;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Code points of some general categories.</summary>
internal sealed class CategorySet(UnicodeCategoryFlags categories) : ScalarSet
{
    protected override bool Test(int scalar) => ((int)categories >> (int)CharUnicodeInfo.GetUnicodeCategory(scalar) & 1) != 0;
}
