using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public unsafe class PackedPageTests
{
    private const int Positions = PageLayout.Positions;

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            TheoryData<int, int, int> all = [];
            foreach (var bits in new[] { 1, 2, 4, 8 })
            {
                foreach (var (dim, group) in new[] { (64, 32), (16, 8), (16, 32), (40, 8), (128, 64) })
                    all.Add(bits, dim, group);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pack_OfAnyPage_IsAtMostHalfAStepAway_AndExpandsAlikeInAllWays(int bits, int dim, int group)
    {
        foreach (var type in new[] { KvType.F32, KvType.F16, KvType.Q8 })
        {
            var layout = new PageLayout(type, dim);
            var packedLayout = PageLayout.Packed(dim, bits, group);
            var from = (byte*)NativeMemory.AlignedAlloc((nuint)layout.HeadBytes, 64);
            var to = (byte*)NativeMemory.AlignedAlloc((nuint)packedLayout.HeadBytes, 64);
            var panel = (float*)NativeMemory.AlignedAlloc((nuint)(Positions * layout.ValueStride * sizeof(float)), 64);
            NativeMemory.Clear(from, (nuint)layout.HeadBytes);
            try
            {
                var (page, packed) = (new PageView(from, layout), new PageView(to, packedLayout));
                Fill(page, dim);
                PackedPages.Pack(page, packed, panel);
                Check(bits, dim, group, (d, j) => ScalarPages.Key(page, j, d), (d, j) => PackedPages.Key(packed, j, d), tokensShare: true);
                Check(bits, dim, group, (d, j) => ScalarPages.Value(page, j, d), (d, j) => PackedPages.Value(packed, j, d), tokensShare: false);
                PackedPages.Keys(packed, panel);
                for (var i = 0; i < dim * Positions; i++)
                    panel[i].ShouldBe(PackedPages.Key(packed, i % Positions, i / Positions), 1e-5f);
                PackedPages.Values(packed, panel);
                for (var i = 0; i < Positions * layout.ValueStride; i++)
                    panel[i].ShouldBe(i % layout.ValueStride < dim ? PackedPages.Value(packed, i / layout.ValueStride, i % layout.ValueStride) : 0, 1e-5f);
            }
            finally
            {
                NativeMemory.AlignedFree(from);
                NativeMemory.AlignedFree(to);
                NativeMemory.AlignedFree(panel);
            }
        }
    }

    [Fact]
    public void Packed_InFourBitsWithGroupsOf32_TakesLessThanAThirdOfFp16() =>
        (PageLayout.Packed(64, 4, 32).HeadBytes / (double)new PageLayout(KvType.F16, 64).HeadBytes).ShouldBe(0.3125);

    [Fact]
    public void Packed_HeadsThatGroupsDoNotDivide_AreRefused() =>
        Should.Throw<UnsupportedException>(() => PageLayout.Packed(40, 4, 32)).Message.ShouldContain("40 wide");

    [Fact]
    public void HalfRange_OfAnyGroup_IsRoundedOutwards()
    {
        var numbers = Reference.Gaussians(32 * 200, 9, 5);
        foreach (var bits in new[] { 1, 2, 4, 8 })
        {
            for (var first = 0; first < numbers.Length; first += 32)
            {
                var group = numbers.AsSpan(first, 32);
                var (scale, zero) = GroupCodes.HalfRange(group, bits);
                var (smallest, largest) = (group.ToArray().Min(), group.ToArray().Max());
                ((float)zero).ShouldBeLessThanOrEqualTo(smallest);
                ((float)zero + ((float)scale * GroupCodes.Top(bits))).ShouldBeGreaterThanOrEqualTo(largest);
            }
        }
    }

    [Fact]
    public void Range_OfAConstantGroup_HasNoStep()
    {
        GroupCodes.Range([0.75f, 0.75f], 4).ShouldBe((0f, 0.75f));
        var (scale, zero) = GroupCodes.HalfRange([0.1f, 0.1f, 0.1f], 4);
        float.IsFinite((float)scale).ShouldBeTrue();
        for (var code = 0; code < 3; code++)
            ((GroupCodes.Code(0.1f, (float)scale, (float)zero, 4) * (float)scale) + (float)zero).ShouldBe(0.1f, 1e-4f);
    }

    private static void Fill(in PageView page, int dim)
    {
        var k = Reference.Gaussians(Positions * dim, 7, 3);
        var v = Reference.Gaussians(Positions * dim, 8);
        for (var j = 0; j < Positions; j++)
        {
            // a channel that stands out, one that is constant, and a token of zeros
            (k[(j * dim) + 3], k[(j * dim) + 5]) = (k[(j * dim) + 3] + 40, 0.75f);
            if (j == 9)
                v.AsSpan(j * dim, dim).Clear();
            fixed (float* key = &k[j * dim], value = &v[j * dim])
                ScalarPages.Store(page, j, key, value).ShouldBeTrue();
        }
    }

    private static void Check(int bits, int dim, int group, Func<int, int, float> number, Func<int, int, float> packed, bool tokensShare)
    {
        group = tokensShare ? group : Math.Min(group, dim);
        for (var d = 0; d < dim; d++)
        {
            for (var j = 0; j < Positions; j++)
            {
                var first = tokensShare ? j / group * group : d / group * group;
                var members = Enumerable.Range(first, group).Select(i => tokensShare ? number(d, i) : number(i, j)).ToList();
                var step = (members.Max() - members.Min()) / GroupCodes.Top(bits);
                // scale and zero point are rounded to fp16, outwards
                var slack = 1e-3f * (members.Max(Math.Abs) + step) + 1e-6f;
                Math.Abs(packed(d, j) - number(d, j)).ShouldBeLessThanOrEqualTo((step / 2) + slack);
                float.IsFinite(packed(d, j)).ShouldBeTrue();
            }
        }
    }
}
