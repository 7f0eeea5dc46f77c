using System.Text.Json.Nodes;
using static Octavo.Core.Tokenizers.Conversion.JsonStages;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Writes tokenizers of kind <c>llama</c>: each way to make a piece becomes a merge, in the order of the pieces' scores.</summary>
internal static class FolderScoredPairs
{
    private const string Sign = "\u2581";

    public static FolderParts Parts(VocabularyTokenizer tokenizer, GgufVocabulary file)
    {
        var addsSpace = file.Flag("add_space_prefix", true);
        var unknown = FolderUnigram.Unknown(file);
        var model = Stage("BPE", ("dropout", null), ("unk_token", unknown is { } id ? tokenizer.Piece(id) : null), ("continuing_subword_prefix", null),
            ("end_of_word_suffix", null), ("fuse_unk", true), ("byte_fallback", file.Kinds.Contains(TokenKind.Byte)), ("ignore_merges", false));
        var merges = Merges(file);
        return new FolderParts(tokenizer, model, writer =>
        {
            FolderParts.WriteIds(writer, tokenizer.Vocabulary);
            writer.WritePropertyName("merges");
            writer.WriteStartArray();
            foreach (var (left, right) in merges)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(left);
                writer.WriteStringValue(right);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
        })
        {
            Normalizer = Sequence("normalizers", addsSpace ? [Stage("Prepend", ("prepend", Sign)), Replace(" ", Sign)] : [Replace(" ", Sign)]),
            Decoder = Sequence("decoders", [Replace(Sign, " "), Stage("ByteFallback"), Stage("Fuse"),
                .. addsSpace ? [Stage("Strip", ("content", " "), ("start", 1), ("stop", 0))] : Array.Empty<JsonObject>()]),
        };
    }

    private static List<(string Left, string Right)> Merges(GgufVocabulary file)
    {
        var scores = file.Scores();
        List<(int Id, int Left, int Right)> merges = [];
        for (var id = 0; id < file.Pieces.Length; id++)
        {
            if (file.Kinds[id] != TokenKind.Normal)
                continue;
            var piece = file.Pieces[id];
            foreach (var split in PieceSplits.Of(piece))
            {
                var (left, right) = (file.Vocabulary.TextId(piece.AsSpan(0, split)), file.Vocabulary.TextId(piece.AsSpan(split)));
                if (left >= 0 && right >= 0)
                    merges.Add((id, left, right));
            }
        }
        merges = [.. merges.OrderByDescending(merge => scores[merge.Id]).ThenBy(merge => merge.Id).ThenBy(merge => merge.Left)];
        for (var i = 1; i < merges.Count; i++)
        {
            var (before, after) = (merges[i - 1].Id, merges[i].Id);
            if (before != after && scores[before] == scores[after])
                throw new UnsupportedException($"{file.At("scores")}: entries {before} and {after}, '{file.Pieces[before]}' and '{file.Pieces[after]}', are equal. " +
                    "There the leftmost goes first; in tokenizer.json one of the two always does. Keep the model as a GGUF file.");
        }
        return [.. merges.Select(merge => (file.Pieces[merge.Left], file.Pieces[merge.Right]))];
    }
}
