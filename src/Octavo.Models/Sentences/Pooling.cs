namespace Octavo.Models;

/// <summary>How the rows of a text's tokens become one row.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,
    /// <summary>The first one: the <c>[CLS]</c> token's.</summary>
    Cls,
    /// <summary>The last one.</summary>
    Last,
    /// <summary>The largest number of each column.</summary>
    Max,
}
