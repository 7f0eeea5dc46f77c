using Octavo.Core.Tokenizers;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Toy;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Toy;

public class ToyTaskTests
{
    [Fact]
    public void Make_Row_HasValuesOnceAndTheAnswerBehindItsKey()
    {
        for (var id = 0; id < 20; id++)
        {
            var row = ToyTask.Make(4, id);
            var words = row.Context.Split(' ');
            words.Length.ShouldBe(96);
            words.Distinct().Count().ShouldBe(96);
            row.Turns.Select(turn => turn.Input).Distinct().Count().ShouldBe(5);
            foreach (var turn in row.Turns)
                row.Context.ShouldContain($"{turn.Input["Q ".Length..]} {turn.Answer.Said}");
        }
    }

    [Fact]
    public void Make_SeedAndId_DecideTheRow()
    {
        SharedContextJson.Write(ToyTask.Make(4, 1)).ShouldBe(SharedContextJson.Write(ToyTask.Make(4, 1)));
        SharedContextJson.Write(ToyTask.Make(4, 1)).ShouldNotBe(SharedContextJson.Write(ToyTask.Make(5, 1)));
    }

    [Fact]
    public void Tokenizer_OfTheBundledToy_IsThatOfTheVocabulary()
    {
        var tokenizer = TokenizerReader.FromFolder(Repository.At("models", ToyModel.Id));
        tokenizer.VocabularySize.ShouldBe(ToyVocabulary.Size);
        var ids = Enumerable.Range(2, ToyVocabulary.Size - 2).ToList();
        tokenizer.Encode(ToyVocabulary.Text(ids), addSpecial: true).Select(token => token.Id).ShouldBe([ToyVocabulary.Begin, .. ids]);
        tokenizer.Decode([.. ids]).ShouldBe(ToyVocabulary.Text(ids));
        tokenizer.Encode("k99 hello").Select(token => token.Id).ShouldBe([ToyVocabulary.Unknown, ToyVocabulary.Unknown]);
    }

    [Fact]
    public void Prompt_OfARow_IsWhatTheToyWasTrainedOn()
    {
        var row = ToyTask.Make(4, 1);
        var prompt = new PromptBuilder(TokenizerReader.FromFolder(Repository.At("models", ToyModel.Id)), null)
            .Build(row, TaskRules.Of(ToyTask.Name), new PromptOptions());
        ToyVocabulary.Text(prompt.Turns.SelectMany(turn => turn.Ids)).ShouldBe(
            $"<s> {row.Context} {string.Join(' ', row.Turns.SkipLast(1).Select(turn => $"{turn.Input} {turn.Answer.Said}"))} {row.Turns[^1].Input}");
        prompt.Length(ContextMode.MultiTurn).ShouldBeLessThanOrEqualTo(ToyTask.ContextLength);
    }
}
