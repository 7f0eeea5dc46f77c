using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Conversion;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>A tokenizer that was trained, not yet written.</summary>
public sealed class TrainedTokenizer
{
    private const string Prefix = "tokenizer.ggml.";

    private readonly TokenizerTrainingOptions _options;
    private readonly HeldOutText _text;
    private readonly string[] _pieces;
    private readonly string[] _merges;

    internal TrainedTokenizer(TokenizerTrainingOptions options, MergeLearner learner, HeldOutText text)
    {
        (_options, _text) = (options, text);
        _pieces = [.. options.SpecialTokens, .. learner.Pieces];
        _merges = [.. learner.Merges.Select(merge => $"{learner.Pieces[merge.Left]} {learner.Pieces[merge.Right]}")];
        if (options.SpecialTokens.FirstOrDefault(learner.Pieces.Contains) is { } both)
            throw new ConfigException($"the special token '{both}' is also what a piece of text is spelt like; choose another spelling.");
        (LastFrequency, TrainingTokens) = (learner.LastWeight, learner.Symbols);
        Tokenizer = TokenizerReader.FromGguf(Metadata());
        (MeasuredBytes, MeasuredTokens) = text.Measure(Tokenizer);
    }

    /// <summary>The tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>How many merges were learnt.</summary>
    public int Merges => _merges.Length;

    /// <summary>How often the pair of the last merge occurred; 0 where there is none.</summary>
    public long LastFrequency { get; }

    /// <summary>How many files were found.</summary>
    public int Files { get; internal init; }

    /// <summary>Files of folders that are no text, or not to their end; one sentence each.</summary>
    public IReadOnlyList<string> LeftOut { get; internal init; } = [];

    /// <summary>How many bytes were learnt from, special tokens included.</summary>
    public long TrainingBytes { get; internal init; }

    /// <summary>How many tokens those bytes have, special tokens not counted.</summary>
    public long TrainingTokens { get; }

    /// <summary>How many distinct words those bytes have.</summary>
    public int Words { get; internal init; }

    /// <summary>Whether the texts that were measured were not learnt from. False where there was too little to hold some out: then they are the first
    /// of the training texts.</summary>
    public bool IsHeldOut => _text.IsHeldOut;

    /// <summary>How many bytes were measured. Each text was encoded and came back unchanged.</summary>
    public long MeasuredBytes { get; }

    /// <summary>How many tokens those bytes take.</summary>
    public long MeasuredTokens { get; }

    /// <summary>Refuses a folder that <see cref="Write"/> could not write, before anything is computed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="overwrite">Whether a tokenizer that is there is replaced.</param>
    /// <exception cref="ConfigException">It cannot be written; why.</exception>
    public static void CheckFolder(string folder, bool overwrite = false) => TrainedFolder.Check(folder, overwrite);

    /// <summary>Writes <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>. What a reader makes of them has been
    /// compared with this tokenizer over every piece and many texts. The folder appears whole or not at all.</summary>
    /// <param name="folder">A folder that is not there, is empty, or with <paramref name="overwrite"/> holds a tokenizer and nothing else.</param>
    /// <param name="overwrite">Whether a tokenizer that is there is replaced.</param>
    /// <exception cref="ConfigException">The folder cannot be written.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    /// <exception cref="EvaluationException">What was written reads otherwise.</exception>
    public void Write(string folder, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        IReadOnlyList<(string Name, byte[] Content)> files =
            [.. TokenizerFolderWriter.Files(Metadata()), (TrainedFolder.SpecialName, SpecialTokensMap())];
        TrainedFolder.Write(folder, files, overwrite, aside =>
        {
            if (_text.Measure(TokenizerReader.FromFolder(aside)) != (MeasuredBytes, MeasuredTokens))
                throw new EvaluationException($"{folder}: what was written gives other tokens when it is read again. Nothing was kept. Report this.");
        });
    }

    private GgufMetadata Metadata()
    {
        var types = new int[_pieces.Length];
        Array.Fill(types, (int)TokenKind.Control, 0, _options.SpecialTokens.Count);
        Array.Fill(types, (int)TokenKind.Normal, _options.SpecialTokens.Count, _pieces.Length - _options.SpecialTokens.Count);
        var end = (long)Array.IndexOf(_pieces, _options.End);
        var values = new Dictionary<string, object>
        {
            [GgufTokenizers.ModelKey] = "gpt2",
            [Prefix + "pre"] = _options.KnownName,
            [Prefix + "tokens"] = _pieces,
            [Prefix + "token_type"] = types,
            [Prefix + "merges"] = _merges,
            [Prefix + "bos_token_id"] = 0L,
            [Prefix + "eos_token_id"] = end,
            [Prefix + "padding_token_id"] = end,
            [Prefix + "add_bos_token"] = false,
            [Prefix + "add_eos_token"] = false,
        };
        if (_options.ChatTemplate is { } template)
            values["tokenizer.chat_template"] = template;
        return new GgufMetadata("the trained tokenizer", values);
    }

    private byte[] SpecialTokensMap() => FolderParts.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("additional_special_tokens");
        foreach (var token in _options.SpecialTokens)
            json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteString("bos_token", _options.SpecialTokens[0]);
        json.WriteString("eos_token", _options.End);
        json.WriteString("pad_token", _options.End);
        json.WriteEndObject();
    });
}
