namespace Octavo.Core.Tokenizers.Inputs;

/// <summary>What stands around one text, and around and between two.</summary>
/// <param name="Single">The parts around one text, the text itself among them.</param>
/// <param name="Pair">The parts around two.</param>
internal sealed record InputLayout(LayoutPart[] Single, LayoutPart[] Pair)
{
    /// <summary>Only the texts.</summary>
    public static InputLayout Plain { get; } = Around([], []);

    /// <summary>The tokens before a single text.</summary>
    public int[] Before => Ids(0, Text);

    /// <summary>The tokens after a single text.</summary>
    public int[] After => Ids(Text + 1, Single.Length);

    private int Text => Array.FindIndex(Single, part => part.Text >= 0);

    /// <summary>The same tokens around each text; the second text and what is around it have type 1.</summary>
    public static InputLayout Around(int[] before, int[] after)
    {
        LayoutPart[] Part(int text) =>
        [
            .. Array.ConvertAll(before, id => LayoutPart.Special(id, text)),
            LayoutPart.OfText(text, text),
            .. Array.ConvertAll(after, id => LayoutPart.Special(id, text)),
        ];
        return new InputLayout(Part(0), [.. Part(0), .. Part(1)]);
    }

    private int[] Ids(int from, int to)
    {
        var ids = new int[to - from];
        for (var i = from; i < to; i++)
            ids[i - from] = Single[i].Id;
        return ids;
    }
}

/// <summary>A part of a layout: a token, or a text.</summary>
/// <param name="Id">The token, where it is one.</param>
/// <param name="Text">Which text, 0 or 1; -1 for a token.</param>
/// <param name="TypeId">The type of its tokens.</param>
internal sealed record LayoutPart(int Id, int Text, int TypeId)
{
    public static LayoutPart Special(int id, int typeId) => new(id, -1, typeId);

    public static LayoutPart OfText(int text, int typeId) => new(-1, text, typeId);
}
