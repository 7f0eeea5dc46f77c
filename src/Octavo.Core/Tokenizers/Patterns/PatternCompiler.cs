using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Turns a pattern into steps.</summary>
internal sealed class PatternCompiler(PatternReader reader)
{
    private const int MostSteps = 20_000;

    private readonly List<PatternInstruction> _program = [];

    /// <summary>How many registers the steps use.</summary>
    public int Registers { get; private set; }

    /// <summary>Compiles a whole pattern.</summary>
    /// <exception cref="UnsupportedException">It has too many steps.</exception>
    public PatternInstruction[] Compile(PatternNode node)
    {
        Emit(node);
        Add(new PatternInstruction(PatternCode.Accept));
        return [.. _program];
    }

    /// <summary>The code points with which a part can begin; null where it can match nothing, or anything.</summary>
    public static ScalarSet? First(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                return set.Set;
            case AtomicNode atomic:
                return First(atomic.Body);
            case RepeatNode repeat:
                return repeat.From > 0 ? First(repeat.Body) : null;
            case ChoiceNode choice:
                var options = choice.Options.Select(First).ToArray();
                return options.Contains(null) ? null : new UnionSet(options!);
            case SequenceNode sequence:
                return FirstOfSequence(sequence.Parts);
            default:
                return null;
        }
    }

    private static ScalarSet? FirstOfSequence(PatternNode[] parts)
    {
        List<ScalarSet> sets = [];
        foreach (var part in parts)
        {
            if (part is AnchorNode or LookNode)
                continue;
            // A part that can be left out adds its own beginnings to those of what follows.
            var optional = part is RepeatNode { From: 0 };
            if (First(part is RepeatNode repeat ? repeat.Body : part) is not { } set)
                return null;
            sets.Add(set);
            if (!optional)
                return sets.Count == 1 ? set : new UnionSet([.. sets]);
        }
        return null;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                Add(new PatternInstruction(PatternCode.Take, Set: set.Set));
                break;
            case SequenceNode sequence:
                foreach (var part in sequence.Parts)
                    Emit(part);
                break;
            case ChoiceNode choice:
                EmitChoice(choice.Options);
                break;
            case RepeatNode repeat:
                EmitRepeat(repeat);
                break;
            case AnchorNode anchor:
                Add(new PatternInstruction(PatternCode.Anchor, (int)anchor.Kind));
                break;
            case AtomicNode atomic:
                EmitInside(PatternCode.Atomic, atomic.Body, null, false);
                break;
            case LookNode look:
                EmitInside(PatternCode.Look, look.Body, look.Behind ? (look.Body.Least, look.Body.Most) : null, look.Negative);
                break;
        }
    }

    private void EmitChoice(PatternNode[] options)
    {
        List<int> ends = [];
        for (var i = 0; i < options.Length; i++)
        {
            var last = i == options.Length - 1;
            var fork = _program.Count;
            if (!last)
                Add(default);
            Emit(options[i]);
            if (last)
                break;
            ends.Add(_program.Count);
            Add(default);
            _program[fork] = new PatternInstruction(PatternCode.Fork, fork + 1, _program.Count, First(options[i]))
            {
                Other = First(options.Length == i + 2 ? options[^1] : new ChoiceNode(options[(i + 1)..])),
            };
        }
        foreach (var end in ends)
            _program[end] = new PatternInstruction(PatternCode.Jump, _program.Count);
    }

    private void EmitRepeat(RepeatNode repeat)
    {
        if (repeat.Body is SetNode set)
        {
            Add(new PatternInstruction(PatternCode.Loop, repeat.From, repeat.To, set.Set) { Kind = repeat.Kind });
            return;
        }
        if (repeat.Kind == RepeatKind.Possessive)
        {
            EmitInside(PatternCode.Atomic, repeat with { Kind = RepeatKind.Greedy }, null, false);
            return;
        }
        for (var i = 0; i < repeat.From; i++)
            Emit(repeat.Body);
        if (repeat.To == int.MaxValue)
            EmitEndless(repeat);
        else
            EmitOptional(repeat);
    }

    private void EmitEndless(RepeatNode repeat)
    {
        var fork = _program.Count;
        Add(default);
        var register = repeat.Body.Least == 0 ? Registers++ : -1;
        if (register >= 0)
            Add(new PatternInstruction(PatternCode.Mark, register));
        Emit(repeat.Body);
        var stuck = _program.Count;
        if (register >= 0)
            Add(default);
        Add(new PatternInstruction(PatternCode.Jump, fork));
        if (register >= 0)
            _program[stuck] = new PatternInstruction(PatternCode.Stuck, register, _program.Count);
        _program[fork] = Fork(repeat, fork + 1, _program.Count);
    }

    private void EmitOptional(RepeatNode repeat)
    {
        List<int> forks = [];
        for (var i = repeat.From; i < repeat.To; i++)
        {
            forks.Add(_program.Count);
            Add(default);
            Emit(repeat.Body);
        }
        foreach (var fork in forks)
            _program[fork] = Fork(repeat, fork + 1, _program.Count);
    }

    private static PatternInstruction Fork(RepeatNode repeat, int body, int rest) => repeat.Kind == RepeatKind.Lazy
        ? new PatternInstruction(PatternCode.Fork, rest, body) { Other = First(repeat.Body) }
        : new PatternInstruction(PatternCode.Fork, body, rest, First(repeat.Body));

    private void EmitInside(PatternCode code, PatternNode body, (int, int)? behind, bool negative)
    {
        var start = _program.Count;
        Add(default);
        Emit(body);
        Add(new PatternInstruction(PatternCode.Accept));
        _program[start] = new PatternInstruction(code, _program.Count) { Behind = behind, Negative = negative };
    }

    private void Add(PatternInstruction instruction)
    {
        if (_program.Count == MostSteps)
            throw reader.Unsupported($"more than {MostSteps} steps");
        _program.Add(instruction);
    }
}
