using System.Text.Json;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads how inputs are cut and filled up.</summary>
internal static class JsonInputs
{
    private const int LongestInput = 1 << 30;

    public static InputOptions Read(JsonValue root) => new()
    {
        Truncation = root.Optional("truncation") is { } truncation ? ReadTruncation(truncation) : null,
        Padding = root.Optional("padding") is { } padding ? ReadPadding(padding) : null,
    };

    private static Truncation ReadTruncation(JsonValue truncation) =>
        new(truncation.Required("max_length").Count(0, LongestInput))
        {
            Strategy = truncation.Required("strategy").Text() switch
            {
                "LongestFirst" => TruncationStrategy.LongestFirst,
                "OnlyFirst" => TruncationStrategy.OnlyFirst,
                "OnlySecond" => TruncationStrategy.OnlySecond,
                var name => throw truncation.Unsupported($"the strategy '{name}'", "LongestFirst, OnlyFirst, OnlySecond"),
            },
            AtStart = IsLeft(truncation),
        };

    private static Padding ReadPadding(JsonValue padding)
    {
        var strategy = padding.Required("strategy");
        var isFixed = strategy.Element.ValueKind == JsonValueKind.Object;
        if (!isFixed && strategy.Text() != "BatchLongest")
            throw strategy.Unsupported($"'{strategy.Text()}'", "BatchLongest, Fixed");
        return new Padding(padding.Required("pad_id").Id())
        {
            Length = isFixed ? strategy.Required("Fixed").Count(0, LongestInput) : null,
            // The reference takes a multiple of 0 for none.
            MultipleOf = padding.Optional("pad_to_multiple_of") is { } multiple
                ? Math.Max(1, multiple.Count(0, LongestInput))
                : 1,
            TypeId = padding.Optional("pad_type_id") is { } type ? type.Count(0, int.MaxValue) : 0,
            AtStart = IsLeft(padding),
        };
    }

    private static bool IsLeft(JsonValue rule)
    {
        if (rule.Optional("direction") is not { } direction)
            return false;
        return direction.Text() switch
        {
            "Left" => true,
            "Right" => false,
            var name => throw direction.Unsupported($"'{name}'", "Left, Right"),
        };
    }
}
