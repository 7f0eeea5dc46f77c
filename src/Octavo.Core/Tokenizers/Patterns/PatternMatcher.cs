using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>
/// Runs the steps of a pattern, going back to the last choice where one fails. Steps are counted, so that a pattern that goes
/// back too often ends in an error and not in hours. Belongs to one search.
/// </summary>
internal sealed class PatternMatcher(PatternInstruction[] program, int registers, string place, int length)
{
    private const long StepsAtLeast = 2_000_000;
    private const int StepsPerUnit = 200;

    private readonly int[] _registers = new int[registers];
    private readonly long _most = StepsAtLeast + (long)StepsPerUnit * length;
    private Frame[] _frames = new Frame[64];
    private int _depth;
    private long _steps;
    private int _searchStart;

    /// <summary>Tries the pattern at one place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <param name="searchStart">Where the search for this match began.</param>
    /// <returns>Where the match ends, or -1.</returns>
    public int Match(ReadOnlySpan<char> text, int at, int searchStart)
    {
        _depth = 0;
        _searchStart = searchStart;
        return Run(text, 0, at, -1);
    }

    // Runs from a step to its Accept; a wanted end of -1 is any.
    private int Run(ReadOnlySpan<char> text, int step, int at, int wantedEnd)
    {
        var floor = _depth;
        while (true)
        {
            Count(1);
            if (program[step].Code == PatternCode.Accept && (wantedEnd < 0 || at == wantedEnd))
            {
                _depth = floor;
                return at;
            }
            if (!Do(text, ref step, ref at) && !GoBack(text, floor, out step, out at))
                return -1;
        }
    }

    // Does a step and goes on to the next one; false where the text does not fit.
    private bool Do(ReadOnlySpan<char> text, ref int step, ref int at)
    {
        ref readonly var instruction = ref program[step];
        switch (instruction.Code)
        {
            case PatternCode.Take:
                step++;
                return at < text.Length && instruction.Set!.Contains(Scalars.At(text, at, out var taken)) && Advance(ref at, taken);
            case PatternCode.Loop:
                return Loop(text, step++, ref at);
            case PatternCode.Fork:
                step = Fork(text, instruction, at);
                return true;
            case PatternCode.Jump:
                step = instruction.First;
                return true;
            case PatternCode.Mark:
                Push(new Frame(FrameKind.Register, instruction.First, _registers[instruction.First], 0));
                _registers[instruction.First] = at;
                step++;
                return true;
            case PatternCode.Stuck:
                step = _registers[instruction.First] == at ? instruction.Second : step + 1;
                return true;
            case PatternCode.Atomic:
                (at, step) = (Run(text, step + 1, at, -1), instruction.First);
                return at >= 0;
            case PatternCode.Look:
                var fits = Look(text, step, at) != instruction.Negative;
                step = instruction.First;
                return fits;
            case PatternCode.Anchor:
                step++;
                return Holds((AnchorKind)instruction.First, text, at);
            default:
                return false;
        }
    }

    private static bool Advance(ref int at, int length)
    {
        at += length;
        return true;
    }

    private bool Loop(ReadOnlySpan<char> text, int step, ref int at)
    {
        ref readonly var instruction = ref program[step];
        var (start, count) = (at, 0);
        var least = at;
        var most = instruction.Kind == RepeatKind.Lazy ? instruction.First : instruction.Second;
        while (count < most && at < text.Length && instruction.Set!.Contains(Scalars.At(text, at, out var taken)))
        {
            at += taken;
            if (++count == instruction.First)
                least = at;
        }
        Count(at - start);
        if (count < instruction.First)
            return false;
        if (instruction.Kind == RepeatKind.Greedy && at > least)
            Push(new Frame(FrameKind.Fewer, step, at, least));
        else if (instruction.Kind == RepeatKind.Lazy && count < instruction.Second)
            Push(new Frame(FrameKind.More, step, at, count));
        return true;
    }

    // Where the next code point rules one of the ways out, there is nothing to come back to.
    private int Fork(ReadOnlySpan<char> text, in PatternInstruction instruction, int at)
    {
        var scalar = at < text.Length ? Scalars.At(text, at, out _) : -1;
        if (instruction.Set is { } first && (scalar < 0 || !first.Contains(scalar)))
            return instruction.Second;
        if (instruction.Other is not { } other || scalar >= 0 && other.Contains(scalar))
            Push(new Frame(FrameKind.Branch, instruction.Second, at, 0));
        return instruction.First;
    }

    private bool Look(ReadOnlySpan<char> text, int step, int at)
    {
        if (program[step].Behind is not var (least, most))
            return Run(text, step + 1, at, -1) >= 0;
        var start = at;
        for (var back = 0; back <= most; back++)
        {
            if (back >= least && Run(text, step + 1, start, at) >= 0)
                return true;
            if (start == 0)
                return false;
            start -= char.IsLowSurrogate(text[start - 1]) ? 2 : 1;
        }
        return false;
    }

    private bool Holds(AnchorKind kind, ReadOnlySpan<char> text, int at) => kind switch
    {
        AnchorKind.LineStart => at == 0 || text[at - 1] == '\n' && at < text.Length,
        AnchorKind.LineEnd => at == text.Length || text[at] == '\n',
        AnchorKind.TextStart => at == 0,
        AnchorKind.TextEnd => at == text.Length,
        AnchorKind.TextEndOrLineFeed => at == text.Length || at == text.Length - 1 && text[at] == '\n',
        AnchorKind.SearchStart => at == _searchStart,
        AnchorKind.WordBorder => IsWordBorder(text, at),
        _ => !IsWordBorder(text, at),
    };

    private static bool IsWordBorder(ReadOnlySpan<char> text, int at)
    {
        var before = at > 0
            && ScalarSets.Word.Contains(Scalars.At(text, at - (char.IsLowSurrogate(text[at - 1]) ? 2 : 1), out _));
        var after = at < text.Length && ScalarSets.Word.Contains(Scalars.At(text, at, out _));
        return before != after;
    }

    private bool GoBack(ReadOnlySpan<char> text, int floor, out int step, out int at)
    {
        while (_depth > floor)
        {
            ref var frame = ref _frames[_depth - 1];
            (step, at) = (frame.Step, frame.At);
            switch (frame.Kind)
            {
                case FrameKind.Register:
                    _registers[frame.Step] = frame.At;
                    _depth--;
                    continue;
                case FrameKind.Branch:
                    _depth--;
                    return true;
                case FrameKind.Fewer:
                    at -= char.IsLowSurrogate(text[at - 1]) ? 2 : 1;
                    frame = frame with { At = at };
                    if (at == frame.Limit)
                        _depth--;
                    step++;
                    return true;
                default:
                    if (TakeMore(text, ref frame, ref at))
                    {
                        step++;
                        return true;
                    }
                    _depth--;
                    continue;
            }
        }
        (step, at) = (0, 0);
        return false;
    }

    private bool TakeMore(ReadOnlySpan<char> text, ref Frame frame, ref int at)
    {
        ref readonly var instruction = ref program[frame.Step];
        if (frame.Limit == instruction.Second || at == text.Length
            || !instruction.Set!.Contains(Scalars.At(text, at, out var taken)))
            return false;
        at += taken;
        frame = frame with { At = at, Limit = frame.Limit + 1 };
        return true;
    }

    private void Push(Frame frame)
    {
        if (_depth == _frames.Length)
            Array.Resize(ref _frames, _frames.Length * 2);
        _frames[_depth++] = frame;
    }

    private void Count(int steps)
    {
        _steps += steps;
        if (_steps > _most)
            throw new InputFileException(
                $"{place}: the pattern needs more than {_most} steps for a text of {length} characters, because it tries " +
                "the same again and again. Take the model's tokenizer from its publisher, or give shorter texts.");
    }

    private readonly record struct Frame(FrameKind Kind, int Step, int At, int Limit);

    private enum FrameKind : byte
    {
        Branch,
        Register,
        Fewer,
        More,
    }
}
