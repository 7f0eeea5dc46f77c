using Octavo.Core.Tensors;

namespace Octavo.Models;

/// <summary>What storing numbers as a type cost.</summary>
/// <param name="Type">The type.</param>
/// <param name="Tensors">How many tensors.</param>
/// <param name="RelativeRms">√(Σ error² / Σ number²) over all of them; 0 where every number was kept.</param>
/// <param name="Largest">The largest absolute error.</param>
public sealed record TypeError(TensorType Type, int Tensors, double RelativeRms, double Largest);
