using System.Globalization;
using System.Text;
using Octavo.Core;

namespace Octavo.Evaluation.Procedural.Gsm;

/// <summary>Tells one problem: an opening, moves, and a question; the solution repeats the facts with their equations.</summary>
internal sealed class GsmStory
{
    private const int LargestFactor = 6;

    private readonly SeededRandom _random;
    private readonly GsmTheme _theme;
    private readonly int _largest;
    private readonly bool _worked;
    private readonly Dictionary<string, string> _slots = [];
    private readonly StringBuilder _question = new();
    private readonly StringBuilder _solution = new();
    private readonly StringBuilder _template = new();

    /// <param name="random">What everything is drawn from.</param>
    /// <param name="theme">The sentences.</param>
    /// <param name="largest">No number of the problem is larger.</param>
    /// <param name="worked">Adds and takes away tens first, then ones.</param>
    public GsmStory(SeededRandom random, GsmTheme theme, int largest, bool worked)
    {
        (_random, _theme, _largest, _worked) = (random, theme, largest, worked);
        _template.Append(theme.Name);
        Cast();
    }

    /// <summary>The number that is reached.</summary>
    public int Value { get; private set; }

    /// <summary>The largest number of the problem.</summary>
    public int Highest { get; private set; }

    public string Question => _question.ToString();

    public string Solution => _solution.ToString();

    public string Template => _template.ToString();

    /// <summary>Tells a problem of so many equations; false where the numbers that were drawn lead nowhere.</summary>
    public bool Tell(int steps)
    {
        var ending = Ending(steps);
        var groups = steps - ending > 0 && _random.Next(4) == 0 ? 1 : 0;
        if (!(groups == 1 ? Group() : Open()))
            return false;
        for (var move = groups + ending; move < steps; move++)
        {
            if (!Move())
                return false;
        }
        return ending switch
        {
            0 => Ask(_theme.Asks, "q"),
            1 when _theme.Compares.Length == 0 || _random.Next(2) == 0 => Share(),
            1 => Compare(both: false),
            _ => Compare(both: true),
        };
    }

    /// <summary>How many equations the ending takes: none, a division or a comparison, a comparison and a sum.</summary>
    private int Ending(int steps)
    {
        var draw = _random.Next(10);
        return draw < 6 ? 0 : draw < 8 || steps == 1 || _theme.Compares.Length == 0 ? 1 : 2;
    }

    private bool Open()
    {
        Value = Number(2, _largest);
        Fact(_theme.Opens, "o", Value, "");
        return true;
    }

    private bool Group()
    {
        var (count, each) = (Number(2, LargestFactor), Number(2, 12));
        Value = count * each;
        if (Value > _largest)
            return false;
        var sentence = PickOf(_theme.Groups, "g");
        var countFirst = sentence.IndexOf("{n}", StringComparison.Ordinal) < sentence.IndexOf("{k}", StringComparison.Ordinal);
        Write(sentence, count, each, Equation(countFirst ? count : each, '*', countFirst ? each : count, Value));
        return true;
    }

    private bool Move()
    {
        var draw = _random.Next(9);
        return draw < 4 ? Add() : draw < 8 ? Subtract() : Multiply();
    }

    private bool Add()
    {
        if (Value + 2 > _largest)
            return false;
        var amount = Number(2, Math.Min(_largest / 2, _largest - Value));
        return Step(_theme.Adds, "a", amount, '+', Value + amount);
    }

    private bool Subtract()
    {
        if (Value < 4)
            return false;
        var amount = Number(2, Math.Min(_largest / 2, Value - 2));
        return Step(_theme.Subs, "s", amount, '-', Value - amount);
    }

    private bool Multiply()
    {
        if (Value > 12 || Value * 2 > _largest)
            return false;
        var factor = Number(2, Math.Min(LargestFactor, _largest / Value));
        return Step(_theme.Times, "t", factor, '*', Value * factor);
    }

    private bool Share()
    {
        var factors = Enumerable.Range(2, LargestFactor - 1).Where(factor => Value % factor == 0 && Value / factor is >= 2 and <= 20).ToList();
        if (factors.Count == 0)
            return false;
        var factor = factors[_random.Next(factors.Count)];
        var at = _random.Next(_theme.Shares.Length);
        _template.Append(CultureInfo.InvariantCulture, $".d{at}");
        Write(_theme.Shares[at].Told, factor, 0, Equation(Value, '/', factor, Value / factor));
        Value /= factor;
        return Close(_theme.Shares[at].Ask);
    }

    private bool Compare(bool both)
    {
        var at = _random.Next(_theme.Compares.Length);
        var compare = _theme.Compares[at];
        var number = compare.Op == '*' ? Number(2, LargestFactor) : Number(2, _largest / 2);
        var other = compare.Op switch { '+' => Value + number, '-' => Value - number, _ => Value * number };
        if (other < 2 || other > _largest || Value + other > _largest || (compare.Op == '*' && Value > 12))
            return false;
        _template.Append(CultureInfo.InvariantCulture, $".c{at}{(both ? "b" : "")}");
        Write(compare.Told, number, 0, Equation(Value, compare.Op, number, other));
        if (both)
            _solution.Append(CultureInfo.InvariantCulture, $" Together: {Equation(Value, '+', other, Value + other)}.");
        Value = both ? Value + other : other;
        return Close(both ? compare.AskBoth : compare.Ask);
    }

    private bool Ask(string[] asks, string mark) => Close(PickOf(asks, mark));

    private bool Step(string[] sentences, string mark, int number, char op, int result)
    {
        Fact(sentences, mark, number, Equation(Value, op, number, result));
        Value = result;
        return true;
    }

    private void Fact(string[] sentences, string mark, int number, string equation) =>
        Write(PickOf(sentences, mark), number, 0, equation);

    private void Write(string sentence, int number, int each, string equation)
    {
        Note(number);
        var text = Fill(sentence, number, each);
        Append(_question, text);
        Append(_solution, equation.Length == 0 ? text : $"{text[..^1]}: {equation}.");
    }

    private bool Close(string ask)
    {
        Append(_question, Fill(ask, 0, 0));
        return true;
    }

    private string Equation(int a, char op, int b, int result)
    {
        Note(result);
        var (tens, ones) = (b / 10 * 10, b % 10);
        var half = op == '+' ? a + tens : a - tens;
        var working = _worked && op is ('+' or '-') && tens > 0 && ones > 0 ? $" = {a} {op} {tens} {op} {ones} = {half} {op} {ones}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{a} {op} {b}{working} = {result}");
    }

    private void Note(int number) => Highest = Math.Max(Highest, number);

    private int Number(int from, int to) => from + _random.Next(to - from + 1);

    private string PickOf(string[] sentences, string mark)
    {
        var at = _random.Next(sentences.Length);
        _template.Append(CultureInfo.InvariantCulture, $".{mark}{at}");
        return sentences[at];
    }

    private static void Append(StringBuilder text, string sentence) => text.Append(text.Length == 0 ? "" : " ").Append(sentence);

    private string Fill(string sentence, int number, int each)
    {
        var text = new StringBuilder(sentence)
            .Replace("{n}", number.ToString(CultureInfo.InvariantCulture)).Replace("{k}", each.ToString(CultureInfo.InvariantCulture));
        foreach (var (slot, word) in _slots)
            text.Replace(slot, word);
        text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }

    private void Cast()
    {
        var names = GsmCast.Names;
        var (name, isShe) = names[_random.Next(names.Count)];
        string friend, other;
        do
        {
            friend = names[_random.Next(names.Count)].Name;
            other = names[_random.Next(names.Count)].Name;
        }
        while (friend == name || other == name || friend == other);
        var (at, placeThings) = GsmCast.Places[_random.Next(GsmCast.Places.Count)];
        var (trade, goods) = GsmCast.Trades[_random.Next(GsmCast.Trades.Count)];
        var things = GsmCast.Things[_random.Next(GsmCast.Things.Count)];
        (_slots["{N}"], _slots["{M}"], _slots["{K}"], _slots["{at}"], _slots["{w}"]) = (name, friend, other, at, trade);
        _slots["{o}"] = _theme.Name switch { "place" => placeThings, "shop" => goods, _ => things };
        (_slots["{P}"], _slots["{p}"], _slots["{h}"], _slots["{i}"]) = isShe ? ("She", "she", "her", "her") : ("He", "he", "his", "him");
    }
}
