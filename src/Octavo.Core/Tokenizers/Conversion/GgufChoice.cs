namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Finds settings that a tokenizer's files do not spell out as GGUF files do: they are tried until one agrees with the tokenizer.</summary>
internal static class GgufChoice
{
    /// <summary>Sets the first of some settings under which a reader's tokenizer agrees with the source over all probes.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="source">The tokenizer.</param>
    /// <param name="candidates">Keys with values, by what to call them in messages.</param>
    /// <param name="prepare">Changes each probe; null: they stay as they are.</param>
    /// <param name="skip">A token whose spelling is not probed, or -1.</param>
    /// <exception cref="UnsupportedException">None does; the message has the first difference under the nearest.</exception>
    public static void Set(GgufEntries entries, FolderTokenizer source, IEnumerable<(string Name, (string Key, object Value)[] Values)> candidates,
        Func<string, string>? prepare = null, int skip = -1)
    {
        prepare ??= text => text;
        var plain = ProbeTexts.Plain.Select(prepare).ToArray();
        var (nearest, agreed, difference) = ("", -1, "");
        List<string> names = [];
        foreach (var (name, values) in candidates)
        {
            names.Add(name);
            foreach (var (key, value) in values)
                entries.Set(key, value);
            var agreement = new TokenizerAgreement(source.Tokenizer, Read(entries, source));
            var found = agreement.Compare(plain) ?? agreement.Compare(ProbeTexts.Of(source.Tokenizer, skip).Select(prepare));
            if (found is null)
                return;
            var count = agreement.Count(plain);
            if (count > agreed)
                (nearest, agreed, difference) = (name, count, found);
        }
        throw source.Refused($"a GGUF file cannot say what this tokenizer does. With {nearest}, which comes nearest, {difference}",
            $"Here is the folder, there the GGUF file. Tried: {string.Join("; ", names)}. Keep the model as a folder.");
    }

    private static VocabularyTokenizer Read(GgufEntries entries, FolderTokenizer source)
    {
        try
        {
            return entries.Read(source.File);
        }
        catch (UnsupportedException exception)
        {
            throw new UnsupportedException($"A GGUF file with the tokenizer of {source.Folder} could not be read. {exception.Message}", exception);
        }
    }
}
