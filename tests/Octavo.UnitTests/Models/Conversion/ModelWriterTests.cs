using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models.Conversion;

/// <summary>What writing a conversion must never take away, and what it carries beside the weights.</summary>
public class ModelWriterTests
{
    private static readonly WriteOptions _overwrite = new() { Overwrite = true };

    [Fact]
    public void Write_FolderOfAnotherNameThatEndsIncomplete_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("m.incomplete")));
        ModelConversion.Plan(source, ModelFormat.Hub, TensorType.F16).Write(folder.File("m"));
        Directory.EnumerateFiles(folder.File("m.incomplete")).Count().ShouldBe(2);
    }

    [Fact]
    public void Write_OverAFolderWithMoreThanAModel_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        Directory.CreateDirectory(folder.File("project"));
        folder.Write("project/config.json", "{}"u8.ToArray());
        folder.Write("project/thesis.tex", [1]);

        var plan = ModelConversion.Plan(source, ModelFormat.Hub, TensorType.F16);
        Should.Throw<ConfigException>(() => plan.Write(folder.File("project"), _overwrite)).Message.ShouldContain("thesis.tex");
        File.Exists(folder.File("project/thesis.tex")).ShouldBeTrue();
    }

    [Fact]
    public void Write_OntoWhatALinkOrAPartNames_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using (var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source"))))
            ModelConversion.Plan(source, ModelFormat.Gguf, null).Write(folder.File("real.gguf"));
        File.CreateSymbolicLink(folder.File("link.gguf"), folder.File("real.gguf"));
        using var linked = Checkpoint.Open(folder.File("link.gguf"));
        Should.Throw<ConfigException>(() => ModelConversion.Plan(linked, ModelFormat.Gguf, TensorType.F16).Write(folder.File("real.gguf"), _overwrite))
            .Message.ShouldContain("where");

        using (var whole = GgufFile.Open(folder.File("real.gguf")))
            GgufSplitter.Split(whole, folder.File("parts"), "tiny", 200_000).Count.ShouldBeGreaterThan(1);
        var parts = Directory.EnumerateFiles(folder.File("parts")).Order(StringComparer.Ordinal).ToList();
        using var split = Checkpoint.Open(parts[0]);
        Should.Throw<ConfigException>(() => ModelConversion.Plan(split, ModelFormat.Gguf, TensorType.F16).Write(parts[1], _overwrite))
            .Message.ShouldContain("where");
    }

    [Theory]
    [InlineData(ModelFormat.Gguf, "there.gguf")]
    [InlineData(ModelFormat.Hub, "there")]
    public void Write_CheckThatFails_LeavesWhatWasThere(ModelFormat format, string name)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        ModelConversion.Plan(source, format, TensorType.BF16).Write(folder.File(name));
        var before = Content(folder.Path);

        var plan = ModelConversion.Plan(source, format, TensorType.F16);
        Should.Throw<EvaluationException>(() => plan.Write(folder.File(name), new WriteOptions
        {
            Overwrite = true,
            Check = aside =>
            {
                using var made = Checkpoint.Open(aside);
                plan.Compare(made);
                throw new EvaluationException("not right");
            },
        }));
        Content(folder.Path).ShouldBe(before);

        plan.Write(folder.File(name), _overwrite);
        Content(folder.Path).ShouldNotBe(before);
        Directory.EnumerateFileSystemEntries(folder.Path).Count().ShouldBe(2);
    }

    [Fact]
    public void Compare_NumbersThatAreNone_AreNotEqualToNumbers()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        var plan = ModelConversion.Plan(source, ModelFormat.Gguf, null);
        plan.Write(folder.File("a.gguf"));
        var bytes = File.ReadAllBytes(folder.File("a.gguf"));
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 64), float.NaN);
        File.WriteAllBytes(folder.File("a.gguf"), bytes);
        using var made = Checkpoint.Open(folder.File("a.gguf"));
        Should.Throw<EvaluationException>(() => plan.Compare(made));
    }

    [Fact]
    public void Plan_ExpertsOfSeveralTypes_AreNotRounded()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(GoldenFolder.Find("decoders/mixtral"));
        ModelConversion.Plan(source, ModelFormat.Hub, TensorType.BF16).Write(folder.File("half"));
        using var half = Checkpoint.Open(folder.File("half"));
        List<StoredTensor> mixed = [.. source.Weights.Tensors.Select(tensor =>
            tensor.Name.Contains("experts.0.", StringComparison.Ordinal) && half.Weights.TryGet(tensor.Name, out var other) ? other : tensor)];
        Directory.CreateDirectory(folder.File("mixed"));
        File.Copy(Path.Combine(source.Path, "config.json"), folder.File("mixed/config.json"));
        Octavo.Core.Safetensors.SafetensorsWriter.WriteFolder(folder.File("mixed"), mixed);

        using var checkpoint = Checkpoint.Open(folder.File("mixed"));
        var stacked = ModelConversion.Plan(checkpoint, ModelFormat.Gguf, null).Tensors.Where(tensor => tensor.Shape.Count == 3).ToList();
        stacked.ShouldNotBeEmpty();
        stacked.ShouldAllBe(tensor => tensor.To == TensorType.F32 && tensor.Reason!.Contains("BF16"));
    }

    [Fact]
    public void Write_WithinTheHubsLayout_TakesTextsAlongAndNamesTheRest()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.File("source"));
        Directory.CreateDirectory(folder.File("source/1_Pooling"));
        Directory.CreateDirectory(folder.File("source/onnx"));
        foreach (var name in (string[])["tokenizer_config.json", "modeling_tiny.py", "1_Pooling/config.json", "onnx/model.onnx", "notes.txt", ".gitattributes"])
            folder.Write("source/" + name, "{}"u8.ToArray());
        using var source = Checkpoint.Open(folder.File("source"));

        var notes = ModelConversion.Plan(source, ModelFormat.Hub, TensorType.F16).Write(folder.File("copy"));
        notes.ShouldBe(["Not carried over from the folder: notes.txt, onnx."]);
        Directory.EnumerateFiles(folder.File("copy"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.File("copy"), file))
            .Order(StringComparer.Ordinal).ShouldBe(["1_Pooling/config.json", "config.json", "model.safetensors", "modeling_tiny.py", "tokenizer_config.json"]);
    }

    [Fact]
    public void Write_ToAFolder_SaysTheIdsThatReadersWouldGuess()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(Repository.BundledModel);
        var config = System.Text.Json.Nodes.JsonNode.Parse("{}")!;
        // the weights are half a gigabyte; only what lies beside them is looked at
        Should.Throw<EvaluationException>(() => ModelConversion.Plan(source, ModelFormat.Hub, TensorType.BF16).Write(folder.File("hub"), new WriteOptions
        {
            Check = aside =>
            {
                config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(Path.Combine(aside, "config.json")))!;
                throw new EvaluationException("seen");
            },
        }));
        config["bos_token_id"]!.GetValue<int>().ShouldBe(1);
        config["eos_token_id"]!.GetValue<int>().ShouldBe(2);
        config["rope_theta"]!.ToJsonString().ShouldBe("100000.0");
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    private static string Content(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
}
