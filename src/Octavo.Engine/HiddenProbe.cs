namespace Octavo.Engine;

/// <summary>Sees the residual stream: layer 0 is the embedding, i is after layer i, the last is after the final norm.</summary>
/// <param name="layer">From 0 to the number of layers.</param>
/// <param name="row">The row's place in the whole call.</param>
/// <param name="hidden">[C]</param>
public delegate void HiddenProbe(int layer, int row, ReadOnlySpan<float> hidden);
