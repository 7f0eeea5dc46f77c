namespace Octavo.Core.Tokenizers.Models;

/// <summary>A word is a token, or the unknown one.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, int unknown) : WordModel
{
    public override WordEncoder CreateEncoder(bool parseSpecial) => new Encoder(vocabulary, unknown, parseSpecial);

    private sealed class Encoder(Vocabulary vocabulary, int unknown, bool parseSpecial) : WordEncoder
    {
        public override void Encode(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            var id = vocabulary.WordId(word, parseSpecial);
            tokens.Add(new WordToken(id >= 0 ? id : unknown, 0, word.Length));
        }
    }
}
