using System.Diagnostics.CodeAnalysis;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>
/// The weights of a decoder, lent to the managed engine where they lie: nothing is copied. While a lease is open, an optimizer step throws;
/// dispose the engine's model, then the lease, before the next step.
/// </summary>
internal sealed unsafe class WeightLease : TensorSource
{
    private readonly List<Tensor> _handles = [];
    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);
    private readonly LeaseCount _count;
    private bool _isDisposed;

    public WeightLease(IEnumerable<Weight> weights, string location, LeaseCount count)
    {
        (Location, _count) = (location, count);
        foreach (var weight in weights)
        {
            if (weight is not DenseWeight dense)
                throw new UnsupportedException($"{weight.View.Name} is kept in 4 bits, which the engine cannot read where it lies. Train with a bf16 or fp32 base to evaluate on the way, or save the adapter and evaluate it afterwards.");
            var handle = dense.Value.alias().DetachFromDisposeScope();
            _handles.Add(handle);
            var type = handle.dtype == ScalarType.BFloat16 ? TensorType.BF16 : TensorType.F32;
            var stored = new StoredTensor(weight.View.Name, type, handle.shape, TensorMemory.Pointer(handle));
            _tensors.Add(stored);
            _byName[stored.Name] = stored;
        }
        Version = count.Open();
    }

    public override string Location { get; }

    public override IReadOnlyList<StoredTensor> Tensors => _tensors;

    public override long Version { get; }

    public override bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _byName.TryGetValue(name, out tensor);

    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _count.Close();
        foreach (var handle in _handles)
            handle.Dispose();
    }
}

/// <summary>How many leases are open, and which version of the weights they see.</summary>
internal sealed class LeaseCount
{
    private int _open;

    /// <summary>Rises with each change of the weights.</summary>
    public long Version { get; private set; }

    public long Open()
    {
        _open++;
        return Version;
    }

    public void Close() => _open--;

    /// <summary>Says that the weights are about to change.</summary>
    /// <exception cref="InvalidOperationException">A lease is open.</exception>
    public void BeginChange()
    {
        if (_open > 0)
            throw new InvalidOperationException($"the weights are lent to the engine ({_open} leases); dispose of its models before the next step.");
        Version++;
    }
}
