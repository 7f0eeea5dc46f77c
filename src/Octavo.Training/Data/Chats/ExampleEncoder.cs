using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Chats;

/// <summary>Turns samples into examples of at most the allowed length. Safe to use from several threads.</summary>
internal sealed class ExampleEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatEncoder? _chat;
    private readonly EncodingOptions _options;

    /// <summary>Prepares the encoding.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="chat">For conversations; null where there is no chat template.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ConfigException">The limit is no length.</exception>
    public ExampleEncoder(Tokenizer tokenizer, ChatEncoder? chat, EncodingOptions options)
    {
        (_tokenizer, _chat, _options) = (tokenizer, chat, options);
        if (options.MaxLength < 2)
            throw new ConfigException($"the most tokens of an example are {options.MaxLength}; at least 2 are needed to learn anything.");
    }

    /// <summary>Tells this encoding from another one.</summary>
    public string Fingerprint =>
        $"{_tokenizer.VocabularySize} {_options.Turns} {_options.MaxLength} {_options.TooLong} {_tokenizer.EosId} {_chat?.Fingerprint}";

    /// <summary>Encodes a sample.</summary>
    /// <exception cref="RowException">The sample cannot be rendered, or it is too long and that is an error.</exception>
    /// <exception cref="UnsupportedException">There is no chat template, or the sample is a pair of answers.</exception>
    public EncodedSample Encode(Sample sample)
    {
        var encoded = sample switch
        {
            TextSample document => Document(document.Text),
            ChatSample chat => Chat().Encode(chat.Messages),
            _ => throw new UnsupportedException(
                "pairs of a chosen and a rejected answer are no examples for supervised training. Give conversations or text."),
        };
        var length = encoded.Ids.Length;
        if (length <= (_options.MaxLength ?? int.MaxValue))
            return new EncodedSample(encoded, length, encoded.Targets > 0 ? SampleFate.Kept : SampleFate.NoTarget);
        switch (_options.TooLong)
        {
            case LengthPolicy.Refuse:
                throw new RowException(RowProblem.TooLong,
                    $"the example has {length} tokens; at most {_options.MaxLength} are allowed. "
                    + "Raise max_seq_length, or let it be cut or left out.");
            case LengthPolicy.Drop:
                return new EncodedSample(encoded, length, SampleFate.TooLong);
        }
        var cut = encoded with { Ids = encoded.Ids[.._options.MaxLength!.Value], IsTarget = encoded.IsTarget[.._options.MaxLength.Value] };
        return new EncodedSample(cut, length, cut.Targets > 0 ? SampleFate.Truncated : SampleFate.NoTarget);
    }

    private ChatEncoder Chat() => _chat ?? throw new UnsupportedException(
        $"the model has no chat template, which conversations need. Name one of: {string.Join(", ", BuiltInTemplates.Names)}.");

    private EncodedChat Document(string text)
    {
        if (_tokenizer.EosId is not { } end)
            throw new ConfigException("the tokenizer has no token that ends a text, and documents end with one. Name it as eos_token in its configuration.");
        var ids = _tokenizer.Encode(text, addSpecial: true, parseSpecial: false).Select(token => token.Id).ToList();
        if (ids.Count == 0 || ids[^1] != end)
            ids.Add(end);
        var isTarget = new bool[ids.Count];
        Array.Fill(isTarget, true);
        return new EncodedChat([.. ids], isTarget, 0, 0);
    }
}

/// <summary>A sample as tokens.</summary>
/// <param name="Tokens">The tokens, cut to the allowed length unless the sample is left out.</param>
/// <param name="WholeLength">Tokens before the cut.</param>
/// <param name="Fate">What becomes of it.</param>
internal sealed record EncodedSample(EncodedChat Tokens, int WholeLength, SampleFate Fate)
{
    /// <summary>Whether it becomes an example.</summary>
    public bool IsKept => Fate is SampleFate.Kept or SampleFate.Truncated;
}

/// <summary>What becomes of a sample.</summary>
internal enum SampleFate
{
    /// <summary>It is learned whole.</summary>
    Kept,

    /// <summary>It is learned without its end.</summary>
    Truncated,

    /// <summary>It is left out: nothing of it is to be learned.</summary>
    NoTarget,

    /// <summary>It is left out: it is too long.</summary>
    TooLong,
}
