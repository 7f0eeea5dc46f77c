using Octavo.Core;
using Octavo.Core.TorchPickle;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.TorchPickle;

public unsafe class TorchPickleSourceTests
{
    private static readonly HonestCheckpoint[] _honest = [.. HonestCheckpoints.All];

    public static TheoryData<string> Honest => [.. _honest.Select(checkpoint => checkpoint.Name)];

    [Theory, MemberData(nameof(Honest))]
    public void Open_HonestCheckpoint_GivesItsTensorsBitForBit(string name)
    {
        var checkpoint = _honest.Single(checkpoint => checkpoint.Name == name);
        using var folder = new TemporaryFolder();
        var path = folder.Write("pytorch_model.bin", checkpoint.Bytes);
        foreach (var memoryMap in (bool[])[true, false])
        {
            using var source = TorchPickleSource.Open(path, memoryMap);
            source.Location.ShouldBe(path);
            source.Files.ShouldBe([path]);
            source.Version.ShouldBe(0);
            source.Notes.ShouldBe(checkpoint.Note is null ? [] : [checkpoint.Note]);
            source.Tensors.Select(tensor => tensor.Name).ShouldBe(checkpoint.Tensors.Select(tensor => tensor.Name));
            foreach (var (found, expected) in source.Tensors.Zip(checkpoint.Tensors))
            {
                found.Type.ShouldBe(expected.Type, expected.Name);
                found.Shape.ShouldBe(expected.Shape, expected.Name);
                found.Bytes(0, (int)found.ByteLength).SequenceEqual(expected.Bytes).ShouldBeTrue(expected.Name);
                source.TryGet(expected.Name, out var same).ShouldBeTrue();
                same.ShouldBeSameAs(found);
            }
            source.TryGet("other", out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Checkpoints_Honest_AreTwentyOrMoreWithNamesOfTheirOwn()
    {
        _honest.Length.ShouldBeGreaterThanOrEqualTo(20);
        _honest.Select(checkpoint => checkpoint.Name).ShouldBeUnique();
    }

    [Fact]
    public void Open_TiedTensors_ShareTheirMemory()
    {
        using var folder = new TemporaryFolder();
        var storage = HonestCheckpoints.Storage("FloatStorage", 6);
        using var source = TorchPickleSource.Open(folder.Write("a.pt", TorchBytes.Archive(TorchDict.Of(("a", new TorchTensor(storage, [6])),
            ("b", new TorchTensor(storage, [2, 3])), ("c", new TorchTensor(storage, [3, 2], [1, 3])), ("d", new TorchTensor(storage, [3, 2], [1, 3]))))));
        (source.Tensors[0].Data == source.Tensors[1].Data).ShouldBeTrue();
        (source.Tensors[2].Data == source.Tensors[3].Data).ShouldBeTrue();
        (source.Tensors[0].Data == source.Tensors[2].Data).ShouldBeFalse();
        ((long)source.Tensors[0].Data % 64).ShouldBe(0);
        source.Tensors[0].GiveBack();
        source.Tensors[2].GiveBack();
        source.Tensors[0].Bytes(0, 24).SequenceEqual(storage.Data).ShouldBeTrue();
    }

    [Fact]
    public void Tensor_AfterItsSourceIsDisposed_IsOutOfReach()
    {
        using var folder = new TemporaryFolder();
        var storage = HonestCheckpoints.Storage("FloatStorage", 6);
        var source = TorchPickleSource.Open(folder.Write("a.pt", TorchBytes.Archive(TorchDict.Of(
            ("a", new TorchTensor(storage, [6])), ("b", new TorchTensor(storage, [3, 2], [1, 3]))))));
        var tensors = source.Tensors.ToList();
        source.Dispose();
        source.Dispose();
        tensors.ForEach(tensor => Should.Throw<ObjectDisposedException>(() => tensor.Bytes(0, 1).ToArray()));
        Should.Throw<ObjectDisposedException>(() => source.Tensors);
        Should.Throw<ObjectDisposedException>(() => source.TryGet("a", out _));
    }

    [Fact]
    public void Open_SeveralStateDicts_AreRefusedByTheirNamesUnlessOneIsNamed()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (HonestCheckpoints.Storage("FloatStorage", 4), HonestCheckpoints.Storage("FloatStorage", 4, 2));
        var path = folder.Write("a.pt", TorchBytes.Archive(TorchDict.Plain(("model", TorchDict.Of(("w", new TorchTensor(a, [4])))),
            ("ema", TorchDict.Of(("w", new TorchTensor(b, [4])))), ("epoch", 1L))));
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(path)).Message.ShouldContain("several parts of the file may be the model: model, ema");
        using var source = TorchPickleSource.Open(path, entry: "ema");
        source.Tensors[0].Bytes(0, 16).SequenceEqual(b.Data).ShouldBeTrue();
        source.Notes.ShouldBe(["The weights are the file's entry 'ema'; not used: model, epoch."]);
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(path, entry: "epoch")).Message.ShouldContain("no dict of tensors 'epoch'; it holds model, ema, epoch");
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(path, entry: "other")).Message.ShouldContain("no dict of tensors 'other'");
    }

    [Fact]
    public void Open_OtherThanAStateDict_IsRefusedByWhatItIs()
    {
        using var folder = new TemporaryFolder();
        var tensor = new TorchTensor(HonestCheckpoints.Storage("FloatStorage", 4), [4]);
        void Refused(object? value, string words) =>
            Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Write("a.pt", TorchBytes.Archive(value)))).Message.ShouldContain(words);
        Refused(tensor, "the file holds a tensor; a dict of tensors is expected");
        Refused(new List<object?> { tensor }, "the file holds a list");
        Refused(null, "the file holds None");
        Refused(TorchDict.Of(), "no dict of tensors; it holds nothing");
        Refused(TorchDict.Plain(("epoch", 1L), ("lr", 0.1)), "no dict of tensors; it holds epoch, lr");
        Refused(TorchDict.Plain((1L, tensor)), "the key of a tensor is an integer");
        Refused(TorchDict.Plain(("w", tensor), ("inner", TorchDict.Plain(("v", tensor)))), "several parts of the file may be the model: the whole file, inner");
        Refused(TorchDict.Plain(("w", tensor), ("list", new List<object?> { new object?[] { 1L, tensor } })), "there is 'list', a list with tensors inside");
        Refused(TorchDict.Plain(("a", TorchDict.Plain(("x", TorchDict.Plain(("w", tensor))), ("y", TorchDict.Plain(("w", tensor)))))),
            "several parts of the file may be the model: a/x, a/y");
    }

    [Fact]
    public void Open_NoFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.File("absent.bin"))).Message.ShouldContain("there is no such file");
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Path)).Message.ShouldContain("no pytorch_model.bin");
    }

    /// <summary>Files that torch wrote, where this machine has some.</summary>
    [Fact]
    public void Open_EveryFileOfThisMachine_Loads()
    {
        var roots = ((string[])["OCTAVO_MODELS", "OCTAVO_GOLDENS"]).Select(Environment.GetEnvironmentVariable).OfType<string>().Where(Directory.Exists);
        var files = roots.SelectMany(root => Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true }))
            .Where(file => Path.GetFileName(file) == "pytorch_model.bin" || Path.GetExtension(file) is ".pt" or ".pth").ToList();
        Assert.SkipWhen(files.Count == 0, "OCTAVO_MODELS and OCTAVO_GOLDENS hold no pytorch_model.bin, .pt or .pth");
        foreach (var file in files)
        {
            using var source = TorchPickleSource.Open(file);
            source.Tensors.ShouldNotBeEmpty(file);
        }
    }
}
