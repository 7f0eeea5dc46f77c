using Octavo.Engine.Running;
using Shouldly;

namespace Octavo.UnitTests.Engine.Encoding;

public class DistanceBucketsTests
{
    /// <summary>The table of T5's paper code for 32 buckets and a largest distance of 128.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(-7, 7)]
    [InlineData(-8, 8)]
    [InlineData(-12, 9)]
    [InlineData(-16, 10)]
    [InlineData(-64, 14)]
    [InlineData(-127, 15)]
    [InlineData(-128, 15)]
    [InlineData(-5000, 15)]
    [InlineData(1, 17)]
    [InlineData(7, 23)]
    [InlineData(8, 24)]
    [InlineData(500, 31)]
    public void Of_Distance_IsTheReferencesBucket(int distance, int bucket) => DistanceBuckets.Of(distance, 32, 128).ShouldBe(bucket);

    [Fact]
    public void Spread_Table_HasOneNumberPerHeadAndDistance()
    {
        // [4 buckets, 2 heads]: bucket b of head h is 10·h + b
        float[] table = [0, 10, 1, 11, 2, 12, 3, 13];
        DistanceBuckets.Spread(table, 2, 128, 3).ShouldBe([1, 1, 0, 3, 3, 11, 11, 10, 13, 13]);
    }
}
