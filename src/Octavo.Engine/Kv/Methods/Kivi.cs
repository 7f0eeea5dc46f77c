namespace Octavo.Engine.Kv;

/// <summary>
/// Everything is stored in few bits: keys per channel in groups of neighbouring tokens, values per token in groups of channels, each group
/// with its smallest number and a step in fp16. Liu et al., arXiv 2402.02750; SCBench's kivi with its defaults. As there, only the
/// prompt is packed, and its end stays as it is; here whole pages of 64 tokens are packed, so that up to 63 more stay. Bytes of a packed
/// number: bits / 8 + 4 / group.
/// </summary>
public sealed record Kivi : KvMethod
{
    private static readonly int[] _bits = [1, 2, 4, 8];
    private static readonly int[] _groups = [8, 16, 32, 64];

    /// <summary>Bits of a number.</summary>
    public int Bits { get; init; } = 2;

    /// <summary>Numbers that share a scale and a zero point.</summary>
    public int Group { get; init; } = 32;

    /// <summary>Tokens at the end of the prompt that are never packed.</summary>
    public int Residual { get; init; } = 32;

    /// <inheritdoc/>
    public override string Name => "kivi";

    /// <inheritdoc/>
    public override KvPacking? Packing => new KvPacking(Bits, Group, Residual);

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (!_bits.Contains(Bits))
            problems.Add($"bits is {Bits}; give 1, 2, 4 or 8.");
        if (!_groups.Contains(Group))
            problems.Add($"group is {Group}; give 8, 16, 32 or 64.");
        if (Residual < 0)
            problems.Add($"residual is {Residual}; give at least 0.");
    }
}
