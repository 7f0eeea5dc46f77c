namespace Octavo.Core.Store;

/// <summary>A model that is there to be used.</summary>
/// <param name="Id">The name that <see cref="ModelStore.Resolve"/> takes.</param>
/// <param name="Path">Its folder or file.</param>
/// <param name="Place">The place where it was found.</param>
/// <param name="Bytes">The size of its weight files.</param>
public sealed record StoredModel(string Id, string Path, string Place, long Bytes);
