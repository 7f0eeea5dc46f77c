using System.Globalization;
using System.Text.Json;
using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>
/// A real model: ids of texts and of conversations, the ten largest logits, greedy tokens and their text, and how likely whole
/// documents are; of a sentence encoder the embeddings. Computed exactly; the tolerances are those that the golden states in words.
/// </summary>
internal sealed class RealModelRunner : GoldenRunner
{
    private static readonly Tolerance _logitTolerance = new(2e-3, 0);

    public override string Kind => "real-model";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var checkpoint = golden.Root.GetProperty("checkpoint").GetString()!;
        using var model = LanguageModel.Load(context.FindModel(checkpoint), context.Engine);
        if (model.IsEncoder)
            return SentenceModel.Check(golden, model, context);
        if (!model.Heads.Contains(Session.LanguageHead))
            throw new UnsupportedException($"'{checkpoint}' has no language head; only decoders and sentence encoders are compared.");
        var checks = CheckCases(golden, model, context);
        if (File.Exists(golden.PathOf("documents.json")))
            checks.Add(CheckDocuments(golden, model, context));
        checks.AddRange(QuantizingPath.Check(golden, model.Checkpoint.Path, context));
        return checks;
    }

    private static List<OutputCheck> CheckCases(Golden golden, LanguageModel model, ParityContext context)
    {
        var (ids, chats, greedy, text) = (new CaseCheck("ids"), new CaseCheck("chat ids"), new CaseCheck("greedy"), new CaseCheck("greedy text"));
        List<float> found = [], expected = [];
        foreach (var entry in golden.Cases(context))
        {
            var prompt = entry.GetProperty("text").GetString()!;
            var label = CaseCheck.Quote(prompt.TrimEnd('\n').Split('\n')[^1]);
            var known = TokenizerRunner.Ids(entry);
            ids.AddList(label, [.. model.Tokenizer.Encode(prompt).Select(token => token.Id)], known);
            if (entry.TryGetProperty("messages", out var messages))
                chats.AddList(label, ChatPrompt.Of(model).Encode(Messages(messages)), known);
            using var session = model.NewSession();
            var logits = session.Forward(known, null, context.Cancellation);
            foreach (var pair in entry.GetProperty("top10").EnumerateArray())
            {
                found.Add(logits[pair[0].GetInt32()]);
                expected.Add(pair[1].GetSingle());
            }
            var tokens = TokenizerRunner.Ids(entry, "greedy");
            int[] mine = [.. Continue(session, Logits.Best(logits), tokens.Length)];
            greedy.AddList(label, mine, tokens);
            text.AddText(label, model.Tokenizer.Decode(mine), entry.GetProperty("greedy_text").GetString()!);
        }
        return [OutputCheck.Numbers("top10", [.. found], [.. expected], _logitTolerance), .. CaseCheck.Outcomes(ids, chats, greedy, text)];
    }

    private static IEnumerable<(string Role, string Text)> Messages(JsonElement messages) =>
        messages.EnumerateArray().Select(message => (message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!));

    private static IEnumerable<int> Continue(Session session, int first, int count)
    {
        yield return first;
        foreach (var token in WholePass.Greedy(session, [first], count - 1))
            yield return token;
    }

    private static OutputCheck CheckDocuments(Golden golden, LanguageModel model, ParityContext context)
    {
        List<float> found = [], expected = [];
        foreach (var document in golden.Json("documents.json").EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var ids = TokenizerRunner.Ids(document);
            found.Add((float)Likelihood.Of(model, ids).MeanNll);
            expected.Add(float.Parse(document.GetProperty("mean_nll").GetRawText(), CultureInfo.InvariantCulture));
        }
        return OutputCheck.Numbers("mean nll", [.. found], [.. expected], _logitTolerance);
    }
}
