using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks.ManyShot;

/// <summary>One kind of question that many examples are shown of.</summary>
internal abstract class ExampleKind
{
    /// <summary>Its name, the row's <c>task</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Says in one line what the questions are about.</summary>
    public abstract string Heading { get; }

    /// <summary>Makes a question.</summary>
    public abstract Example Draw(SeededRandom random);

    /// <summary>Answers a question from its text alone, in the words of an option.</summary>
    public abstract string Solve(string question);

    /// <summary>An example whose options are put into an order that is drawn.</summary>
    protected static Example Mixed(SeededRandom random, string question, string right, IEnumerable<string> wrong)
    {
        List<string> options = [right, .. wrong];
        random.Shuffle(options);
        return new Example(question, options, options.IndexOf(right));
    }
}
