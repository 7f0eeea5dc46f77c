using System.CommandLine;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Models.Adapters;

namespace Octavo.Cli.CommandLine;

/// <summary>The options that add low-rank adapters to a model and say which one is used.</summary>
internal sealed class AdapterFlags
{
    /// <summary>What stands for the model alone.</summary>
    public const string None = "none";

    private readonly Option<string[]> _adapters = Options.Texts(
        "--adapter", "[NAME=]DIR", "Adds a LoRA or DoRA adapter in PEFT's format; may be given several times. NAME is the folder's by default.");
    private readonly Option<string?> _use = Options.Text("--use", "NAME", "Which of several adapters is used, or none.");

    public IEnumerable<Symbol> Symbols => [_adapters, _use];

    /// <summary>Checks what can be checked before the model is loaded.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="mayChoose">Whether one of several can be chosen later.</param>
    /// <exception cref="ConfigException">The options do not go together.</exception>
    public void Check(ParseResult parsed, bool mayChoose = false)
    {
        var use = parsed.GetValue(_use);
        if (!IsGiven(parsed))
        {
            if (use is not null)
                throw new ConfigException("--use has no effect without --adapter; leave it out, or add the adapter that is meant.");
            return;
        }
        var given = Read(parsed);
        if (given.Select(adapter => adapter.Name).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ConfigException($"two adapters are called '{twice.Key}'; give one another name (--adapter NAME=DIR).");
        if (given.Count > 1 && use is null && !mayChoose)
            throw new ConfigException($"{given.Count} adapters are given; say with --use NAME which one is meant, or --use none.");
        if (use is not null && use != None && given.All(adapter => adapter.Name != use))
            throw new ConfigException($"--use is '{use}'; the adapters given are {string.Join(", ", given.Select(adapter => adapter.Name))}.");
    }

    /// <summary>Adds the adapters to a loaded model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="tell">Told what the user should know, one sentence at a time.</param>
    /// <returns>The one that is used, or null for none: the one that is meant, else the only one.</returns>
    public string? Add(ParseResult parsed, LanguageModel model, Action<string> tell)
    {
        if (!IsGiven(parsed))
            return null;
        var given = Read(parsed);
        foreach (var (name, path) in given)
        {
            var adapter = model.AddAdapter(path, name);
            if (adapter.DoubtAbout(model.Checkpoint) is { } doubt)
                tell(doubt);
        }
        return parsed.GetValue(_use) switch
        {
            None => null,
            { } use => use,
            _ => given.Count == 1 ? given[0].Name : null,
        };
    }

    // apart, since most calls have none and should not wait for the lists and queries of those that do
    private bool IsGiven(ParseResult parsed) => parsed.GetValue(_adapters) is { Length: > 0 };

    private List<(string Name, string Path)> Read(ParseResult parsed)
    {
        List<(string Name, string Path)> read = [];
        foreach (var text in parsed.GetValue(_adapters) ?? [])
        {
            // a folder whose own name has an equals sign is that folder
            var at = Directory.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
            var path = text[(at + 1)..];
            if (path.Length == 0)
                throw new ConfigException($"--adapter is '{text}'; give a folder, or NAME=DIR.");
            var name = at >= 0 ? text[..at] : AdapterNames.NameOf(path);
            if (name.Length == 0 || name == None)
                throw new ConfigException($"--adapter is '{text}'; '{name}' cannot be an adapter's name. Give NAME=DIR.");
            read.Add((name, path));
        }
        return read;
    }
}
