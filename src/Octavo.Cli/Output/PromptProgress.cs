namespace Octavo.Cli.Output;

/// <summary>Shows how much of a prompt has been read.</summary>
/// <param name="status">The line to draw on.</param>
/// <param name="total">Tokens of the prompt that have to be read, known once reading begins.</param>
internal sealed class PromptProgress(StatusLine status, Func<int> total) : IProgress<int>
{
    public void Report(int value) => status.Report("prompt", value, total());
}
