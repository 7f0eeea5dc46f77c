using Octavo.Core.Tokenizers.Patterns;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>Puts a text in place of each occurrence of a pattern; it stands for the occurrence's last character.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override void Apply(MappedText text)
    {
        List<TextMatch> matches = [];
        pattern.Find(text.Units, matches);
        if (matches.Count == 0)
            return;
        if (content.Length == 1 && matches.TrueForAll(static match => match.End - match.Start == 1))
        {
            foreach (var match in matches)
                text.Units[match.Start] = content[0];
            return;
        }
        var writer = text.Rewrite();
        var from = 0;
        foreach (var match in matches)
        {
            text.CopyTo(writer, from, match.Start);
            writer.Put(content, text.StartBefore(match.End), text.EndBefore(match.End));
            from = match.End;
        }
        text.CopyTo(writer, from, text.Length);
        text.Take(writer);
    }
}
