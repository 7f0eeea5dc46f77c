using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Cli.ScBench;

/// <summary><c>octavo scbench search-patterns</c>: which of MInference's patterns each head of a model fits, on one context of a task.</summary>
/// <param name="model">The option for the model.</param>
/// <param name="task">The options for the context.</param>
/// <param name="output">The option for the file.</param>
internal sealed class ScBenchPatterns(Option<string?> model, ScBenchTask task, Option<string?> output)
{
    // the tokens that the released candidates are for
    private const int ReleasedTokens = 30_000;
    private const int DefaultRows = 256;

    private readonly Option<string?> _rows = Options.Whole("--rows", "search-patterns: rows of the context that are looked at, evenly spread (256).");

    public IEnumerable<Symbol> Symbols => [model, .. task.Symbols, _rows, output];

    public int Run(IReadOnlyList<string> names, ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (names.Count > 0)
            throw new ConfigException($"scbench search-patterns takes no file, and got '{names[0]}'; --task says what context to make.");
        var file = parsed.GetValue(output) ?? throw new ConfigException("search-patterns: say where patterns go with --output FILE; --kv minference:patterns=FILE reads them.");
        TextFile.Check("--output", file);
        var path = Installation.Models.Resolve(parsed.GetValue(model) ?? Installation.BundledModel);
        var prompts = task.Prompts(parsed, path);
        var (rules, rows, _) = task.Make(parsed, prompts, interrupts.Token);
        var prompt = prompts.Build(rows.First(), rules, new PromptOptions { Mode = ContextMode.MultiTurn }).Turns[0].Ids;
        using var status = new StatusLine(terminal, isOn: true);
        using var loaded = LanguageModel.Load(path, new EngineOptions());
        List<IReadOnlyList<HeadPattern>> found = [];
        var search = Search(prompt.Count, parsed.Whole(_rows) ?? DefaultRows, found);
        using var session = loaded.NewSession(null, search);
        session.Forward([.. prompt], new Told(done => status.Report("tokens", done, prompt.Count)), interrupts.Token);
        HeadPatternFile.Write(file, found);
        status.Clear();
        Tell(terminal, found, prompt.Count, file);
        return 0;
    }

    /// <summary>The released candidates, as much smaller as the context is.</summary>
    private static PatternSearch Search(int tokens, int rows, List<IReadOnlyList<HeadPattern>> found)
    {
        var scale = Math.Min(1, tokens / (double)ReleasedTokens);
        int Of(int size) => Math.Max(1, (int)Math.Round(size * scale));
        return new PatternSearch(found)
        {
            Candidates = [.. PatternSearch.Released.Select(known => known with { Vertical = Of(known.Vertical), Slash = Of(known.Slash) })],
            FirstRow = Of(2500), Rows = rows, Forced = (Of(30), Of(100)),
        };
    }

    private static void Tell(Terminal terminal, List<IReadOnlyList<HeadPattern>> found, int tokens, string file)
    {
        var heads = found.SelectMany(layer => layer).ToList();
        foreach (var group in heads.GroupBy(head => (head.Type, head.Vertical, head.Slash)).OrderByDescending(group => group.Count()))
            terminal.Out.WriteLine($"{group.Count(),5} heads  {group.Key.Type} {group.Key.Vertical} {group.Key.Slash}  keep {100 * group.Average(head => head.Score):F1} % of attention");
        terminal.Error.WriteLine($"{file}: {found.Count} layers of {found[0].Count} heads, found on {tokens} tokens; sizes fit contexts of that length.");
    }

    private sealed class Told(Action<int> told) : IProgress<int>
    {
        public void Report(int value) => told(value);
    }
}
