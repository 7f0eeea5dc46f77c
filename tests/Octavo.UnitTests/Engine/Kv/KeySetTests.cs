using Octavo.Engine.Kv;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

public class KeySetTests
{
    [Fact]
    public void Finish_JoinsWhatTouches_AndGathersWhatIsShort()
    {
        var keys = new KeySet();
        keys.AddRange(40, 50);
        keys.AddToken(3);
        keys.AddRange(50, 60);
        keys.AddToken(60);
        keys.AddRange(45, 52);
        keys.AddToken(4);
        keys.AddRange(95, 200);
        keys.AddToken(-1);
        keys.Finish(100);
        keys.Ranges.ToArray().ShouldBe([new SlotRange(40, 61)]);
        keys.Tokens.ToArray().ShouldBe([3, 4, 95, 96, 97, 98, 99]);
        keys.Count(1000).ShouldBe(28);
        keys.Count(44).ShouldBe(7);
    }

    [Fact]
    public void Finish_OfRandomTokens_HoldsEachOnce()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var keys = new KeySet();
            HashSet<int> wanted = [];
            for (var i = random.Next(1, 40); i > 0; i--)
            {
                var (from, count) = (random.Next(200), random.Next(1, 20));
                keys.AddRange(from, from + count);
                wanted.UnionWith(Enumerable.Range(from, count).Where(token => token < 180));
            }
            keys.Finish(180);
            List<int> all = [.. keys.Tokens];
            foreach (var range in keys.Ranges)
                all.AddRange(Enumerable.Range(range.From, range.To - range.From));
            all.Order().ShouldBe(wanted.Order());
            keys.Tokens.ToArray().ShouldBe(keys.Tokens.ToArray().Order());
        }
    }

    [Fact]
    public void Best_OfRandomScoresWithTies_AreTheHighest_AndOfEqualOnesTheLast()
    {
        var random = new Random(4);
        for (var round = 0; round < 300; round++)
        {
            var scores = Enumerable.Range(0, random.Next(1, 90)).Select(_ => (float)random.Next(12)).ToArray();
            var chosen = new int[random.Next(0, scores.Length + 1)];
            Best.Into(scores, chosen);
            chosen.ShouldBe(Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenByDescending(i => i).Take(chosen.Length).Order());
            Best.Of(scores, chosen.Length).ShouldBe(chosen);
        }
    }

    [Fact]
    public void Best_OfScoresThatAreNoNumbers_KeepsThose() =>
        Best.Of([1, float.NaN, 3, float.NaN, 2], 3).ShouldBe([1, 2, 3]);

    [Fact]
    public void Bounds_AreAtLeastEveryScoreOfTheirPage()
    {
        // Σ max(q·M, q·m) as it is computed, sums over positive and negative channels apart
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var keys = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 16).Select(_ => (random.NextSingle() - 0.5f) * 9).ToArray()).ToArray();
            var q = Enumerable.Range(0, 16).Select(_ => (random.NextSingle() - 0.5f) * 9).ToArray();
            var bound = q.Select((x, c) => Math.Max(x * keys.Max(key => key[c]), x * keys.Min(key => key[c]))).Sum();
            keys.ShouldAllBe(key => KvLayer.Dot(q, key) <= bound + 1e-3f);
        }
    }
}
