using System.Diagnostics;
using Octavo.Core;
using Octavo.Core.TorchPickle;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.TorchPickle;

public class TorchPickleHostileTests
{
    private const long MaxAllocated = 256 << 20;
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(5);
    private static readonly HostileFile[] _malicious = [.. MaliciousPickles.All];
    private static readonly HostileFile[] _broken = [.. BrokenPickles.All, .. HostileArchives.All];
    private static readonly HostileFile[] _large = [.. BrokenPickles.Limits()];

    public static TheoryData<string> Malicious => [.. _malicious.Select(file => file.Name)];

    public static TheoryData<string> Broken => [.. _broken.Select(file => file.Name)];

    public static TheoryData<string> Large => [.. _large.Select(file => file.Name)];

    [Theory, MemberData(nameof(Malicious))]
    public void Open_MaliciousPickle_IsRefusedByNameAndNothingRuns(string name)
    {
        var file = _malicious.Single(file => file.Name == name);
        file.Check(".bin", (path, memoryMap) => TorchPickleSource.Open(path, memoryMap));

        using var folder = new TemporaryFolder();
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Write("a.pt", file.Bytes))).Message.Length.ShouldBeLessThan(2_000);
        File.Exists(MaliciousPickles.Canary).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Broken))]
    public void Open_FileAroundARule_LoadsOrIsRefusedByIt(string name) =>
        _broken.Single(file => file.Name == name).Check(".pt", (path, memoryMap) => TorchPickleSource.Open(path, memoryMap));

    [Theory, MemberData(nameof(Large))]
    public void Open_PickleAtALimit_IsRefusedInBoundedMemory(string name)
    {
        var file = _large.Single(file => file.Name == name);
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.pt", file.Bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(path)).Message.ShouldContain(file.Rule!);
        watch.Elapsed.ShouldBeLessThan(_most);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxAllocated);
    }

    [Fact]
    public void Files_Malicious_AreSixtyOrMoreWithNamesOfTheirOwn()
    {
        _malicious.Length.ShouldBeGreaterThanOrEqualTo(60);
        _malicious.Concat(_broken).Select(file => file.Name).ShouldBeUnique();
    }

    [Fact]
    public void Open_HonestFileCutAnywhere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var state = TorchDict.Of(("w", new TorchTensor(HonestCheckpoints.Storage("FloatStorage", 4), [4])));
        foreach (var whole in (byte[][])[TorchBytes.Archive(state), TorchBytes.Legacy(state)])
        {
            for (var length = 0; length < whole.Length; length++)
            {
                var path = folder.Write("cut.bin", whole[..length]);
                Should.Throw<CheckpointException>(() => TorchPickleSource.Open(path), $"{length} bytes").Message.ShouldStartWith(path);
            }
        }
    }

    [Theory]
    [InlineData("archive/constants.pkl", "", "TorchScript")]
    [InlineData("archive/byteorder", "big", "byte order is 'big'")]
    [InlineData("archive/version", "11", "format version 11")]
    public void Open_FormThatIsNotSupported_IsRefusedByName(string entry, string text, string words)
    {
        using var folder = new TemporaryFolder();
        ZipPart[] parts = [new("archive/data.pkl", new TorchBytes().Write(TorchDict.Of())), new("archive/version", "3\n"u8.ToArray())];
        var path = folder.Write("a.pt", new ZipBytes().Write([.. parts.Where(part => part.Name != entry), new ZipPart(entry, [.. text.Select(c => (byte)c)])]));
        Should.Throw<UnsupportedException>(() => TorchPickleSource.Open(path)).Message.ShouldContain(words);
    }

    [Fact]
    public void Open_TarOrBigEndianOldForm_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var tar = new byte[1024];
        "sys_info"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Should.Throw<UnsupportedException>(() => TorchPickleSource.Open(folder.Write("a.pt", tar))).Message.ShouldContain("tar archive");
        Should.Throw<UnsupportedException>(() => TorchPickleSource.Open(folder.Write("b.pt", TorchBytes.Head(little: false)))).Message.ShouldContain("big-endian");
    }

    // A dict that holds the dict before twice, 200 times: what walks it without care never ends.
    [Fact]
    public void Open_DictsThatMultiply_EndSoon()
    {
        var pickle = PickleBytes.Begin().Op('}').Op('(').Text("x").Op('(').Op('}').Op('q').Raw(0);
        for (var i = 1; i <= 200; i++)
            pickle.Op('}').Op('q').Raw((byte)i).Op('(').Text("a").Op('h').Raw((byte)(i - 1)).Text("b").Op('h').Raw((byte)(i - 1)).Op('u');
        var bytes = MaliciousPickles.Archive(pickle.Op('t').Text("y").Op('h').Raw(200).Op('u').End());
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Write("a.pt", bytes))).Message.ShouldContain("holds no dict of tensors");
        watch.Elapsed.ShouldBeLessThan(_most);
    }

    // One list of many pairs, and a short call that makes a dict of it, many times.
    [Fact]
    public void Open_DictsOfOneList_EndSoon()
    {
        var pickle = PickleBytes.Begin().Op(']').Op('q').Raw(0).Op('(');
        for (var i = 0; i < 10_000; i++)
            pickle.Int(i).Op('N').Raw(0x86);
        pickle.Op('e').Op('(');
        for (var i = 0; i < 10_000; i++)
            pickle.Global("collections", "OrderedDict").Op('h').Raw(0).Raw(0x85).Op('R');
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Write("a.pt", MaliciousPickles.Archive(pickle.Op('t').End())))).Message
            .ShouldContain("more than 2000000 containers");
        watch.Elapsed.ShouldBeLessThan(_most);
    }

    [Fact]
    public void Open_DictInItself_EndsSoon()
    {
        using var folder = new TemporaryFolder();
        var pickle = PickleBytes.Begin().Op('}').Op('q').Raw(0).Text("a").Op('h').Raw(0).Op('s').End();
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Write("a.pt", MaliciousPickles.Archive(pickle)))).Message
            .ShouldContain("holds no dict of tensors; it holds a");
    }

    [Fact]
    public void Open_TransposedMoreOftenThanTheFileIsLarge_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var storage = HonestCheckpoints.Storage("FloatStorage", 4_000);
        (object?, object?) Turned(int i) => ($"t{i}", new TorchTensor(storage, [40, 100 - i], [1, 40]));
        var few = folder.Write("few.pt", TorchBytes.Archive(TorchDict.Of(Turned(0))));
        TorchPickleSource.Open(few).Dispose();
        var many = folder.Write("many.pt", TorchBytes.Archive(TorchDict.Of([.. Enumerable.Range(0, 20).Select(Turned)])));
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(many)).Message.ShouldContain("more memory than the file has bytes");
    }
}
