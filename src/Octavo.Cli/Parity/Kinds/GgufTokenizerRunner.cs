namespace Octavo.Cli.Parity.Kinds;

/// <summary>A tokenizer inside a GGUF file: ids with and without the tokens around a text, and texts back.</summary>
internal sealed class GgufTokenizerRunner : GoldenRunner
{
    public override string Kind => "gguf-tokenizer";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var name = golden.Option("file").GetString()!;
        var path = File.Exists(golden.PathOf(name)) ? golden.PathOf(name) : context.FindModel(name);
        var tokenizer = ModelText.LoadTokenizer(path);
        var (ids, special, decoded) = (new CaseCheck("ids"), new CaseCheck("special ids"), new CaseCheck("decoded"));
        foreach (var entry in golden.Cases(context))
        {
            var text = entry.GetProperty("text").GetString()!;
            var label = CaseCheck.Quote(text);
            var expected = TokenizerRunner.Ids(entry);
            ids.AddList(label, [.. tokenizer.Encode(text).Select(token => token.Id)], expected);
            special.AddList(label, [.. tokenizer.Encode(text, addSpecial: true).Select(token => token.Id)], TokenizerRunner.Ids(entry, "with_special"));
            if (entry.TryGetProperty("decoded", out var back))
                decoded.AddText(label, tokenizer.Decode(expected, skipSpecial: false), back.GetString()!);
        }
        return CaseCheck.Outcomes(ids, special, decoded);
    }
}
