namespace Octavo.Cli.Chat;

/// <summary>Where a chat's lines come from.</summary>
internal interface ILineReader
{
    /// <summary>The next line, or null at the end.</summary>
    /// <param name="prompt">Shown before it.</param>
    string? ReadLine(string prompt);
}
