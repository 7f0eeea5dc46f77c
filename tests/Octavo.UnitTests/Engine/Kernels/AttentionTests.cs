using CsCheck;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

public class AttentionTests
{
    private static readonly int[] _headDims = [4, 6, 8, 10, 12, 16, 20, 36, 64, 80, 100, 128, 256];

    /// <summary>Every set with every type of pages.</summary>
    public static TheoryData<string, KvType> Cases => Of(Enum.GetValues<KvType>());

    /// <summary>Every set with pages that hold NaN; those of fp16 refuse it.</summary>
    public static TheoryData<string, KvType> CasesWithNaN => Of([KvType.F32, KvType.Q8]);

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_OnePage_EqualsDoubleReference(string name, KvType type)
    {
        foreach (var headDim in _headDims)
        {
            foreach (var queries in new[] { 1, 2, 3, 4, 5, 7, 8, 11 })
            {
                foreach (var (from, to) in new[] { (0, 64), (0, 1), (63, 64), (0, 17), (13, 14), (5, 60), (31, 33), (8, 16) })
                {
                    using var attention = new AttentionCase(KernelSets.Select(name), type, queries, headDim, 1, (ulong)(queries + headDim));
                    attention.Attend(0, from, to);
                    attention.Check([(0, from, to)]);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_SeveralPages_EqualsDoubleReference(string name, KvType type)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), type, 3, 64, 5, 2);
        (int, int, int)[] ranges = [(0, 10, 64), (1, 0, 64), (2, 0, 64), (3, 0, 64), (4, 0, 33)];
        foreach (var (page, from, to) in ranges)
            attention.Attend(page, from, to);
        attention.Check(ranges);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_ScoresFarApart_KeepsTheHigherPage(string name, KvType type)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), type, 2, 16, 3, 3, scoreScale: 60);
        (int, int, int)[] ranges = [(0, 0, 64), (1, 0, 64), (2, 0, 64)];
        foreach (var (page, from, to) in ranges)
            attention.Attend(page, from, to);
        attention.Check(ranges);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_SplitRange_EqualsTheWholeWithinRounding(string name, KvType type) =>
        (from queries in Gen.Int[1, 9]
         from quarter in Gen.Int[1, 40]
         from cut in Gen.Int[1, 63]
         select (queries, quarter, cut)).Sample(
            values =>
            {
                using var attention = new AttentionCase(KernelSets.Select(name), type, values.queries, values.quarter * 4, 1, 4);
                attention.Attend(0, 0, values.cut);
                attention.Attend(0, values.cut, 64);
                attention.Check([(0, 0, 64)]);
            },
            iter: 60);

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_ManyQueriesOrOne_HaveTheSameBits(string name, KvType type)
    {
        foreach (var headDim in _headDims)
        {
            const int Count = 21;
            using var together = new AttentionCase(KernelSets.Select(name), type, Count, headDim, 2, 6);
            using var groups = new AttentionCase(KernelSets.Select(name), type, Count, headDim, 2, 6);
            using var alone = new AttentionCase(KernelSets.Select(name), type, Count, headDim, 2, 6);
            var random = new SeededRandom(7);
            for (var page = 0; page < 2; page++)
            {
                // some full, some cut at either end, some that see nothing
                Slots[] visible = [.. Enumerable.Range(0, Count).Select(i => i % 4 == 0 ? new Slots(0, 64) : new Slots(random.Next(40), random.Next(64)))];
                together.Attend(page, visible);
                for (var query = 0; query < Count; query++)
                    alone.Attend(page, visible, query, 1);
                for (var query = 0; query < Count; query += 3)
                    groups.Attend(page, visible, query, 3);
            }
            together.Bits().ShouldBe(alone.Bits());
            together.Bits().ShouldBe(groups.Bits());
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_QueriesWithTheirOwnSlots_EqualDoubleReference(string name, KvType type)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), type, 30, 64, 1, 12);
        Slots[] visible = [.. Enumerable.Range(0, 30).Select(i => new Slots(i / 3, 20 + (2 * (i / 3))))];
        attention.Attend(0, visible);
        for (var query = 0; query < 30; query++)
            attention.Check(query, [(0, visible[query].From, visible[query].To)]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AttendPage_WhatIsNotVisible_DoesNotMatter(string name, KvType type)
    {
        foreach (var (from, to) in new[] { (5, 18), (0, 3), (61, 64), (32, 33) })
        {
            using var clean = new AttentionCase(KernelSets.Select(name), type, 3, 64, 1, 8);
            using var dirty = new AttentionCase(KernelSets.Select(name), type, 3, 64, 1, 8);
            dirty.Spoil(0, from, to);
            clean.Attend(0, from, to);
            dirty.Attend(0, from, to);
            dirty.Bits().ShouldBe(clean.Bits());
            dirty.Bits().ShouldNotContain(BitConverter.SingleToInt32Bits(float.NaN));
        }
    }

    [Theory, MemberData(nameof(CasesWithNaN))]
    public void AttendPage_NaNThatOnlyOthersSee_DoesNotReachAQuery(string name, KvType type)
    {
        using var clean = new AttentionCase(KernelSets.Select(name), type, 12, 64, 1, 8);
        using var dirty = new AttentionCase(KernelSets.Select(name), type, 12, 64, 1, 8);
        dirty.Spoil(0, 0, 40);
        Slots[] visible = [.. Enumerable.Range(0, 12).Select(i => new Slots(0, i % 2 == 0 ? 40 : 41))];
        clean.Attend(0, visible);
        dirty.Attend(0, visible);
        for (var query = 0; query < 12; query += 2)
            dirty.Bits(query).ShouldBe(clean.Bits(query));
        dirty.Outputs(1).ShouldAllBe(number => float.IsNaN(number));
    }

    [Theory, MemberData(nameof(CasesWithNaN))]
    public void AttendPage_VisibleNaN_MakesTheOutputNaN(string name, KvType type)
    {
        using var attention = new AttentionCase(KernelSets.Select(name), type, 3, 64, 2, 9);
        attention.Spoil(0, 0, 63);
        attention.Attend(0, 0, 64);
        attention.Attend(1, 0, 64);
        for (var query = 0; query < 3; query++)
            attention.Outputs(query).ShouldAllBe(number => float.IsNaN(number));
    }

    [Theory]
    [InlineData(KvType.F32)]
    [InlineData(KvType.F16)]
    [InlineData(KvType.Q8)]
    public void AttendPage_Avx512_HasTheBitsOfAvx2(KvType type)
    {
        string[] names = [.. KernelSets.Available.Select(set => set.Name)];
        if (!names.Contains("avx512"))
            return;
        foreach (var headDim in _headDims)
        {
            using var wide = new AttentionCase(KernelSets.Select("avx512"), type, 11, headDim, 2, 13);
            using var narrow = new AttentionCase(KernelSets.Select("avx2"), type, 11, headDim, 2, 13);
            foreach (var (page, from, to) in new[] { (0, 3, 64), (1, 0, 64), (1, 20, 37) })
            {
                wide.Attend(page, from, to);
                narrow.Attend(page, from, to);
            }
            wide.Bits().ShouldBe(narrow.Bits());
        }
    }

    private static TheoryData<string, KvType> Of(KvType[] types)
    {
        var cases = new TheoryData<string, KvType>();
        foreach (var set in KernelSets.Available)
        {
            foreach (var type in types)
                cases.Add(set.Name, type);
        }
        return cases;
    }
}
