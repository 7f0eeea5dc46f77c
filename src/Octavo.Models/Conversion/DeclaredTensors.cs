using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Tensors;

namespace Octavo.Models.Conversion;

/// <summary>The tensors that a file is going to have, without their data: some families look at what is there to tell what a model is.</summary>
internal sealed class DeclaredTensors : TensorSource
{
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public unsafe DeclaredTensors(string location, IEnumerable<(string Name, IReadOnlyList<int> Shape)> tensors)
    {
        Location = location;
        foreach (var (name, shape) in tensors)
            _tensors[name] = new StoredTensor(name, TensorType.F32, [.. shape.Select(size => (long)size)], null);
    }

    public override string Location { get; }

    public override IReadOnlyList<StoredTensor> Tensors => [.. _tensors.Values];

    public override bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    protected override void Dispose(bool disposing)
    {
    }
}
