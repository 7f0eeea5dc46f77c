using Microsoft.ML.Tokenizers;
using OctavoTokenizer = Octavo.Core.Tokenizers.Tokenizer;
using RustTokenizer = Tokenizers.DotNet.Tokenizer;

namespace Octavo.Bench.Tokenizers;

/// <summary>The three libraries as racers.</summary>
internal static class Racers
{
    public static Contender Octavo(Func<OctavoTokenizer> load) => new("Octavo", () => Octavo(load()));

    public static Contender Rust(string json) => new("tokenizers", () =>
    {
        var tokenizer = new RustTokenizer(json);
        return new Racer(
            text => tokenizer.Encode(text).Length,
            (text, _) => Array.ConvertAll(tokenizer.Encode(text), id => (int)id),
            ids => Decoding(tokenizer, Array.ConvertAll(ids, id => (uint)id)))
        { Native = tokenizer };
    });

    public static Contender Bert(Func<BertTokenizer> load) => new("ML.Tokenizers", () =>
    {
        var tokenizer = load();
        return new Racer(
            text => tokenizer.EncodeToIds(text, addSpecialTokens: true).Count,
            (text, _) => [.. tokenizer.EncodeToIds(text, addSpecialTokens: true)],
            ids => () => tokenizer.Decode(ids, skipSpecialTokens: true));
    });

    public static Contender Microsoft(Func<Microsoft.ML.Tokenizers.Tokenizer> load) => new("ML.Tokenizers", () =>
    {
        var tokenizer = load();
        return new Racer(
            text => tokenizer.EncodeToIds(text).Count,
            (text, _) => [.. tokenizer.EncodeToIds(text)],
            ids => () => tokenizer.Decode(ids))
        { AddsSpecial = false };
    });

    private static Racer Octavo(OctavoTokenizer tokenizer) => new(
        text => tokenizer.Encode(text, addSpecial: true).Count,
        (text, special) => [.. tokenizer.Encode(text, special).Select(token => token.Id)],
        ids => () => tokenizer.Decode(ids));

    private static Func<string> Decoding(RustTokenizer tokenizer, uint[] ids) => () => tokenizer.Decode(ids);
}
