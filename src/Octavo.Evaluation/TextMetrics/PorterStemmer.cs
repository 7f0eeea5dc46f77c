using System.Collections.Frozen;

namespace Octavo.Evaluation.TextMetrics;

/// <summary>
/// Porter's stemmer (An algorithm for suffix stripping, 1980) in the variant of NLTK that rouge-score and METEOR use: with NLTK's list of
/// irregular words, its rules for "ies", "ied", "alli", "fulli" and "logi", and a short syllable of two letters. Step names are the
/// paper's.
/// </summary>
internal static class PorterStemmer
{
    private static readonly FrozenDictionary<string, string> _irregular = new Dictionary<string, string>
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news",
        ["inning"] = "inning", ["innings"] = "inning", ["outing"] = "outing", ["outings"] = "outing",
        ["canning"] = "canning", ["cannings"] = "canning", ["howe"] = "howe",
        ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    }.ToFrozenDictionary();

    private static readonly SuffixRule[] _step1a =
        [new("sses", "ss", Always), new("ies", "i", Always), new("ss", "ss", Always), new("s", "", Always)];

    private static readonly SuffixRule[] _step2 =
    [
        new("ational", "ate", HasMeasure), new("tional", "tion", HasMeasure), new("enci", "ence", HasMeasure), new("anci", "ance", HasMeasure),
        new("izer", "ize", HasMeasure), new("bli", "ble", HasMeasure), new("alli", "al", HasMeasure), new("entli", "ent", HasMeasure),
        new("eli", "e", HasMeasure), new("ousli", "ous", HasMeasure), new("ization", "ize", HasMeasure), new("ation", "ate", HasMeasure),
        new("ator", "ate", HasMeasure), new("alism", "al", HasMeasure), new("iveness", "ive", HasMeasure), new("fulness", "ful", HasMeasure),
        new("ousness", "ous", HasMeasure), new("aliti", "al", HasMeasure), new("iviti", "ive", HasMeasure), new("biliti", "ble", HasMeasure),
        new("fulli", "ful", HasMeasure),
        // NLTK measures what stands before "ogi" with its l
        new("logi", "log", stem => HasMeasure(stem + "l")),
    ];

    private static readonly SuffixRule[] _step3 =
    [
        new("icate", "ic", HasMeasure), new("ative", "", HasMeasure), new("alize", "al", HasMeasure), new("iciti", "ic", HasMeasure),
        new("ical", "ic", HasMeasure), new("ful", "", HasMeasure), new("ness", "", HasMeasure),
    ];

    private static readonly SuffixRule[] _step4 =
    [
        new("al", "", IsLong), new("ance", "", IsLong), new("ence", "", IsLong), new("er", "", IsLong), new("ic", "", IsLong),
        new("able", "", IsLong), new("ible", "", IsLong), new("ant", "", IsLong), new("ement", "", IsLong), new("ment", "", IsLong),
        new("ent", "", IsLong), new("ion", "", stem => IsLong(stem) && stem[^1] is ('s' or 't')), new("ou", "", IsLong),
        new("ism", "", IsLong), new("ate", "", IsLong), new("iti", "", IsLong), new("ous", "", IsLong), new("ive", "", IsLong),
        new("ize", "", IsLong),
    ];

    /// <summary>The stem of a lower-case word; a word of one or two letters is its own.</summary>
    public static string Stem(string word)
    {
        if (_irregular.TryGetValue(word, out var stem))
            return stem;
        if (word.Length <= 2)
            return word;
        word = Step2(Step1C(Step1B(Step1A(word))));
        return Step5(SuffixRule.Apply(_step4, SuffixRule.Apply(_step3, word)));
    }

    private static string Step1A(string word) =>
        word is [_, 'i', 'e', 's'] ? word[..3] : SuffixRule.Apply(_step1a, word);

    private static string Step1B(string word)
    {
        if (EndsWith(word, "ied"))
            return word.Length == 4 ? word[..3] : word[..^2];
        if (EndsWith(word, "eed"))
            return HasMeasure(word[..^3]) ? word[..^1] : word;
        var stem = EndsWith(word, "ed") ? word[..^2] : EndsWith(word, "ing") ? word[..^3] : null;
        if (stem is null || !HasVowel(stem))
            return word;
        if (EndsWith(stem, "at") || EndsWith(stem, "bl") || EndsWith(stem, "iz"))
            return stem + "e";
        if (EndsDouble(stem))
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem;
    }

    // NLTK asks for a consonant before the y and for more than one letter, the paper for a vowel somewhere
    private static string Step1C(string word) =>
        word.Length > 2 && word[^1] == 'y' && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string Step2(string word) =>
        EndsWith(word, "alli") && HasMeasure(word[..^4]) ? Step2(word[..^2]) : SuffixRule.Apply(_step2, word);

    private static string Step5(string word)
    {
        if (word[^1] == 'e')
        {
            var stem = word[..^1];
            var measure = Measure(stem);
            if (measure > 1 || (measure == 1 && !EndsShort(stem)))
                word = stem;
        }
        return EndsWith(word, "ll") && IsLong(word[..^1]) ? word[..^1] : word;
    }

    private static bool Always(string stem) => true;

    private static bool HasMeasure(string stem) => Measure(stem) > 0;

    private static bool IsLong(string stem) => Measure(stem) > 1;

    private static bool EndsWith(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);

    private static bool IsConsonant(string word, int at) => word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(word, at - 1),
        _ => true,
    };

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(at => !IsConsonant(stem, at));

    // the m of [C](VC)^m[V]: how often a consonant follows a vowel
    private static int Measure(string stem) =>
        Enumerable.Range(1, Math.Max(0, stem.Length - 1)).Count(at => IsConsonant(stem, at) && !IsConsonant(stem, at - 1));

    private static bool EndsDouble(string word) => word.Length > 1 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    private static bool EndsShort(string word)
    {
        var last = word.Length - 1;
        if (last == 1)
            return !IsConsonant(word, 0) && IsConsonant(word, 1);
        return last > 1 && IsConsonant(word, last - 2) && !IsConsonant(word, last - 1) && IsConsonant(word, last) && word[last] is not ('w' or 'x' or 'y');
    }

    /// <summary>What a suffix becomes where what stands before it fulfils a condition.</summary>
    private readonly record struct SuffixRule(string Suffix, string Replacement, Func<string, bool> Holds)
    {
        // the first rule whose suffix is there decides, whether it holds or not
        public static string Apply(SuffixRule[] rules, string word)
        {
            foreach (var rule in rules)
            {
                if (!EndsWith(word, rule.Suffix))
                    continue;
                var stem = word[..^rule.Suffix.Length];
                return rule.Holds(stem) ? stem + rule.Replacement : word;
            }
            return word;
        }
    }
}
