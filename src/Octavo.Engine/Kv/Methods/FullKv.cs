namespace Octavo.Engine.Kv;

/// <summary>Keeps everything: what every other method is measured against.</summary>
public sealed record FullKv : KvMethod
{
    /// <inheritdoc/>
    public override string Name => "full";
}
