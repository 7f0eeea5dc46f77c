using System.Diagnostics;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>Loads a model, generates one answer and shows it: its text as it comes, or one JSON object at the end.</summary>
internal sealed record OneAnswer
{
    public required Terminal Terminal { get; init; }

    public required Interrupts Interrupts { get; init; }

    public bool IsJson { get; init; }

    public bool IsQuiet { get; init; }

    public bool IsVerbose { get; init; }

    /// <param name="name">What is loaded, to show while it is.</param>
    /// <param name="load">Loads the model.</param>
    /// <param name="encode">Makes the prompt.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <returns>The exit.</returns>
    public int Run(string name, Func<LanguageModel> load, Func<LanguageModel, IReadOnlyList<int>> encode, GenerationOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        using var status = new StatusLine(Terminal, !IsQuiet);
        status.Report($"loading {name} …");
        using var model = load();
        var prompt = encode(model);
        var loaded = Stopwatch.GetElapsedTime(started);
        if (IsVerbose)
            ModelLine.Write(Terminal, status, model, loaded);
        using var session = model.NewSession();
        var answer = new Answer(model, session, options);
        answer.Run(prompt, piece => Show(status, piece), new PromptProgress(status, prompt.Count), Interrupts.Token);
        status.Clear();
        if (IsJson)
        {
            JsonText.WriteLine(Terminal.Out, json => answer.WriteJson(json, loaded));
            return 0;
        }
        Terminal.Out.WriteLine();
        Terminal.Out.Flush();
        if (!IsQuiet)
            Terminal.Error.WriteLine(answer.SpeedLine());
        return 0;
    }

    private void Show(StatusLine status, string piece)
    {
        if (IsJson)
            return;
        status.Clear();
        Terminal.Out.Write(piece);
        Terminal.Out.Flush();
    }
}
