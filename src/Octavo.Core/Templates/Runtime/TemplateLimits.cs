namespace Octavo.Core.Templates.Runtime;

/// <summary>What a template may cost. A template comes with a checkpoint, so it is untrusted.</summary>
internal static class TemplateLimits
{
    /// <summary>Characters of a template's own text.</summary>
    public const int SourceLength = 1 << 20;

    /// <summary>Levels of blocks and parentheses inside each other, and of macro or loop calls inside each other.</summary>
    public const int Nesting = 64;

    /// <summary>Evaluations open at one time: calls multiply the levels that are written down.</summary>
    public const int Frames = 1000;

    /// <summary>Levels of lists and objects inside each other in the variables.</summary>
    public const int ValueNesting = 128;

    /// <summary>Steps of one render: a node evaluated, an item made, or 32 characters copied (fewer, where that is slow).</summary>
    public const int Steps = 1_000_000;

    /// <summary>Characters that one step stands for, where they are copied or compared in bulk.</summary>
    public const int CharactersPerStep = 32;

    /// <summary>How much more a character costs where each one is looked at by itself.</summary>
    public const int SlowCharacter = 6;

    /// <summary>Characters that the making of one more piece of a text costs.</summary>
    public const int Piece = 8;

    /// <summary>UTF-8 bytes of the rendered text.</summary>
    public const int OutputBytes = 16 << 20;

    /// <summary>Characters of any text made on the way.</summary>
    public const int TextLength = 16 << 20;

    /// <summary>Items of <c>range()</c>, as in the reference's sandbox.</summary>
    public const int Range = 100_000;

    /// <summary>Arguments of a call by name, and parameters of a macro.</summary>
    public const int Arguments = 255;

    /// <summary>Characters of a name.</summary>
    public const int NameLength = 256;

    /// <summary>Digits after the point that a number format may ask for.</summary>
    public const int Precision = 1000;
}
