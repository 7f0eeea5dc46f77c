using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>
/// Trains byte-level BPE tokenizers. The pair that occurs most often becomes the next merge; of equally frequent ones that with the
/// lowest left id, then with the lowest right id. The same texts give the same vocabulary, with any number of threads.
/// </summary>
public static class TokenizerTrainer
{
    /// <summary>Trains a tokenizer. Memory grows with the distinct words of the texts and not with the texts.</summary>
    /// <param name="paths">Files and folders with texts in UTF-8: plain texts, and <c>.jsonl</c> whose lines have a member <c>text</c> or a list
    /// <c>messages</c>; either also as <c>.gz</c>. A folder stands for all files in and below it; those that are no text are left out, and
    /// <see cref="TrainedTokenizer.LeftOut"/> names them.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is, on the threads that work; or null.</param>
    /// <param name="cancellationToken">Ends it; nothing is written before <see cref="TrainedTokenizer.Write"/>.</param>
    /// <exception cref="ConfigException">The options are wrong.</exception>
    /// <exception cref="InputFileException">A file is absent, broken or no text, or there is nothing to learn from.</exception>
    /// <exception cref="ResourceException">There are too many distinct words.</exception>
    public static TrainedTokenizer Train(
        IReadOnlyList<string> paths, TokenizerTrainingOptions options, IProgress<TokenizerTrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var files = new TrainingFiles(paths);
        var counting = new WordCounting(files, options.HeldOut is null, progress);
        var special = new AddedTokenTrie(options.SpecialTokens.Select((token, id) => new AddedToken(id, token, Special: true)));
        var words = counting.Run(Scanners(options), special, options.Threads ?? Environment.ProcessorCount, options.MostWords, cancellationToken);
        if (words.Count == 0)
            throw new InputFileException($"{string.Join(", ", paths)}: there is no text to learn from. Give files with text in UTF-8.");
        var learner = new MergeLearner(words);
        learner.Learn(options.VocabularySize - options.SpecialTokens.Count, options.MinFrequency, progress, cancellationToken);
        return new TrainedTokenizer(options, learner, HeldOut(options, counting, cancellationToken))
        {
            Files = files.Count,
            LeftOut = files.LeftOut,
            TrainingBytes = counting.CountedBytes,
            Words = words.Count,
        };
    }

    private static HeldOutText HeldOut(TokenizerTrainingOptions options, WordCounting counting, CancellationToken cancellationToken)
    {
        if (options.HeldOut is null)
            return counting.HeldOut.Count > 0 ? new HeldOutText(counting.HeldOut, true) : new HeldOutText(counting.Sample, false);
        List<TextBlock> blocks = [];
        new TrainingFiles(options.HeldOut).Read(new TextBlocks(blocks.Add), cancellationToken);
        return blocks.Count > 0
            ? new HeldOutText(blocks, true)
            : throw new InputFileException($"{string.Join(", ", options.HeldOut)}: there is no text to measure. Give files with text in UTF-8.");
    }

    private static Scanner[] Scanners(TokenizerTrainingOptions options) =>
        [.. KnownPreTokenizers.ByName(options.KnownName, "training").Cutters.Select(cutter => ((ScannerCutter)cutter).Scanner)];
}
