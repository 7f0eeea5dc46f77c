using System.Globalization;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>The scripts of code points, read when first asked for.</summary>
internal sealed class Scripts
{
    private static readonly Lazy<Scripts> _instance = new(() => new Scripts());

    private readonly Dictionary<string, List<(int First, int Last)>> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];
    private readonly List<(int First, int Last, int Script)> _ranges = [];

    private Scripts()
    {
        List<(int, int)> current = [];
        foreach (var line in ScriptData.Ranges.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                current = [];
                _names.Add(line[..equals]);
                _byName.Add(line[..equals], current);
            }
            foreach (var word in line[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Add(word, current);
        }
        _ranges.Sort();
    }

    /// <summary>The tables.</summary>
    public static Scripts Instance => _instance.Value;

    /// <summary>The code points of a script by its name, or null where there is none of that name.</summary>
    public ScalarSet? Set(string name) => _byName.TryGetValue(name, out var ranges) ? new RangeSet(ranges) : null;

    /// <summary>The number of a script; -1 where the code point has none.</summary>
    public int Of(int scalar)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last, script) = _ranges[middle];
            if (scalar < first)
                high = middle - 1;
            else if (scalar > last)
                low = middle + 1;
            else
                return script;
        }
        return -1;
    }

    /// <summary>The number of a script by its name.</summary>
    public int Number(string name) => _names.IndexOf(name);

    private void Add(string word, List<(int, int)> current)
    {
        var dash = word.IndexOf('-', StringComparison.Ordinal);
        var first = Hex(dash < 0 ? word : word[..dash]);
        var last = dash < 0 ? first : Hex(word[(dash + 1)..]);
        current.Add((first, last));
        _ranges.Add((first, last, _names.Count - 1));
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
