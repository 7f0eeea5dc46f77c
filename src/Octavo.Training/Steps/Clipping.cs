namespace Octavo.Training.Steps;

/// <summary>Clipping by the norm of all gradients; reference: torch.nn.utils.clip_grad_norm_.</summary>
internal static class Clipping
{
    /// <summary>What gradients are multiplied with so that their norm is at most <paramref name="most"/>.</summary>
    /// <param name="norm">Their norm.</param>
    /// <param name="most">The bound; null for none.</param>
    public static double Scale(double norm, double? most) => most is { } bound ? Math.Min(1, bound / (norm + 1e-6)) : 1;
}
