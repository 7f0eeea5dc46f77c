using Octavo.Core.Tokenizers.Decoders;
using Octavo.Core.Tokenizers.Inputs;
using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.Normalizers;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers;

/// <summary>
/// Builds the tokenizers of kind <c>bert</c>. The file marks the first piece of a word with SentencePiece's sign and drops the
/// mark of the others; here they are spelt as WordPiece has them.
/// </summary>
internal static class GgufBert
{
    private const char WordSign = SentencePiece.SentencePieceModel.Space;
    private const string InsidePrefix = "##";
    private const int LongestWord = 100;

    public static PipelineTokenizer Read(GgufVocabulary file)
    {
        RefuseCapitals(file);
        var pieces = new string?[file.Pieces.Length];
        for (var id = 0; id < pieces.Length; id++)
            pieces[id] = Spelling(file.Pieces[id], file.Kinds[id]);
        var vocabulary = new Vocabulary(pieces, file.Kinds, (first, second) => new InputFileException(
            $"{file.At("tokens")}: entries {first} and {second} are both '{pieces[first]}'; a piece may stand there once. Convert the model again."));
        var trie = new PieceTrie();
        for (var id = 0; id < pieces.Length; id++)
        {
            if (file.Kinds[id] == TokenKind.Normal && !trie.TryAdd(pieces[id], id))
                throw new InputFileException(
                    $"{file.At("tokens")} has more than 16 million beginnings of pieces. Convert the model again.");
        }
        var unknown = file.Id("unknown_token_id")
            ?? throw new InputFileException($"{file.At("unknown_token_id")} is absent. Convert the model again.");
        var model = new WordPieceModel(vocabulary, trie, unknown, InsidePrefix, LongestWord);
        var stages = new PipelineStages(model, new AddedTokenTrie(file.AddedTokens()), new AddedTokenTrie([]))
        {
            Normalizer = new BertNormalizer(clean: true, chinese: true, stripAccents: true, lowercase: true),
            PreTokenizers = [new CutPreTokenizer(new BertCutter())],
        };
        return new PipelineTokenizer("bert", vocabulary, ReadSpecial(file), stages,
            new WordPieceDecoder(InsidePrefix, cleanup: true));
    }

    private static string Spelling(string piece, TokenKind kind)
    {
        if (kind != TokenKind.Normal)
            return piece;
        return piece.StartsWith(WordSign) ? piece[1..] : InsidePrefix + piece;
    }

    // The format does not say whether texts are made small. A vocabulary with capitals is for texts that are not.
    private static void RefuseCapitals(GgufVocabulary file)
    {
        for (var id = 0; id < file.Pieces.Length; id++)
        {
            if (file.Kinds[id] == TokenKind.Normal && !file.Pieces[id].StartsWith($"{WordSign}[", StringComparison.Ordinal)
                && file.Pieces[id].EnumerateRunes().Any(rune => CaseFolding.Lower(rune.Value) != rune.Value))
                throw new UnsupportedException(
                    $"{file.At("tokens")}: entry {id} is '{file.Pieces[id]}', with a capital. The file does not say " +
                    "how its texts are normalized; of kind bert only vocabularies of small letters are supported. Take the model's " +
                    "tokenizer.json.");
        }
    }

    private static SpecialIds ReadSpecial(GgufVocabulary file)
    {
        var first = file.Id("cls_token_id") ?? file.Id("bos_token_id");
        // The key is spelt so by the programs that write these files.
        var last = file.Id("seperator_token_id") ?? file.Id("eos_token_id");
        if (first is not { } cls || last is not { } sep)
            throw new InputFileException(
                $"{file.At("seperator_token_id")} or {file.At("cls_token_id")} is absent. Convert the model again.");
        LayoutPart[] single = [LayoutPart.Special(cls, 0), LayoutPart.OfText(0, 0), LayoutPart.Special(sep, 0)];
        var layout = new InputLayout(single, [.. single, LayoutPart.OfText(1, 1), LayoutPart.Special(sep, 1)]);
        var eos = file.Id("eos_token_id");
        return new SpecialIds(file.Id("bos_token_id"), eos, layout, SpecialIds.StopIds(file.Vocabulary, eos, null, null));
    }
}
