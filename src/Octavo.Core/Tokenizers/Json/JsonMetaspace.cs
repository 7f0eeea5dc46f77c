using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads what the pre-tokenizer Metaspace and the decoder of that name have in common.</summary>
internal static class JsonMetaspace
{
    /// <summary>The sign in place of the space.</summary>
    public static char Sign(JsonValue stage)
    {
        var sign = stage.Required("replacement");
        return sign.Text().Length == 1
            ? sign.Text()[0]
            : throw sign.Unsupported($"'{sign.Text()}'", "one character of Unicode's first plane");
    }

    /// <summary>Which pieces get the mark of a word's beginning; older files say so by <c>add_prefix_space</c>.</summary>
    public static PrependScheme Scheme(JsonValue stage)
    {
        var scheme = stage.Optional("prepend_scheme") is { } named ? Named(named) : PrependScheme.Always;
        if (stage.Flag("add_prefix_space", true))
            return scheme;
        // The reference wants both to be there and agree; a file from before there were schemes has the flag alone.
        return scheme == PrependScheme.Never || stage.Optional("prepend_scheme") is null
            ? PrependScheme.Never
            : throw stage.Wrong("has add_prefix_space false and a prepend_scheme that says otherwise");
    }

    private static PrependScheme Named(JsonValue scheme) => scheme.Text() switch
    {
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        var name => throw scheme.Unsupported($"'{name}'", "always, first, never"),
    };
}
