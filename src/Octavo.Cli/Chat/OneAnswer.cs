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

    /// <summary>Adds adapters to the model, tells what is to be known, and returns the name of the one that is used.</summary>
    public Func<LanguageModel, Action<string>, string?>? OnAdapters { get; init; }

    /// <summary>Called with the model before the prompt is read.</summary>
    public Action<LanguageModel>? OnLoaded { get; init; }

    /// <summary>Called with the model after the answer, also after one that was interrupted.</summary>
    public Action<LanguageModel>? OnEnd { get; init; }

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
        var adapter = OnAdapters?.Invoke(model, note => Tell(status, note));
        var prompt = encode(model);
        var loaded = Stopwatch.GetElapsedTime(started);
        if (IsVerbose)
            ModelLine.Write(Terminal, status, model, loaded);
        OnLoaded?.Invoke(model);
        using var session = model.NewSession(adapter, options.KvMethod);
        var answer = new Answer(model, session, options);
        try
        {
            answer.Run(prompt, piece => Show(status, piece), status, Interrupts.Token);
            status.Clear();
            Close(answer, loaded);
        }
        finally
        {
            status.Clear();
            OnEnd?.Invoke(model);
            PrefixFlags.WriteNotes(Terminal, model);
        }
        return 0;
    }

    private void Tell(StatusLine status, string note)
    {
        status.Clear();
        Terminal.Note(note);
    }

    private void Close(Answer answer, TimeSpan loaded)
    {
        if (IsJson)
        {
            JsonText.WriteLine(Terminal.Out, json => answer.WriteJson(json, loaded));
            return;
        }
        Terminal.Out.WriteLine();
        Terminal.Out.Flush();
        if (!IsQuiet)
            Terminal.Error.WriteLine(answer.SpeedLine());
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
