using Octavo.Core;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Tasks.ManyShot;

/// <summary>
/// Learning from many examples (the paper's ICL.ManyShot): the context is questions with options and their answers, all of one
/// kind; each turn is a new question of that kind. Rows take the three kinds in turn. The gold answer is the bare letter, as in the
/// released rows.
/// </summary>
internal sealed record ManyShotTask : SyntheticTask
{
    // sentences that say nothing: without them examples of a kind are equally long, and contexts could not fill every length
    private static readonly string[] _prefaces =
    [
        "", "Take your time. ", "This one is like those before it. ", "Read every word of it before you choose. ",
        "Somebody has asked this already, but nobody wrote the answer down. ",
        "It may look hard at first, but all that is needed to answer it stands right here. ",
    ];

    /// <summary>The kinds of questions.</summary>
    public static IReadOnlyList<ExampleKind> Kinds { get; } = [new DateExamples(), new ErrorExamples(), new SwapExamples()];

    public override string Name => "many_shot";

    public override string Unit => "examples";

    public override int MinSize(int turns) => 1;

    /// <summary>One of the options.</summary>
    public override double Chance(SharedContext context) => context.Turns.Average(turn => 1.0 / turn.Options!.Count);

    public override string? Problem(SharedContext context)
    {
        var kind = Kinds.Single(kind => kind.Name == context.Task);
        var blocks = context.Context.Split("\n\n").Skip(1).Concat(context.Turns.Select(turn => $"{turn.Input} {turn.Answer.Said}")).ToList();
        foreach (var block in blocks)
        {
            var (question, options) = Example.Read(block);
            var right = kind.Solve(question);
            var letters = Enumerable.Range(0, options.Count).Where(i => options[i] == right).Select(i => (char)('A' + i)).ToList();
            if (letters is not [var letter] || letter != block[^1])
                return $"'{block}' has the right options [{string.Join(", ", letters)}].";
        }
        return blocks.Select(block => Example.Read(block).Question).Distinct().Count() == blocks.Count ? null : "a question is there twice.";
    }

    protected override SharedContext Draw(SeededRandom random, int id, int size, int turns)
    {
        var kind = Kinds[id % Kinds.Count];
        HashSet<string> known = [];
        // the questions of the turns first, so that they do not depend on the size
        var asked = Enumerable.Range(0, turns).Select(_ => Next(random, kind, known)).ToList();
        var shots = Enumerable.Range(0, size).Select(_ => Next(random, kind, known).Shot);
        var context = string.Join("\n\n", shots.Prepend(kind.Heading));
        var questions = asked.Select(example => new ContextTurn(example.Text, GoldAnswer.Of(example.Letter)) { Options = example.Options });
        return new SharedContext(id, context, [.. questions]) { Task = kind.Name };
    }

    private static Example Next(SeededRandom random, ExampleKind kind, HashSet<string> known)
    {
        Example example;
        do
            example = kind.Draw(random);
        while (!known.Add(example.Question));
        return example with { Question = random.Pick(_prefaces) + example.Question };
    }
}
