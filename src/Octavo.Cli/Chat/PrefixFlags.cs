using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>The option that keeps what prompts have in common in a folder, from one call to the next.</summary>
internal sealed class PrefixFlags
{
    private readonly Option<string?> _folder = Options.Text(
        "--prefix-cache", "DIR", "Keeps what was read of prompts in a folder; a prompt that begins alike is not read again.");

    public IEnumerable<Symbol> Symbols => [_folder];

    /// <summary>Lets a loaded model find what the folder has.</summary>
    public void Open(ParseResult parsed, LanguageModel model)
    {
        if (parsed.GetValue(_folder) is { } folder)
            model.PrefixCache.OpenFolder(folder);
    }

    /// <summary>Writes what is new to the folder.</summary>
    public void Save(ParseResult parsed, LanguageModel model)
    {
        if (parsed.GetValue(_folder) is { } folder)
            model.PrefixCache.SaveFolder(folder);
    }

    /// <summary>Says which files were not used, and why.</summary>
    public static void WriteNotes(Terminal terminal, LanguageModel model)
    {
        foreach (var note in model.PrefixCache.TakeNotes())
            terminal.Note(note);
    }
}
