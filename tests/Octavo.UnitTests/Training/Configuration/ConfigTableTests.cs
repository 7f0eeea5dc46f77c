using Octavo.TestKit;
using Octavo.Training.Configuration;
using Shouldly;

namespace Octavo.UnitTests.Training.Configuration;

public class ConfigTableTests
{
    private const string Begin = "<!-- keys: generated -->\n";
    private const string End = "<!-- keys: end -->\n";

    [Fact]
    public void Document_Keys_AreThoseOfTheRecords()
    {
        var path = Repository.At("docs", "training-config.md");
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var table = ConfigTable.ToMarkdown(ConfigTable.Join(ConfigTable.Of<SftConfig>(), ConfigTable.Of<PretrainConfig>()));
        if (Environment.GetEnvironmentVariable("OCTAVO_WRITE_DOCS") == "1")
            File.WriteAllText(path, text[..begin] + table + text[end..]);
        else
            text[begin..end].ShouldBe(table, "docs/training-config.md is stale: run this test with OCTAVO_WRITE_DOCS=1");
    }

    [Fact]
    public void Of_EveryKey_IsExplained()
    {
        var rows = ConfigTable.Join(ConfigTable.Of<SftConfig>(), ConfigTable.Of<PretrainConfig>());
        rows.ShouldAllBe(row => rows.Count(other => other.Name == row.Name && other.Recipes.Intersect(row.Recipes).Any()) == 1);
        rows.ShouldAllBe(row => row.Meaning.EndsWith('.') && row.Source.Length > 0 && row.Type.Length > 0 && !row.Meaning.Contains('|'));
        ConfigTable.ToMarkdown([rows.Single(row => row.Name == "learning_rate")]).ShouldEndWith(
            "| `learning_rate` | number, at least 0 | `2e-05` | The highest learning rate of the schedule. | open-instruct | sft, pretrain |\n");
        rows.Single(row => row.Name == "use_lora").Recipes.ShouldBe(["sft"]);
        var model = ConfigTable.Of<SftConfig>().Single(row => row.Name == "model_name_or_path");
        model.Default.ShouldBe("required");
        model.Meaning.ShouldStartWith("The model to begin with");
        var reduction = ConfigTable.Of<SftConfig>().Single(row => row.Type == "sum | mean_micro | mean_global");
        reduction.Source.ShouldBe("open-instruct; the default is octavo's");
        ConfigTable.ToMarkdown([reduction]).ShouldContain("| sum \\| mean_micro \\| mean_global |");
    }
}
