using System.Buffers.Binary;
using Octavo.Core;
using Octavo.Engine.Cache;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Cache;

/// <summary>Files of stored pages: what was written comes back; whatever else a file holds is refused with one sentence.</summary>
public sealed class PrefixFileTests : IDisposable
{
    private const int Layers = 2;

    private static readonly UInt128 _key = new(1, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly PagePool _pool = new(kvHeads: 1, headDim: 16);

    private string Path => _folder.File("p.prefix");

    public static TheoryData<string, Action<byte[]>> Damage => new()
    {
        { "no file of stored pages", bytes => bytes[0] ^= 1 },
        { "version 7", bytes => bytes[8] = 7 },
        { "do not agree", bytes => bytes[12] = 3 },
        { "another model", bytes => bytes[16] ^= 1 },
        { "do not agree", bytes => bytes[33] ^= 1 },
        { "do not agree", bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), -1) },
        { "do not agree", bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), int.MaxValue) },
        { "do not agree", bytes => bytes[44] = 32 },
        { "do not agree", bytes => bytes[50] ^= 1 },
        { "checksum of its index", bytes => bytes[56] ^= 1 },
        { "checksum of its index", bytes => bytes[64 + 50] ^= 1 },
        { "no place in the tree", bytes => Reseal(bytes, data => data[64] = 9) },
        { "no place in the tree", bytes => Reseal(bytes, data => BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(64), 0)) },
        { "no place in the tree", bytes => Reseal(bytes, data => BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(72), long.MinValue)) },
    };

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public unsafe void Write_ThenOpen_GivesTheSameBytes()
    {
        WriteThreePages();
        using var store = Store();
        store.Attach(Open());
        store.Statistics.Pages.ShouldBe(3);
        store.Statistics.Bytes.ShouldBe(0);
        using var cache = new KvCache(_pool, Layers, 400);
        store.Take(Sequence(193), cache, 0).ShouldBe(192);
        store.Statistics.Bytes.ShouldBe(3 * store.NodeBytes);
        for (var page = 0; page < 3; page++)
        {
            for (var layer = 0; layer < Layers; layer++)
                new ReadOnlySpan<byte>(_pool.Data(cache.Page(layer, page)), (int)_pool.PageBytes).ToArray().ShouldBe(Content(layer, page));
        }
    }

    [Theory]
    [MemberData(nameof(Damage))]
    public void Open_Damaged_IsRefusedInOneSentence(string said, Action<byte[]> damage)
    {
        WriteThreePages();
        var bytes = File.ReadAllBytes(Path);
        damage(bytes);
        File.WriteAllBytes(Path, bytes);
        var message = Should.Throw<InputFileException>(Open).Message;
        message.ShouldContain(said);
        message.ShouldContain("not used");
        message.ShouldStartWith(Path);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(300)]
    [InlineData(5000)]
    public void Open_CutOff_IsRefused(int length)
    {
        WriteThreePages();
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..length]);
        Should.Throw<InputFileException>(Open).Message.ShouldStartWith(Path);
    }

    [Fact]
    public void Take_DamagedData_UsesWhatIsWholeAndSaysSoOnce()
    {
        WriteThreePages();
        var bytes = File.ReadAllBytes(Path);
        bytes[PrefixFileLayout.DataOffset(3) + (3 * _pool.PageBytes) + 7] ^= 1;
        File.WriteAllBytes(Path, bytes);
        using var store = Store();
        store.Attach(Open());
        using var cache = new KvCache(_pool, Layers, 400);
        store.Take(Sequence(193), cache, 0).ShouldBe(64);
        store.Statistics.Pages.ShouldBe(1);
        store.TakeNotes().Single().ShouldContain("checksum of page 1");
        store.TakeNotes().ShouldBeEmpty();
        _pool.PagesInUse.ShouldBe(Layers);
    }

    [Fact]
    public void Take_FileShrinksAfterwards_IsAnErrorAndNotTheEnd()
    {
        WriteThreePages();
        using var store = Store();
        store.Attach(Open());
        using (var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            file.SetLength(PrefixFileLayout.DataOffset(3));
        using var cache = new KvCache(_pool, Layers, 400);
        store.Take(Sequence(193), cache, 0).ShouldBe(0);
        store.TakeNotes().Single().ShouldContain("ends too early");
        store.Statistics.Pages.ShouldBe(0);
    }

    [Fact]
    public void Take_LittleRoom_GivesPagesBackToTheFileAndReadsThemAgain()
    {
        WriteThreePages();
        using var store = new PrefixStore(_pool, Layers, 2 * _pool.PageBytes * Layers);
        store.Attach(Open());
        for (var i = 0; i < 3; i++)
        {
            using (var cache = new KvCache(_pool, Layers, 400))
                store.Take(Sequence(193), cache, 0).ShouldBe(128);
            using (var other = new KvCache(_pool, Layers, 400))
            {
                other.Append(0, 128);
                store.Add(Sequence(128, 7), other);
            }
            store.Statistics.Pages.ShouldBe(3 + 2);
            store.Statistics.Bytes.ShouldBe(2 * store.NodeBytes);
        }
    }

    [Fact]
    public void Write_FromAFile_CopiesPagesThatWereNeverRead()
    {
        WriteThreePages();
        using var store = Store();
        store.Attach(Open());
        var copy = _folder.File("copy.prefix");
        PrefixFileWriter.Write(copy, _key, store.Select(null, 2), Layers, _pool);
        using var file = PrefixFile.Open(copy, _key, Layers, _pool.PageBytes);
        file.Count.ShouldBe(2);
        file.Parent(1).ShouldBe(0);
        Directory.GetFiles(_folder.Path).Length.ShouldBe(2);
    }

    private static void Reseal(byte[] bytes, Action<byte[]> change)
    {
        change(bytes);
        var index = bytes.AsSpan(PrefixFileLayout.HeaderBytes, 3 * PrefixFileLayout.EntryBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(PrefixFileLayout.ChecksumOffset), PrefixFile.SumOf(bytes.AsSpan(0, PrefixFileLayout.HeaderBytes), index));
    }

    private static byte[] Content(int layer, int page, int length = 8192)
    {
        var bytes = new byte[length];
        new Random((layer * 100) + page).NextBytes(bytes);
        return bytes;
    }

    private static int[] Sequence(int length, int seed = 1) => [.. Enumerable.Range(0, length).Select(i => (seed * 1000) + i)];

    private PrefixStore Store() => new(_pool, Layers, 1 << 20);

    private PrefixFile Open() => PrefixFile.Open(Path, _key, Layers, _pool.PageBytes);

    private unsafe void WriteThreePages()
    {
        _pool.PageBytes.ShouldBe(8192);
        using var store = Store();
        using var cache = new KvCache(_pool, Layers, 400);
        cache.Append(0, 192);
        for (var page = 0; page < 3; page++)
        {
            for (var layer = 0; layer < Layers; layer++)
                Content(layer, page).CopyTo(new Span<byte>(_pool.Data(cache.Page(layer, page)), 8192));
        }
        store.Add(Sequence(192), cache);
        var held = store.Select(Sequence(192), 10);
        PrefixFileWriter.Write(Path, _key, held, Layers, _pool);
        store.LetGo(held);
    }
}
