using System.Runtime.InteropServices;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>What pages hold of the numbers that were stored in them.</summary>
public sealed unsafe class PageTests
{
    [Theory, MemberData(nameof(AttentionTests.Cases), MemberType = typeof(AttentionTests))]
    public void StorePosition_AnyWidth_KeepsNumbersWithinTheTypesRounding(string name, KvType type)
    {
        foreach (var headDim in new[] { 4, 8, 12, 40, 64, 100, 128 })
        {
            using var page = new OnePage(name, type, headDim);
            foreach (var slot in new[] { 0, 17, 63 })
            {
                var k = Reference.Gaussians(headDim, (ulong)slot + 1);
                var v = Reference.Gaussians(headDim, (ulong)slot + 2, 30);
                page.Store(slot, k, v).ShouldBeTrue();
                for (var d = 0; d < headDim; d++)
                {
                    page.Key(slot, d).ShouldBe(k[d], Tolerance(type, k, d), $"{headDim}, key {d}");
                    page.Value(slot, d).ShouldBe(v[d], Tolerance(type, v, d), $"{headDim}, value {d}");
                }
            }
            page.CheckOthersAreZero([0, 17, 63]);
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void StorePosition_Halves_AreRoundedHalfToEvenAndFlushed(string name)
    {
        float[] numbers = [1 + (1f / 2048), 1 + (3f / 2048), 1 + (1.01f / 2048), 65504, 65519, -65519, 6.1035156e-5f, 6.0e-5f, -6.0e-5f, 0, -0f, 1e-30f, 6.1034e-5f, -2, 1023.75f, 3];
        using var page = new OnePage(name, KvType.F16, numbers.Length);
        page.Store(5, numbers, numbers).ShouldBeTrue();
        for (var d = 0; d < numbers.Length; d++)
        {
            var half = (float)(Half)numbers[d];
            var expected = MathF.Abs(half) < 6.1035156e-5f ? 0 : half;
            page.Key(5, d).ShouldBe(expected, $"{numbers[d]}");
            page.Value(5, d).ShouldBe(expected, $"{numbers[d]}");
        }
    }

    [Theory]
    [InlineData(65520f)]
    [InlineData(-70000f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void StorePosition_BeyondHalves_IsReported(float number)
    {
        foreach (var set in KernelSets.Available)
        {
            foreach (var at in new[] { 0, 7, 15 })
            {
                using var page = new OnePage(set.Name, KvType.F16, 16);
                var numbers = new float[16];
                numbers[at] = number;
                page.Store(0, numbers, new float[16]).ShouldBeFalse(set.Name);
                page.Store(0, new float[16], numbers).ShouldBeFalse(set.Name);
                page.Store(0, new float[16], new float[16]).ShouldBeTrue(set.Name);
            }
        }
    }

    [Fact]
    public void StorePosition_AnySet_WritesTheSameBytes()
    {
        foreach (var type in Enum.GetValues<KvType>())
        {
            using var expected = new OnePage("scalar", type, 72);
            var (k, v) = (Reference.Gaussians(72, 3), Reference.Gaussians(72, 4));
            expected.Store(9, k, v);
            foreach (var set in KernelSets.Available)
            {
                using var page = new OnePage(set.Name, type, 72);
                page.Store(9, k, v);
                page.Bytes.ToArray().ShouldBe(expected.Bytes.ToArray(), $"{set.Name} {type}");
            }
        }
    }

    private static float Tolerance(KvType type, float[] numbers, int d) => type switch
    {
        KvType.F32 => 0,
        KvType.F16 => MathF.Abs(numbers[d]) / 2048 + 6.2e-5f,
        _ => numbers.Skip(d / 32 * 32).Take(32).Max(MathF.Abs) / 127 * 0.501f,
    };

    private sealed class OnePage : IDisposable
    {
        private readonly KernelSet _set;
        private readonly PageLayout _layout;
        private readonly byte* _data;

        public OnePage(string name, KvType type, int headDim)
        {
            _set = KernelSets.Select(name);
            _layout = new PageLayout(type, headDim);
            _data = (byte*)NativeMemory.AlignedAlloc((nuint)_layout.HeadBytes, 64);
            new Span<byte>(_data, _layout.HeadBytes).Clear();
        }

        public ReadOnlySpan<byte> Bytes => new(_data, _layout.HeadBytes);

        private PageView View => new(_data, _layout);

        public bool Store(int slot, float[] k, float[] v)
        {
            fixed (float* key = k, value = v)
                return _set.StorePosition(View, slot, key, value);
        }

        public float Key(int slot, int d) => ScalarPages.Key(View, slot, d);

        public float Value(int slot, int d) => ScalarPages.Value(View, slot, d);

        public void CheckOthersAreZero(int[] stored)
        {
            for (var slot = 0; slot < PageLayout.Positions; slot++)
            {
                for (var d = 0; d < _layout.HeadDim && !stored.Contains(slot); d++)
                {
                    Key(slot, d).ShouldBe(0);
                    Value(slot, d).ShouldBe(0);
                }
                for (var d = _layout.HeadDim; d < _layout.ValueStride; d++)
                    Value(slot, d).ShouldBe(0);
            }
        }

        public void Dispose() => NativeMemory.AlignedFree(_data);
    }
}
