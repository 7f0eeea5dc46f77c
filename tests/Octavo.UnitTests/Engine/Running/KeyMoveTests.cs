using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Running;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

public class KeyMoveTests
{
    private const int HeadDim = 16;

    private static readonly int[] _positions = [0, 1, 5, 130, 4000, 131000];

    public static TheoryData<string, int, Pairing> Rotations
    {
        get
        {
            TheoryData<string, int, Pairing> all = [];
            foreach (var scaling in new[] { "plain", "linear", "llama3", "yarn", "factors", "dynamic", "longrope" })
            {
                foreach (var dims in new[] { HeadDim, 6 })
                {
                    all.Add(scaling, dims, Pairing.Halves);
                    all.Add(scaling, dims, Pairing.Neighbours);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Move_OfRotatedKeys_GivesWhatRotationAtTheNewPlaceGives(string scaling, int dims, Pairing pairing)
    {
        var probe = Probe(scaling, dims, pairing, original: 200_000);
        var plain = Numbers(3, 2 * _positions.Length * HeadDim);
        var keys = probe.Rotate(plain, _positions);
        foreach (var delta in new[] { 0, 1, 63, 64, 777, 60_000 })
        {
            var moved = probe.Move(keys, _positions, delta);
            var direct = probe.Rotate(plain, [.. _positions.Select(position => position + delta)]);
            Largest(moved, direct).ShouldBeInRange(0, 2e-6f, $"by {delta}");
            Largest(moved, keys).ShouldBeInRange(delta == 0 ? 0 : 1e-3f, delta == 0 ? 0 : 9);
            var back = probe.Move(moved, [.. _positions.Select(position => position + delta)], -delta);
            Largest(back, keys).ShouldBeInRange(0, 2e-6f);
            // what does not rotate does not change
            moved.Where((_, i) => i % HeadDim >= dims).ShouldBe(plain.Where((_, i) => i % HeadDim >= dims));
        }
    }

    [Theory]
    [InlineData("dynamic")]
    [InlineData("longrope")]
    public void Move_WhereFrequenciesDependOnTheLength_IsRefused(string scaling)
    {
        var probe = Probe(scaling, HeadDim, Pairing.Halves, original: 1000);
        var keys = Numbers(4, HeadDim);
        probe.Move(keys, [989], 10).Length.ShouldBe(HeadDim);
        Should.Throw<UnsupportedException>(() => probe.Move(keys, [990], 10)).Message.ShouldContain("may be 1001");
    }

    private static RotaryProbe Probe(string name, int dims, Pairing pairing, int original)
    {
        float[] factors = name is "factors" or "longrope" ? [.. Enumerable.Range(0, dims / 2).Select(i => 1 + (i / 3f))] : [];
        RotaryScaling? scaling = name switch
        {
            "linear" => new LinearScaling(4),
            "llama3" => new Llama3Scaling(8, 1, 4, 2048),
            "yarn" => new YarnScaling(4, 2048, 32, 1, 1.14),
            "dynamic" => new DynamicScaling(4, original),
            "longrope" => new LongRopeScaling([], [], original, 1.19),
            _ => null,
        };
        return new RotaryProbe(new LoweredRotary(new Rotary(dims, pairing, 10000, scaling), new RotaryFactors(factors, factors)), pairing, HeadDim, new EngineOptions());
    }

    private static float Largest(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
