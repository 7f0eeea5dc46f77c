using Octavo.Core.Tokenizers.Bpe;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Bpe;

public class MergeTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(int.MaxValue)]
    public void Rank_WhateverCountWasExpected_FindsEachPairAndNoOther(int expected)
    {
        var table = new MergeTable(expected);
        for (var i = 0; i < 5000; i++)
            table.Set(i % 70, i / 70, i, i + 1000);
        for (var i = 0; i < 5000; i++)
        {
            table.Rank(i % 70, i / 70, out var id).ShouldBe(i);
            id.ShouldBe(i + 1000);
        }
        table.Rank(70, 0, out _).ShouldBe(int.MaxValue);
        table.Rank(0, 72, out var none).ShouldBe(int.MaxValue);
        none.ShouldBe(-1);
    }

    [Fact]
    public void Set_PairTwice_TheLastCounts()
    {
        var table = new MergeTable(2);
        table.Set(0, 0, 1, 7);
        table.Set(0, 0, 2, 8);
        table.Rank(0, 0, out var id).ShouldBe(2);
        id.ShouldBe(8);
    }
}
