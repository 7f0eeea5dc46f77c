using System.CommandLine;
using System.Globalization;
using Octavo.Cli.Chat;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Verbs;

/// <summary>Shows the most likely next tokens.</summary>
internal sealed class LogitsVerb : Verb
{
    private const int Shown = 10;

    public static readonly VerbEntry Entry = new(
        "logits", "Text", "Shows the ten most likely tokens after a text or a list of ids.",
        [
            "octavo logits --model smollm2-135m-instruct --ids 504,2365,6354,16438",
            "octavo logits --model smollm2-135m-instruct --prompt \"The quick brown fox\" --json",
        ],
        () => new LogitsVerb());

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id.");
    private readonly Option<string?> _ids = Options.Text("--ids", "1,2,3", "Token ids; no tokenizer is needed.");
    private readonly Option<string?> _prompt = Options.Text("--prompt", "TEXT", "A raw text in place of ids; special tokens in it count.");
    private readonly EngineFlags _engine = new();
    private readonly AdapterFlags _adapters = new();
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_model, _ids, _prompt, .. _engine.Symbols, .. _adapters.Symbols, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var (ids, prompt) = (parsed.GetValue(_ids), parsed.GetValue(_prompt));
        if (ids is null == prompt is null)
            throw new ConfigException("give either --ids or --prompt.");
        var given = ids is null ? [] : ReadIds(ids);
        var engine = _engine.Read(parsed);
        _adapters.Check(parsed);
        var path = Installation.Models.Resolve(Required.Model(parsed.GetValue(_model)));
        using var model = LanguageModel.Load(path, engine);
        var adapter = _adapters.Add(parsed, model, terminal.Note);
        var tokens = prompt is null ? given : PromptFlags.EncodeRaw(model.Tokenizer, prompt);
        using var session = model.NewSession(adapter);
        var logits = session.Forward([.. tokens], null, interrupts.Token);
        Logits.Best(logits); // refuses NaN
        var top = Logits.Top(logits, Shown);
        if (parsed.Has(_json))
        {
            JsonText.WriteLine(terminal.Out, json => json.WritePairs("top", top.Select(pair => (pair.Id, pair.Logit))));
            return 0;
        }
        var spell = Spelling(model);
        foreach (var (id, logit) in top)
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id,8}  {logit,9:F4}  {spell(id)}"));
        return 0;
    }

    private static int[] ReadIds(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var ids = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i]))
                throw new ConfigException($"--ids: '{parts[i]}' is no token id; give whole numbers with commas between them.");
        }
        return ids;
    }

    // a checkpoint without a tokenizer still has logits
    private static Func<int, string> Spelling(LanguageModel model)
    {
        try
        {
            return model.Tokenizer.Piece;
        }
        catch (OctavoException)
        {
            return _ => "";
        }
    }
}
