using System.Text;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Makes letters small, each by itself.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    // The only letter that becomes two: i and a dot above.
    private const char DottedCapitalI = '\u0130';
    private const string DottedSmallI = "i\u0307";

    public override void Apply(MappedText text)
    {
        if (text.Units.Contains(DottedCapitalI))
            Divide(text);
        var units = text.Units;
        for (var at = 0; at < units.Length;)
        {
            var unit = units[at];
            if (unit < 0x80)
            {
                units[at++] = (char)(char.IsAsciiLetterUpper(unit) ? unit | 0x20 : unit);
                continue;
            }
            var scalar = Scalars.At(units, at, out var length);
            var lower = CaseFolding.Lower(scalar);
            if (lower != scalar)
                new Rune(lower).EncodeToUtf16(units[at..]);
            at += length;
        }
    }

    private static void Divide(MappedText text)
    {
        var writer = text.Rewrite();
        var from = 0;
        while (text.Units[from..].IndexOf(DottedCapitalI) is >= 0 and var step)
        {
            var at = from + step;
            text.CopyTo(writer, from, at);
            writer.Put(DottedSmallI, text.StartOf(at), text.EndOf(at + 1));
            from = at + 1;
        }
        text.CopyTo(writer, from, text.Length);
        text.Take(writer);
    }
}
