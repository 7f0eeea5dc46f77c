namespace Octavo.Engine.Kernels;

/// <summary>KIVI's numbers in few bits: code = round((x − zero) / scale) within a group, x ≈ code · scale + zero.</summary>
internal static class GroupCodes
{
    /// <summary>Smallest number of a group, and the step that reaches the largest in 2^bits − 1 steps; a constant group has step 0.</summary>
    public static (float Scale, float Zero) Range(ReadOnlySpan<float> group, int bits)
    {
        var (smallest, largest) = (group[0], group[0]);
        foreach (var number in group)
            (smallest, largest) = (MathF.Min(smallest, number), MathF.Max(largest, number));
        return ((largest - smallest) / Top(bits), smallest);
    }

    /// <summary>The same in fp16, wide enough that no number of the group is more than half a step away from a code's.</summary>
    public static (Half Scale, Half Zero) HalfRange(ReadOnlySpan<float> group, int bits)
    {
        var (scale, smallest) = Range(group, bits);
        var largest = smallest + (scale * Top(bits));
        var zero = (Half)smallest;
        if ((float)zero > smallest)
            zero = Half.BitDecrement(zero);
        var step = (Half)((largest - (float)zero) / Top(bits));
        if ((float)zero + ((float)step * Top(bits)) < largest)
            step = Half.BitIncrement(step);
        return (step, zero);
    }

    /// <summary>The code of a number; ties to even.</summary>
    public static int Code(float number, float scale, float zero, int bits) =>
        scale == 0 ? 0 : (int)MathF.Round(Math.Clamp((number - zero) / scale, 0, Top(bits)));

    /// <summary>The largest code.</summary>
    public static int Top(int bits) => (1 << bits) - 1;
}
