using System.Globalization;

namespace Octavo.Evaluation.Studies;

/// <summary>One thing to run: a value of each factor, and a seed. Equal where its key is.</summary>
internal sealed class StudyCell : IEquatable<StudyCell>
{
    private readonly IReadOnlyList<StudyFactor> _factors;

    /// <summary>Makes a cell of a plan.</summary>
    /// <param name="factors">The plan's.</param>
    /// <param name="values">One each.</param>
    /// <param name="seed">What its run is seeded with.</param>
    public StudyCell(IReadOnlyList<StudyFactor> factors, IReadOnlyList<string> values, ulong seed)
    {
        (_factors, Values, Seed) = (factors, values, seed);
        Key = string.Concat(factors.Zip(values, (factor, value) => $"{factor.Name}={value}|")) + "seed=" + seed.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A value of each factor, in their order.</summary>
    public IReadOnlyList<string> Values { get; }

    public ulong Seed { get; }

    /// <summary>Such as <c>task=kv|method=snapkv|seed=0</c>: the same in every run of the study.</summary>
    public string Key { get; }

    /// <summary>The value of a factor.</summary>
    /// <param name="factor">One of the plan's names.</param>
    public string this[string factor]
    {
        get
        {
            for (var i = 0; i < _factors.Count; i++)
            {
                if (_factors[i].Name == factor)
                    return Values[i];
            }
            throw new ArgumentException($"there is no factor '{factor}' in {Key}.", nameof(factor));
        }
    }

    /// <summary>The values of some factors, to group by; a text that only equal values have.</summary>
    public string Part(IEnumerable<string> factors) => string.Join('|', factors.Select(factor => this[factor]));

    /// <summary>The cell with other values of some factors.</summary>
    public StudyCell With(IEnumerable<(string Factor, string Value)> values)
    {
        string[] changed = [.. Values];
        foreach (var (name, value) in values)
            changed[_factors.Select(factor => factor.Name).ToList().IndexOf(name)] = value;
        return new StudyCell(_factors, changed, Seed);
    }

    public bool Equals(StudyCell? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as StudyCell);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Key;
}
