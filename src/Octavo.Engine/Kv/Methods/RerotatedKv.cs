namespace Octavo.Engine.Kv;

/// <summary>
/// A wrapper: what is kept moves together. Keys are turned to the positions from 0 on, and later tokens go on behind them, so that a text
/// takes no more positions than tokens. Reference: kvpress KeyRerotationPress. All heads have to keep as many tokens.
/// </summary>
/// <param name="Inner">What rates the tokens.</param>
public sealed record RerotatedKv(ScoredMethod Inner) : WrapperMethod(Inner)
{
    /// <inheritdoc/>
    protected override string Wrapper => "rerotated";

    /// <inheritdoc/>
    public override bool Renumbers => true;

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer) => Inner.Compress(layer);
}
