using System.Globalization;

namespace Octavo.Systems.ScBench.Data;

/// <summary>What a turn's answer should be: a text, a number, or a list of either.</summary>
internal sealed record GoldAnswer
{
    private GoldAnswer(IReadOnlyList<string> texts, bool isList, bool isNumber) => (Texts, IsList, IsNumber) = (texts, isList, isNumber);

    /// <summary>The text or number, or each item of the list, as it is written.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Whether it was stored as a list.</summary>
    public bool IsList { get; }

    /// <summary>Whether it, or each of its items, was stored as a number.</summary>
    public bool IsNumber { get; }

    /// <summary>How it stands in a conversation's history: a list is separated by commas.</summary>
    public string Said => string.Join(", ", Texts);

    /// <summary>A text.</summary>
    public static GoldAnswer Of(string text) => new([text], isList: false, isNumber: false);

    /// <summary>A whole number.</summary>
    public static GoldAnswer Of(long number) => OfNumber(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number as it is written.</summary>
    public static GoldAnswer OfNumber(string number) => new([number], isList: false, isNumber: true);

    /// <summary>A list.</summary>
    /// <param name="items">Its items as they are written.</param>
    /// <param name="areNumbers">Whether they are numbers.</param>
    public static GoldAnswer OfList(IReadOnlyList<string> items, bool areNumbers = false) => new(items, isList: true, areNumbers);
}
