namespace Octavo.Engine;

/// <summary>How keys and values are stored.</summary>
public enum KvType
{
    /// <summary>fp32.</summary>
    F32,
    /// <summary>fp16: half the memory; numbers beyond ±65504 are refused, those below 2⁻¹⁴ become 0.</summary>
    F16,
    /// <summary>8-bit whole numbers with an fp32 scale per 32 dimensions of a position: a good quarter of the memory.</summary>
    Q8,
}
