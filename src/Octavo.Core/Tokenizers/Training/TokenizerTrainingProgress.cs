namespace Octavo.Core.Tokenizers.Training;

/// <summary>How far the training of a tokenizer is.</summary>
/// <param name="What">What is being done: <c>reading</c>, in bytes on disk, or <c>merging</c>, in pieces.</param>
/// <param name="Done">How much is done.</param>
/// <param name="Total">How much there is at most.</param>
public readonly record struct TokenizerTrainingProgress(string What, long Done, long Total);
