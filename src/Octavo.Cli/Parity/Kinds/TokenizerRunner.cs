using System.Text.Json;
using Octavo.Core;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>A published tokenizer: ids, places and texts back. The golden's pair of texts is not compared: texts are encoded one at a time.</summary>
internal sealed class TokenizerRunner : GoldenRunner
{
    public override string Kind => "tokenizer";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        if (golden.Architecture.EndsWith(".model", StringComparison.Ordinal))
            throw new UnsupportedException("SentencePiece .model files are not supported yet; tokenizer.json and GGUF are.");
        var tokenizer = ModelText.LoadTokenizer(context.FindModel(golden.Architecture));
        var (ids, offsets, special) = (new CaseCheck("ids"), new CaseCheck("offsets"), new CaseCheck("special ids"));
        var (decoded, bare) = (new CaseCheck("decoded"), new CaseCheck("decoded without special"));
        foreach (var entry in golden.Json("cases.json").EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var text = entry.GetProperty("text").GetString()!;
            var label = CaseCheck.Quote(text);
            var plain = entry.GetProperty("plain");
            var tokens = tokenizer.Encode(text);
            int[] found = [.. tokens.Select(token => token.Id)];
            ids.AddList(label, found, Ids(plain));
            offsets.AddList(label, [.. tokens.SelectMany(token => new[] { token.Start, token.End })], Offsets(plain));
            special.AddList(label, [.. tokenizer.Encode(text, addSpecial: true).Select(token => token.Id)], Ids(entry.GetProperty("special")));
            decoded.AddText(label, tokenizer.Decode(Ids(plain), skipSpecial: false), entry.GetProperty("decoded").GetString()!);
            bare.AddText(label, tokenizer.Decode(Ids(plain)), entry.GetProperty("decoded_without_special").GetString()!);
        }
        return [.. new[] { ids, offsets, special, decoded, bare }.Select(check => check.Outcome()).OfType<OutputCheck>()];
    }

    internal static int[] Ids(JsonElement holder, string name = "ids") => [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static int[] Offsets(JsonElement holder) =>
        [.. holder.GetProperty("offsets").EnumerateArray().SelectMany(pair => pair.EnumerateArray().Select(place => place.GetInt32()))];
}
