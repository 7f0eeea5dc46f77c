using Octavo.Engine;
using Octavo.Engine.Kernels;

namespace Octavo.Bench.Kernels;

/// <summary>Attention of one key-value head on one thread: a decode row, and a prefill tile of 64 rows.</summary>
internal static unsafe class AttentionBench
{
    private const int TileRows = 64;

    /// <summary>Pages are spread over this much memory at least, as those of 30 layers are: no cache below the last holds them.</summary>
    private const long SpreadBytes = 24 << 20;

    public static void Run(KernelSet set, int group, int headDim, Report report)
    {
        foreach (var type in Enum.GetValues<KvType>())
        {
            foreach (var positions in new[] { 128, 2048, 6000 })
                Decode(set, type, group, headDim, positions, report);
            foreach (var positions in new[] { 128, 2048, 6000 })
                Prefill(set, type, group, headDim, positions, report);
        }
    }

    private static void Decode(KernelSet set, KvType type, int group, int headDim, int positions, Report report)
    {
        var pages = (positions + 63) / 64;
        var layout = new PageLayout(type, headDim);
        var layers = Math.Max(1, (int)(SpreadBytes / ((long)pages * layout.HeadBytes)));
        var data = Pages(set, layout, pages * layers);
        var queries = Queries(set, layout, group, out var visible, out var scratch);
        var layer = 0;
        var seconds = Timing.MeasureShort(() =>
        {
            for (var p = layer * pages; p < (layer + 1) * pages; p++)
                set.AttendPage(View(data, layout, p), queries, visible, data + ((p + 1L) * layout.HeadBytes), scratch);
            layer = (layer + 1) % layers;
        });
        report.Add(Line(set, Result.Decode, layout, group, positions, seconds));
    }

    private static void Prefill(KernelSet set, KvType type, int group, int headDim, int positions, Report report)
    {
        var pages = (positions + 63) / 64;
        var layout = new PageLayout(type, headDim);
        var data = Pages(set, layout, pages);
        var queries = Queries(set, layout, group * TileRows, out var visible, out var scratch);
        var seconds = Timing.MeasureShort(() =>
        {
            for (var p = 0; p < pages; p++)
                set.AttendPage(View(data, layout, p), queries, visible, data, scratch);
        });
        report.Add(Line(set, Result.Prefill, layout, group, positions, seconds));
    }

    private static Result Line(KernelSet set, string kernel, PageLayout layout, int group, int positions, (double Median, double Best) seconds)
    {
        var pages = (positions + 63) / 64;
        var rows = kernel == Result.Prefill ? TileRows : 1;
        return new Result(
            set.Name, Result.Attend, $"{kernel} {group}x{layout.HeadDim}", layout.Type.ToString(), null, layout.HeadDim, positions,
            (double)pages * layout.HeadBytes, 4.0 * group * rows * layout.HeadDim * 64 * pages, seconds.Median, seconds.Best);
    }

    private static PageView View(byte* data, PageLayout layout, int page) => new(data + ((long)page * layout.HeadBytes), layout);

    private static byte* Pages(KernelSet set, PageLayout layout, int pages)
    {
        var numbers = Memory.Gaussians(64L * 2 * layout.HeadDim);
        // one page more, which the last one fetches early
        var data = Memory.Take<byte>((pages + 1L) * layout.HeadBytes);
        for (var slot = 0; slot < 64; slot++)
            set.StorePosition(View(data, layout, 0), slot, numbers + (2L * slot * layout.HeadDim), numbers + (((2L * slot) + 1) * layout.HeadDim));
        for (var page = 1; page < pages; page++)
            new ReadOnlySpan<byte>(data, layout.HeadBytes).CopyTo(new Span<byte>(data + ((long)page * layout.HeadBytes), layout.HeadBytes));
        return data;
    }

    private static QueryBlock Queries(KernelSet set, PageLayout layout, int count, out Slots* visible, out float* scratch)
    {
        var q = Memory.Gaussians((long)count * layout.HeadDim);
        set.Scale(q, set.QueryScale(layout.Type) / MathF.Sqrt(layout.HeadDim), count * layout.HeadDim);
        var m = Memory.Take<float>(count);
        new Span<float>(m, count).Fill(float.NegativeInfinity);
        visible = Memory.Take<Slots>(count);
        new Span<Slots>(visible, count).Fill(new Slots(0, 64));
        scratch = Memory.Take<float>(KernelSet.AttendScratchFloats(layout.HeadDim, count));
        return new QueryBlock(q, count, m, Memory.Take<float>(count), Memory.Take<float>((long)count * layout.ValueStride));
    }
}
