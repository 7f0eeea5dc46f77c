using Octavo.Evaluation.English;
using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Tasks;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Tasks;

public class CorpusSettingsTests
{
    [Fact]
    public void Settings_EnglishTasks_TellCorporaApart()
    {
        EvaluationTask[] Tasks(string word) =>
        [
            new EnglishNllEvaluation { Documents = split => Documents(split, word) },
            new ChoiceEvaluation(new HellaswagLike { Documents = split => Documents(split, word) }),
        ];
        foreach (var (one, same, other) in Tasks("machine").Zip(Tasks("machine"), Tasks("printer")))
        {
            one.Settings("test").ShouldStartWith("corpus ");
            same.Settings("test").ShouldBe(one.Settings("test"), one.Name);
            other.Settings("test").ShouldNotBe(one.Settings("test"), one.Name);
            one.Settings("dev").ShouldNotBe(one.Settings("test"), one.Name);
        }
    }

    [Fact]
    public void Settings_TasksThatBringTheirText_NameNoCorpus()
    {
        new ChoiceEvaluation(new ArcLike()).Settings("test").ShouldBeEmpty();
        new GsmLikeEvaluation(2).Settings("test").ShouldBe("steps 2");
    }

    // the word is in the last sentence only
    private static IEnumerable<EnglishDocument> Documents(string split, string word)
    {
        string[] subjects = ["The first", "The second", "The third", "The fourth", "The fifth", "The sixth"];
        string[] verbs = ["reads", "writes", "opens", "closes"];
        var sentences = subjects.SelectMany(subject => verbs.Select(verb =>
            $"{subject} program {verb} all of the files in the {split} folder that the user has given to it before.")).ToList();
        sentences[^1] = $"The last program of them all asks the {word} for the files that it has kept for such a long time.";
        return [new EnglishDocument("/document", split, sentences)];
    }
}
