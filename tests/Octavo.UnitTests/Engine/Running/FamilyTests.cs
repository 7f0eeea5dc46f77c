using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Octavo.Models;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>What holds for every family that the engine runs, on the tiny checkpoints of the goldens.</summary>
public class FamilyTests
{
    // keys under dynamic scaling depend on how a text was cut, as in the reference
    private const string DependsOnCuts = "llama-dynamic-rope";

    public static TheoryData<string> Decoders => [.. Folders("decoders", "ForCausalLM").Where(name => name != DependsOnCuts)];

    public static TheoryData<string> Encoders => [.. Folders("decoders", "BertModel"), .. Folders("encoders", "BertModel", "MPNetModel", "RobertaModel")];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Forward_AnyChunksOnAnySet_EqualWholePromptBitForBit(string name)
    {
        foreach (var set in KernelSets.Available)
        {
            using var model = LanguageModel.Load(Golden("decoders", name), new EngineOptions { Threads = 2, InstructionSet = set.Name });
            var tokens = Tokens(model, 100, 1);
            var whole = Last(model, tokens, tokens.Length);
            foreach (var chunk in (int[])[1, 7, 64])
                Last(model, tokens, chunk).ShouldBe(whole, $"{set.Name}, chunks of {chunk}");
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Forward_AllSets_AgreeWithTheScalarOne(string name)
    {
        var tokens = (int[]?)null;
        var expected = (float[]?)null;
        foreach (var set in KernelSets.Available.Reverse())
        {
            using var model = LanguageModel.Load(Golden("decoders", name), new EngineOptions { Exact = true, Threads = 2, InstructionSet = set.Name });
            tokens ??= Tokens(model, 90, 2);
            var logits = Last(model, tokens, tokens.Length);
            expected ??= logits;
            for (var i = 0; i < logits.Length; i++)
                logits[i].ShouldBe(expected[i], 1e-4f * (1 + MathF.Abs(expected[i])), $"{set.Name}, logit {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Batch_ThreeSequences_EqualEachAlone(string name)
    {
        using var model = LanguageModel.Load(Golden("decoders", name), new EngineOptions { Threads = 2, PrefixCacheBytes = 0 });
        using var batch = new Batch(model, new BatchOptions { PromptRows = 11 });
        var options = new GenerationOptions { MaxTokens = 25, IgnoreEnd = true, WithoutText = true };
        var prompts = (int[][])[Tokens(model, 5, 3), Tokens(model, 20, 4), Tokens(model, 70, 5)];
        var answers = prompts.ToDictionary(prompt => batch.Join(prompt, options), _ => new List<int>());
        while (batch.Count > 0)
        {
            foreach (var (sequence, token, error) in batch.Step())
            {
                error.ShouldBeNull();
                answers[sequence].Add(token.Id);
            }
        }
        foreach (var (prompt, answer) in prompts.Zip(answers.Values))
        {
            using var session = model.NewSession();
            new Generator(model, session, options).Run(prompt).Select(token => token.Id).ShouldBe(answer, $"prompt of {prompt.Length}");
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Encode_TextsTogether_EqualEachAloneOnAnySet(string name)
    {
        foreach (var set in KernelSets.Available)
        {
            using var encoder = TextEncoder.Load(Golden(name.Contains("bert-s", StringComparison.Ordinal) ? "decoders" : "encoders", name),
                new EngineOptions { Threads = 2, InstructionSet = set.Name });
            var texts = ((int[])[3, 1, 17, 30, 30, 8]).Select((length, i) => Tokens(encoder.Model, Math.Min(length, encoder.MaxTokens), (ulong)i + 1)).ToList();
            var together = encoder.Run(texts);
            for (var i = 0; i < texts.Count; i++)
                encoder.Run([texts[i]])[0].ShouldBe(together[i], $"{set.Name}, text {i}");
        }
    }

    [Fact]
    public void Encode_WhatCannotBe_IsRefused()
    {
        using var encoder = TextEncoder.Load(Golden("encoders", "minilm"));
        Should.Throw<ResourceException>(() => encoder.Run([new int[encoder.MaxTokens + 1]])).Message.ShouldContain("nothing was cut");
        Should.Throw<ConfigException>(() => encoder.Run([[]])).Message.ShouldContain("no tokens");
        Should.Throw<ConfigException>(() => encoder.Run([[99]])).Message.ShouldContain("99");
        Should.Throw<ConfigException>(() => encoder.Run([[1]], [[2]])).Message.ShouldContain("type 2");
        Should.Throw<UnsupportedException>(() => encoder.Run([[1]], head: "classifier")).Message.ShouldContain("pooler");
        Should.Throw<UnsupportedException>(() => encoder.Model.NewSession()).Message.ShouldContain("octavo embed");
        Should.Throw<UnsupportedException>(() => TextEncoder.Load(Golden("decoders", "llama"))).Message.ShouldContain("decoder");
    }

    private static string Golden(string group, string name) => Repository.At("golden", group, name);

    private static IEnumerable<string> Folders(string group, params string[] architectures) =>
        Directory.GetDirectories(Repository.At("golden", group)).Order(StringComparer.Ordinal)
            .Where(folder => File.Exists(Path.Combine(folder, "config.json")) && File.Exists(Path.Combine(folder, "model.safetensors")))
            .Where(folder => Architectures.Supported.Any(name => architectures.Any(end => name.EndsWith(end, StringComparison.Ordinal))
                && File.ReadAllText(Path.Combine(folder, "config.json")).Contains($"\"{name}\"", StringComparison.Ordinal)))
            .Select(folder => Path.GetFileName(folder)!);

    private static float[] Last(LanguageModel model, int[] tokens, int chunk)
    {
        using var session = model.NewSession();
        float[] logits = [];
        for (var at = 0; at < tokens.Length; at += chunk)
            logits = session.Forward(tokens.AsSpan(at, Math.Min(chunk, tokens.Length - at))).ToArray();
        return logits;
    }

    private static int[] Tokens(LanguageModel model, int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(model.Checkpoint.Model.VocabularySize))];
    }
}
