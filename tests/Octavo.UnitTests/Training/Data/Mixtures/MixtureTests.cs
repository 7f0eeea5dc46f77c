using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Data.Mixtures;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Mixtures;

public sealed class MixtureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.5, 1.0, 10, 8)]
    [InlineData(7.0, 3.0, 7, 3)]
    [InlineData(null, 0.25, 20, 2)]
    [InlineData(0.07, null, 1, 8)]
    public void Open_Amounts_AreSharesUntilOneIsAboveOne(double? first, double? second, int firstRows, int secondRows)
    {
        using var mixture = Mixture.Open(Amounts(first, second));
        mixture.PoolSize.ShouldBe(firstRows + secondRows);
        var sources = mixture.Order(0).Select(row => mixture.Read(row).Source).ToList();
        sources.Count(source => source.EndsWith("a.jsonl", StringComparison.Ordinal)).ShouldBe(firstRows);
    }

    [Theory]
    [InlineData(7.0, 0.5, "share 0.5")]
    [InlineData(7.0, 1.0, "share 1")]
    [InlineData(7.5, 3.0, "share 7.5")]
    [InlineData(21.0, 3.0, "21 are wanted")]
    [InlineData(0.01, 1.0, "takes none")]
    [InlineData(-1.0, 1.0, "not above 0")]
    public void Open_AmountsThatDoNotFit_NameTheFile(double first, double second, string words)
    {
        var message = Should.Throw<ConfigException>(() => Mixture.Open(Amounts(first, second))).Message;
        message.ShouldContain(words);
        message.ShouldContain(".jsonl");
    }

    [Fact]
    public void Open_ContradictingKeys_AreRefused()
    {
        var (a, b) = Files();
        Refused(a with { Count = 1, Fraction = 0.5 }, b, "more than one");
        Refused(a with { Count = 1 }, b with { Fraction = 0.5 }, "not both");
        Refused(a with { Fraction = 1.5 }, b, "above 1");
        Refused(a with { Weight = 1 }, b, "no weight");
        Should.Throw<ConfigException>(() => Mixture.Open(new MixtureOptions { Datasets = [] }));
        Should.Throw<ConfigException>(() => Mixture.Open(new MixtureOptions { Datasets = [a], DrawsPerEpoch = 5 }));
    }

    // the first k rows of a file's own shuffle: a larger count takes the same rows and more
    [Fact]
    public void Order_GrowingCounts_TakeTheSameRowsFirst()
    {
        var (a, _) = Files();
        List<long> Rows(int count)
        {
            using var mixture = Mixture.Open(new MixtureOptions { Datasets = [a with { Count = count }] });
            return [.. Enumerable.Range(0, count).Select(row => mixture.Read(row).Number)];
        }
        var ten = Rows(10);
        Rows(4).ShouldBe(ten[..4]);
        ten.ShouldNotBe([.. ten.Order()]);
        ten.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public void Order_Seeds_DecideEverything()
    {
        var (a, b) = Files();
        var options = new MixtureOptions { Datasets = [a, b] };
        using var mixture = Mixture.Open(options);
        using var same = Mixture.Open(options);
        using var other = Mixture.Open(options with { Seed = 1 });
        mixture.Order(3).ShouldBe(same.Order(3));
        mixture.Fingerprint.ShouldBe(same.Fingerprint);
        mixture.Order(3).ShouldNotBe(mixture.Order(2));
        mixture.Order(3).ShouldNotBe(other.Order(3));
        mixture.Fingerprint.ShouldNotBe(other.Fingerprint);
        mixture.Order(3).Order().ShouldBe(Enumerable.Range(0, 28));
        // another machine or a later version must not shuffle in another way: runs are resumed by these orders
        mixture.Order(0)[..6].ShouldBe([9, 16, 21, 25, 13, 17]);
    }

    [Fact]
    public void Open_MostRows_AreOfAllFilesAndTheSameEachTime()
    {
        var (a, b) = Files();
        var options = new MixtureOptions { Datasets = [a, b], MostRows = 14 };
        using var mixture = Mixture.Open(options);
        using var again = Mixture.Open(options);
        (mixture.PoolSize, mixture.EpochSize, mixture.Order(1).Length).ShouldBe((14, 14, 14));
        var places = Enumerable.Range(0, 14).Select(mixture.PlaceOf).ToList();
        places.ShouldBe(Enumerable.Range(0, 14).Select(again.PlaceOf));
        places.Distinct().Count().ShouldBe(14);
        places.ShouldContain(place => place.Contains("b.jsonl", StringComparison.Ordinal));
        using var all = Mixture.Open(options with { MostRows = 99 });
        all.PoolSize.ShouldBe(28);
        all.Fingerprint.ShouldNotBe(mixture.Fingerprint);
        Should.Throw<ConfigException>(() => Mixture.Open(options with { MostRows = 0 }));
    }

    [Fact]
    public void Order_WithoutShuffle_GoesThroughTheFiles()
    {
        var (a, b) = Files();
        using var mixture = Mixture.Open(new MixtureOptions { Datasets = [a with { Count = 3 }, b with { Count = 2 }], Shuffle = false });
        mixture.Order(1).Select(row => mixture.Read(row).Number).ShouldBe([1, 2, 3, 1, 2]);
        mixture.PlaceOf(4).ShouldEndWith("b.jsonl, line 2");
    }

    [Fact]
    public void Order_Weights_DrawInProportionAndGoRoundEachFile()
    {
        var (a, b) = Files();
        using var mixture = Mixture.Open(new MixtureOptions
        {
            Datasets = [a with { Weight = 3 }, b with { Weight = 1 }],
            DrawsPerEpoch = 4000,
        });
        var order = mixture.Order(0);
        order.Length.ShouldBe(4000);
        var ofA = order.Count(row => row < 20);
        // four standard deviations of a draw at 3/4
        Math.Abs(ofA - 3000).ShouldBeLessThan(110);
        var rounds = order.Where(row => row >= 20).Chunk(8).Where(round => round.Length == 8).ToList();
        rounds.Count.ShouldBeGreaterThan(100);
        rounds.ShouldAllBe(round => round.Distinct().Count() == 8);
        mixture.Order(1).ShouldNotBe(order);
    }

    private MixtureOptions Amounts(double? first, double? second)
    {
        var (a, b) = Files();
        return new MixtureOptions { Datasets = [a with { Amount = first }, b with { Amount = second }] };
    }

    private (DatasetOptions A, DatasetOptions B) Files() =>
        (new DatasetOptions { Path = Streams.Write(_folder, "a.jsonl", 20, 1) }, new DatasetOptions { Path = Streams.Write(_folder, "b.jsonl", 8, 2) });

    private static void Refused(DatasetOptions a, DatasetOptions b, string words) =>
        Should.Throw<ConfigException>(() => Mixture.Open(new MixtureOptions { Datasets = [a, b] })).Message.ShouldContain(words);
}
