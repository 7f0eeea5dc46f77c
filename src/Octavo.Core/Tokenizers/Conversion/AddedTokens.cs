namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>What tokenizer.json says of added tokens.</summary>
internal static class AddedTokens
{
    /// <summary>Refuses switches of added tokens that GGUF files have no word for.</summary>
    public static void RefuseFlags(FolderTokenizer source)
    {
        if (source.Json?.Optional("added_tokens") is not { } list)
            return;
        foreach (var token in list.Items())
        {
            foreach (var flag in (ReadOnlySpan<string>)["lstrip", "rstrip", "single_word"])
            {
                if (token.Flag(flag, false))
                    throw source.Refused($"the token '{token.Required("content").Text()}' has {flag}, which a GGUF file cannot say: there a token takes " +
                        "along no white space, and stands within words too", $"Set {flag} to false if texts never need it, or keep the model as a folder.");
            }
        }
    }
}
