using CsCheck;
using Octavo.Engine.Batching;
using Shouldly;

namespace Octavo.UnitTests.Engine.Batching;

public class PromptSharesTests
{
    [Theory]
    [InlineData("100,100", 64, 0, "32,32")]
    [InlineData("5,100", 64, 0, "5,59")]
    [InlineData("0,100,0", 128, 1, "0,100,0")]
    [InlineData("9,9,9", 2, 1, "0,1,1")]
    [InlineData("9,9,9", 2, 2, "1,0,1")]
    [InlineData("1000,1,1000", 33, 0, "16,1,16")]
    public void Divide_Rows_AreSharedEqually(string waiting, int rows, int first, string shares)
    {
        int[] prompts = [.. waiting.Split(',').Select(int.Parse)];
        var parts = new int[prompts.Length];
        PromptShares.Divide(prompts, rows, first, parts);
        string.Join(',', parts).ShouldBe(shares);
    }

    [Fact]
    public void Divide_AnyPrompts_UsesAllRowsAndFavoursNobody() =>
        Gen.Select(Gen.Int[0, 300].Array[1, 32], Gen.Int[1, 128], Gen.Int[0, 31]).Sample((waiting, rows, first) =>
        {
            var shares = new int[waiting.Length];
            PromptShares.Divide(waiting, rows, first % waiting.Length, shares);
            var cut = shares.Where((share, i) => share < waiting[i]).ToList();
            return shares.Sum() == Math.Min(rows, waiting.Sum())
                && shares.Zip(waiting).All(pair => pair.First >= 0 && pair.First <= pair.Second)
                && (cut.Count == 0 || shares.Max() - cut.Min() <= Math.Max(1, waiting.Length));
        });
}
