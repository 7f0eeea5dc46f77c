using CsCheck;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public class AttentionTests
{
    private static readonly int[] _headDims = [4, 8, 12, 16, 20, 36, 64, 80, 100, 128, 256];

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_OnePage_EqualsDoubleReference(string name)
    {
        foreach (var headDim in _headDims)
        {
            foreach (var heads in new[] { 1, 2, 3, 4, 5, 7 })
            {
                foreach (var (from, to) in new[] { (0, 64), (0, 1), (63, 64), (0, 17), (13, 14), (5, 60), (3, 8), (8, 16), (7, 9) })
                {
                    using var attention = new AttentionCase(KernelSets.Select(name), heads, headDim, 1, (ulong)(heads + headDim));
                    attention.Attend(0, from, to);
                    attention.Check([(0, from, to)]);
                }
            }
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_SeveralPages_EqualsDoubleReference(string name)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), 3, 64, 5, 2);
        (int, int, int)[] ranges = [(0, 10, 64), (1, 0, 64), (2, 0, 64), (3, 0, 64), (4, 0, 33)];
        foreach (var (page, from, to) in ranges)
            attention.Attend(page, from, to);
        attention.Check(ranges);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_ScoresFarApart_KeepsTheHigherPage(string name)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), 2, 16, 3, 3, scoreScale: 60);
        (int, int, int)[] ranges = [(0, 0, 64), (1, 0, 64), (2, 0, 64)];
        foreach (var (page, from, to) in ranges)
            attention.Attend(page, from, to);
        attention.Check(ranges);
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_SplitRange_EqualsTheWholeWithinRounding(string name) =>
        (from heads in Gen.Int[1, 6]
         from quarter in Gen.Int[1, 40]
         from cut in Gen.Int[1, 63]
         select (heads, quarter, cut)).Sample(
            values =>
            {
                using var attention = new AttentionCase(KernelSets.Select(name), values.heads, values.quarter * 4, 1, 4);
                attention.Attend(0, 0, values.cut);
                attention.Attend(0, values.cut, 64);
                attention.Check([(0, 0, 64)]);
            },
            iter: 60);

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_HeadsTogetherOrAlone_HaveTheSameBits(string name)
    {
        foreach (var headDim in _headDims)
        {
            foreach (var (from, to) in new[] { (0, 64), (9, 42) })
            {
                using var together = new AttentionCase(KernelSets.Select(name), 7, headDim, 2, 6);
                using var alone = new AttentionCase(KernelSets.Select(name), 7, headDim, 2, 6);
                together.Attend(0, from, to);
                together.Attend(1, 0, 64);
                for (var head = 0; head < 7; head++)
                {
                    alone.Attend(0, from, to, head, 1);
                    alone.Attend(1, 0, 64, head, 1);
                }
                together.Bits().ShouldBe(alone.Bits());
            }
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_WhatIsNotVisible_DoesNotMatter(string name)
    {
        foreach (var (from, to) in new[] { (5, 18), (0, 3), (61, 64), (32, 33) })
        {
            using var clean = new AttentionCase(KernelSets.Select(name), 3, 64, 1, 8);
            using var dirty = new AttentionCase(KernelSets.Select(name), 3, 64, 1, 8);
            dirty.Spoil(0, from, to);
            clean.Attend(0, from, to);
            dirty.Attend(0, from, to);
            dirty.Bits().ShouldBe(clean.Bits());
            dirty.Bits().ShouldNotContain(BitConverter.SingleToInt32Bits(float.NaN));
        }
    }

    [Theory, MemberData(nameof(SetData.Names), MemberType = typeof(SetData))]
    public void AttendPage_VisibleNaN_MakesTheOutputNaN(string name)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), 3, 64, 2, 9);
        attention.Spoil(0, 0, 63);
        attention.Attend(0, 0, 64);
        attention.Attend(1, 0, 64);
        attention.Outputs().ShouldAllBe(number => float.IsNaN(number));
    }
}
