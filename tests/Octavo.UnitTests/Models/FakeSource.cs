using System.Diagnostics.CodeAnalysis;
using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.UnitTests.Models;

/// <summary>Tensors of given names, types and shapes that point nowhere.</summary>
internal sealed unsafe class FakeSource : TensorSource
{
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>What a description asks for.</summary>
    public static FakeSource For(TextModel model, bool gguf)
    {
        var source = new FakeSource();
        foreach (var view in ModelListing.Stored(model))
            source.Add(gguf ? view.Gguf : view.Name, TensorType.F32, [.. view.Shape.Select(size => (long)size)]);
        return source;
    }

    public override string Location => "weights";

    public override IReadOnlyList<StoredTensor> Tensors => [.. _tensors.Values];

    public bool Disposed { get; private set; }

    public FakeSource Add(string name, TensorType type, params long[] shape) => Add(new StoredTensor(name, type, shape, null));

    public FakeSource Add(StoredTensor tensor)
    {
        _tensors[tensor.Name] = tensor;
        return this;
    }

    public FakeSource Remove(string name)
    {
        _tensors.Remove(name);
        return this;
    }

    public override bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    protected override void Dispose(bool disposing) => Disposed = true;
}
