using System.Text.Json;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

public class GoldenTests
{
    public static TheoryData<string> Published => ["smollm2", "llama3_1", "qwen2_5", "llama2", "internlm2", "clip", "minilm", "t5-like"];

    public static TheoryData<string> SentencePieceModels => ["bpe-bytes", "unigram", "unigram-bytes"];

    public static TheoryData<string> Vocabularies =>
        ["gpt2", "gpt2-llama-bpe", "gpt2-qwen2", "gpt2-glm4", "smollm2", "llama", "llama-no-prefix", "t5", "bert"];

    public static TheoryData<string> Files =>
    [
        "gemma2", "glm", "glm4", "internlm2", "llama", "llama-bf16", "llama-f16", "llama-linear-rope", "llama-q4_k_m", "llama-q8_0", "llama-tied",
        "llama-yarn-rope", "llama3-rope", "mistral", "mixtral", "olmo2", "phi3", "phi3-longrope", "qwen2", "qwen3",
    ];

    [Theory, MemberData(nameof(Published))]
    public void Encode_PublishedTokenizer_GivesTheReferencesIdsPlacesAndTexts(string name)
    {
        var cases = TokenizerFiles.Cases("tokenizers/" + name);
        var tokenizer = name == "smollm2" ? SmolLm2() : TokenizerReader.FromFolder(TokenizerFiles.Published(name));
        foreach (var reference in cases)
        {
            var text = TokenizerFiles.Text(reference, "text");
            var tokens = tokenizer.Encode(text);
            var ids = TokenizerFiles.Ints(reference.GetProperty("plain"), "ids");
            Ids(tokens).ShouldBe(ids, text);
            tokens.Select(t => new[] { t.Start, t.End }).ShouldBe(Places(reference), text);
            Ids(tokenizer.Encode(text, addSpecial: true)).ShouldBe(TokenizerFiles.Ints(reference.GetProperty("special"), "ids"), text);
            tokenizer.Decode(ids, skipSpecial: false).ShouldBe(TokenizerFiles.Text(reference, "decoded"));
            tokenizer.Decode(ids).ShouldBe(TokenizerFiles.Text(reference, "decoded_without_special"));
        }
        cases.Length.ShouldBeGreaterThan(70);
    }

    [Theory, MemberData(nameof(Published))]
    public void EncodeInput_PairOfTexts_GivesTheReferencesIdsAndTypes(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(TokenizerFiles.Golden($"tokenizers/{name}/golden.json")));
        var pair = golden.RootElement.GetProperty("pair");
        var tokenizer = name == "smollm2" ? SmolLm2() : TokenizerReader.FromFolder(TokenizerFiles.Published(name));
        var input = tokenizer.EncodeInput(TokenizerFiles.Text(pair, "a"), TokenizerFiles.Text(pair, "b"), new InputOptions());
        input.Ids.ToArray().ShouldBe(TokenizerFiles.Ints(pair, "ids"));
        input.TypeIds.ToArray().ShouldBe(TokenizerFiles.Ints(pair, "type_ids"));
        input.AttentionMask.ToArray().ShouldBe(Enumerable.Repeat(1, input.Ids.Length));
    }

    [Theory, MemberData(nameof(SentencePieceModels))]
    public void Encode_SentencePieceModel_GivesTheReferencesIdsPiecesAndTexts(string name)
    {
        var cases = TokenizerFiles.Cases("tokenizers/sentencepiece-" + name);
        var tokenizer = TokenizerReader.FromSentencePiece(TokenizerFiles.Model($"tokenizers/sentencepiece/{name}.model"));
        foreach (var reference in cases)
        {
            var text = TokenizerFiles.Text(reference, "text");
            var ids = TokenizerFiles.Ints(reference, "ids");
            Ids(tokenizer.Encode(text, parseSpecial: false)).ShouldBe(ids, text);
            tokenizer.Decode(ids, skipSpecial: false).ShouldBe(TokenizerFiles.Text(reference, "decoded"));
            var decoder = tokenizer.CreateDecoder(skipSpecial: false);
            (string.Concat(ids.Select(decoder.Append)) + decoder.Flush()).ShouldBe(TokenizerFiles.Text(reference, "decoded"));
        }
        cases.Length.ShouldBeGreaterThan(70);
    }

    [Theory, MemberData(nameof(Vocabularies))]
    public void Encode_GgufVocabulary_GivesTheReferencesIdsAndTexts(string name)
    {
        var cases = TokenizerFiles.Cases("gguf/tokenizers/" + name);
        var tokenizer = name == "smollm2"
            ? SmolLm2()
            : Open(TokenizerFiles.Golden($"gguf/tokenizers/{name}/vocabulary.gguf"));
        foreach (var reference in cases)
        {
            var text = TokenizerFiles.Text(reference, "text");
            var ids = TokenizerFiles.Ints(reference, "ids");
            Ids(tokenizer.Encode(text)).ShouldBe(ids, text);
            Ids(tokenizer.Encode(text, addSpecial: true)).ShouldBe(TokenizerFiles.Ints(reference, "with_special"), text);
            if (reference.TryGetProperty("decoded", out var decoded))
                tokenizer.Decode(ids, skipSpecial: false).ShouldBe(decoded.GetString());
        }
        cases.Length.ShouldBeGreaterThan(50);
    }

    [Theory, MemberData(nameof(Files))]
    public void Encode_GgufModelFile_GivesTheReferencesIds(string name)
    {
        var cases = TokenizerFiles.Cases("gguf/files/" + name);
        var tokenizer = Open(TokenizerFiles.Golden($"gguf/files/{name}/model.gguf"));
        foreach (var reference in cases)
        {
            var text = TokenizerFiles.Text(reference, "text");
            Ids(tokenizer.Encode(text)).ShouldBe(TokenizerFiles.Ints(reference, "ids"), text);
        }
        cases.Length.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void FromGguf_SmolLm2_KnowsItsSpecialTokens()
    {
        var tokenizer = SmolLm2();
        tokenizer.Kind.ShouldBe("gpt2 (smollm)");
        tokenizer.VocabularySize.ShouldBe(49152);
        tokenizer.BosId.ShouldBe(1);
        tokenizer.EosId.ShouldBe(2);
        tokenizer.StopIds.ShouldBe([2, 0]);
        tokenizer.IdOf("<|im_end|>").ShouldBe(2);
        tokenizer.IdOf("Ġexfol").ShouldBe(49149);
        tokenizer.IdOf("no such piece").ShouldBeNull();
        tokenizer.Piece(49149).ShouldBe("Ġexfol");
        tokenizer.IsSpecial(2).ShouldBeTrue();
        tokenizer.IsSpecial(49149).ShouldBeFalse();
    }

    private static Tokenizer SmolLm2() => Open(TokenizerFiles.Model("SmolLM2-135M-Instruct.Q4_1.gguf"));

    private static Tokenizer Open(string path)
    {
        using var file = GgufFile.Open(path);
        return TokenizerReader.FromGguf(file.Metadata);
    }

    private static int[] Ids(IReadOnlyList<Token> tokens) => [.. tokens.Select(t => t.Id)];

    private static int[][] Places(JsonElement reference) =>
        [.. reference.GetProperty("plain").GetProperty("offsets").EnumerateArray().Select(p => new[] { p[0].GetInt32(), p[1].GetInt32() })];
}
