using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.Models.Conversion;

/// <summary>How a converted tensor is stored.</summary>
/// <param name="Type">The type.</param>
/// <param name="Reason">Why it is another one than was asked for, or null.</param>
internal readonly record struct TypeChoice(TensorType Type, string? Reason = null)
{
    private static readonly TensorType[] _hub = [TensorType.F32, TensorType.F16, TensorType.BF16];

    /// <summary>What matrices of a GGUF file can be turned into.</summary>
    public static IReadOnlyList<TensorType> Gguf { get; } = [.. Enum.GetValues<TensorType>().Where(Quantizer.Supports)];

    /// <summary>What tensors of safetensors can be turned into.</summary>
    public static IReadOnlyList<TensorType> Hub => _hub;

    /// <summary>Refuses types that a format does not have.</summary>
    /// <exception cref="UnsupportedException">It has not; the message lists those that it has.</exception>
    public static void Check(TensorType? type, bool toGguf)
    {
        var known = toGguf ? Gguf : Hub;
        if (type is { } given && !known.Contains(given))
        {
            var format = toGguf ? "A GGUF file" : "A folder in the hub's layout";
            throw new UnsupportedException($"{format} cannot be written with --type {given.ToString().ToLowerInvariant()}; "
                + $"give one of {string.Join(", ", known.Select(name => name.ToString().ToLowerInvariant()))}.");
        }
    }

    /// <summary>Chooses for a tensor of a GGUF file: vectors and what decides where rows go stay in F32, matrices take what is asked for.</summary>
    /// <param name="role">What the tensor is for.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="stored">The types that its parts are stored as now.</param>
    /// <param name="wanted">What is asked for; null keeps what there is.</param>
    public static TypeChoice ForGguf(TensorRole role, IReadOnlyList<int> shape, TensorType[] stored, TensorType? wanted)
    {
        if (role == TensorRole.Delicate)
            return new(TensorType.F32);
        if (wanted is null && stored.Length > 1)
            return new(TensorType.F32, $"its parts are stored as {string.Join(" and ", stored)}");
        if (wanted is null && stored[0] is TensorType.F64 or TensorType.F8E4M3 or TensorType.F8E5M2)
            return new(stored[0] == TensorType.F64 ? TensorType.F32 : TensorType.F16, $"readers of GGUF have no weights of {stored[0]}");
        var type = wanted ?? stored[0];
        var length = shape[^1];
        if (length % type.BlockLength() == 0)
            return new(type);
        var substitute = Substitute(type);
        if (length % substitute.BlockLength() != 0)
            substitute = TensorType.F16;
        return new(substitute, $"rows of {length} numbers do not fill blocks of {type.BlockLength()}");
    }

    /// <summary>Chooses for a tensor of safetensors: F32, F16 and BF16 stay unless another one is asked for, the others become F32.</summary>
    public static TypeChoice ForHub(TensorType[] stored, TensorType? wanted)
    {
        if (wanted is { } type)
            return new(type);
        if (stored.Length > 1)
            return new(TensorType.F32, $"its parts are stored as {string.Join(" and ", stored)}");
        return _hub.Contains(stored[0]) ? new(stored[0]) : new(TensorType.F32, $"{stored[0]} is not written into a folder");
    }

    // about as many bits in blocks of 32
    private static TensorType Substitute(TensorType type) => type switch
    {
        TensorType.Q4_K => TensorType.Q5_0,
        TensorType.Q5_K => TensorType.Q5_1,
        TensorType.Q6_K => TensorType.Q8_0,
        TensorType.IQ4_XS => TensorType.IQ4_NL,
        TensorType.TQ1_0 or TensorType.TQ2_0 => TensorType.Q4_0,
        _ => TensorType.F16,
    };
}
