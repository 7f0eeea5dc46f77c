namespace Octavo.Core.Tokenizers;

/// <summary>One token of an encoded text.</summary>
/// <param name="Id">The vocabulary's number of the token.</param>
/// <param name="Start">Where it begins in the text, in Unicode code points.</param>
/// <param name="End">Where it ends in the text, in Unicode code points, exclusive.</param>
public readonly record struct Token(int Id, int Start, int End);

/// <summary>Turns text into tokens and back. Safe to use from many threads at once.</summary>
public abstract class Tokenizer
{
    /// <summary>What kind of tokenizer this is, with the pre-tokenizer's name where it has one, for people: <c>gpt2
    /// (smollm)</c>.</summary>
    public virtual string Kind => "";

    /// <summary>Ids run from 0 to this number, exclusive.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The token that begins a text, where the model has one.</summary>
    public abstract int? BosId { get; }

    /// <summary>The token that ends a text, where the model has one.</summary>
    public abstract int? EosId { get; }

    /// <summary>Ids that end a generation: the end of text and the end of a turn.</summary>
    public abstract IReadOnlyList<int> StopIds { get; }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecial">Whether the tokens that the model wants around a text (such as its beginning) are added.</param>
    /// <param name="parseSpecial">Whether special tokens written in the text are recognised as such; false treats them as plain
    /// text.</param>
    /// <returns>Tokens with their place in the text. Added special tokens are at 0, 0. A token that holds part of a character
    /// has the whole character's place; a character composed by normalization has the place of its first part. Bytes that the
    /// vocabulary has no piece for give no token, as in the reference.</returns>
    /// <exception cref="InputFileException">The text has a lone surrogate, or a character that the vocabulary has no way to
    /// spell.</exception>
    public abstract IReadOnlyList<Token> Encode(string text, bool addSpecial = false, bool parseSpecial = true);

    /// <summary>How texts become inputs where the caller does not say: cut and filled up as the tokenizer's file says, if it
    /// does.</summary>
    public virtual InputOptions InputDefaults { get; } = new();

    /// <summary>Encodes one text or a pair of texts as the input of a model: with the tokens around them, their types, cut and
    /// filled up.
    /// <see cref="Encode"/> neither cuts nor fills up.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="options">How; null: <see cref="InputDefaults"/>.</param>
    /// <exception cref="InputFileException">As for <see cref="Encode"/>.</exception>
    /// <exception cref="ConfigException">The input cannot be cut or filled up as the options say.</exception>
    public EncodedInput EncodeInput(string text, string? pair = null, InputOptions? options = null) =>
        EncodeInputs([(text, pair)], options)[0];

    /// <summary>Encodes a batch of inputs; without a length of its own, padding fills up to the longest of them.</summary>
    /// <param name="inputs">For each input its text and its second text, or null.</param>
    /// <param name="options">How; null: <see cref="InputDefaults"/>.</param>
    /// <exception cref="InputFileException">As for <see cref="Encode"/>.</exception>
    /// <exception cref="ConfigException">An input cannot be cut or filled up as the options say.</exception>
    public abstract IReadOnlyList<EncodedInput> EncodeInputs(IReadOnlyList<(string Text, string? Pair)> inputs,
        InputOptions? options = null);

    /// <summary>The token's own spelling in the vocabulary (for byte-level vocabularies in byte-to-letter form).</summary>
    /// <param name="id">A token id.</param>
    public abstract string Piece(int id);

    /// <summary>The id of a vocabulary entry or added token by its exact spelling, or null.</summary>
    /// <param name="piece">The spelling as <see cref="Piece"/> gives it.</param>
    public abstract int? IdOf(string piece);

    /// <summary>Whether the token is a special (control) token, which carries no text of its own.</summary>
    /// <param name="id">A token id.</param>
    public abstract bool IsSpecial(int id);

    /// <summary>Decodes tokens into text; bytes that are no UTF-8 become U+FFFD, one for each longest beginning of a
    /// character.</summary>
    /// <param name="ids">Token ids; one at or above <see cref="VocabularySize"/>, which a padded model can give, has no
    /// text.</param>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true);

    /// <summary>A decoder for a stream of tokens that holds back the bytes of an unfinished character.</summary>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    public abstract TokenDecoder CreateDecoder(bool skipSpecial = true);

    /// <summary>A decoder for a stream that may continue a text, such as what a model writes after a prompt.</summary>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    /// <param name="continues">True keeps a space at the stream's beginning that <see cref="Decode"/> takes for the mark of a
    /// text's beginning (vocabularies of kind <c>llama</c>); other kinds have no such mark.</param>
    public virtual TokenDecoder CreateDecoder(bool skipSpecial, bool continues) => CreateDecoder(skipSpecial);
}

/// <summary>Decodes tokens one at a time and never emits half a character. Belongs to one generation.</summary>
public abstract class TokenDecoder
{
    /// <summary>Takes one token and returns the text that became complete, often empty.</summary>
    /// <param name="id">The next token.</param>
    public abstract string Append(int id);

    /// <summary>Ends the stream: what is left of an unfinished character comes out as U+FFFD.</summary>
    public abstract string Flush();
}
