using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

public class MixerReaderTests
{
    private const string Rest = "model_name_or_path: m\noutput_dir: o\n";

    [Theory]
    [InlineData("{a: 1.0, b: 0.25}", "a 1 -, b 0.25 -")]
    [InlineData("{a: 1, b: 500}", "a - 1, b - 500")]
    [InlineData("[a, 1.0, b, 0.5]", "a 1 -, b 0.5 -")]
    [InlineData("[a, \"1.0\", b, \"0.5\"]", "a 1 -, b 0.5 -")]
    [InlineData("[{path: a, weight: 0.5}, {path: b, count: 7}, {path: c}]", "a 0.5 -, b - 7, c 1 -")]
    [InlineData("[{path: a, sampling_weight: 3}, {path: b, sampling_weight: 0.5}]", "a - - 3, b - - 0.5")]
    public void Read_EverySpelling_GivesPartsInOrder(string mixer, string expected)
    {
        var config = ConfigReader.ReadText<SftConfig>($"{Rest}dataset_mixer: {mixer}\n", "run.yaml", "/p");
        config.Data.DatasetMixer!.Parts
            .Select(part => FormattableString.Invariant($"{part.Path[3..]} {part.Weight?.ToString() ?? "-"} {part.Count?.ToString() ?? "-"} {part.SamplingWeight}").TrimEnd())
            .ShouldBe(expected.Split(", "));
    }

    [Theory]
    [InlineData("{a: 0.5, b: 500}", "0.5 is a share, and another amount is a number of rows")]
    [InlineData("{a: 0}", "must be above 0")]
    [InlineData("{a: -1}", "must be above 0")]
    [InlineData("{a: all}", "expected a number, found 'all'")]
    [InlineData("{}", "names no dataset")]
    [InlineData("[]", "names no dataset")]
    [InlineData("[a]", "path and amount in turn, found 1 items")]
    [InlineData("[a, 1, ./a, 1]", "names '/p/a' twice")]
    [InlineData("a", "expected 'path: amount' lines or a list")]
    [InlineData("[{path: a}, b]", "expected a path with weight or count")]
    [InlineData("[{path: a, wieght: 1}]", "unknown key 'wieght'. Did you mean 'weight'?")]
    [InlineData("[{weight: 1}]", "without path")]
    [InlineData("[{path: a, weight: 1, count: 2}]", "both given")]
    [InlineData("[{path: a, weight: 1, sampling_weight: 2}]", "both given")]
    [InlineData("[{path: a, sampling_weight: 2}, {path: b}]", "/p/b has no sampling_weight while another")]
    [InlineData("[{path: a, count: 2}, {path: b, sampling_weight: 1}]", "/p/a has no sampling_weight while another")]
    [InlineData("[{path: a, sampling_weight: 0}]", "must be above 0")]
    [InlineData("[{path: a, weight: 2}]", "A number of rows is a count")]
    [InlineData("[{path: a, count: 0}]", "at least 1")]
    public void Read_WrongMixture_IsRefused(string mixer, string said) =>
        ConfigTexts.ErrorOf($"{Rest}dataset_mixer: {mixer}\n").Replace("/project/runs", "/p", StringComparison.Ordinal).ShouldContain(said);
}
