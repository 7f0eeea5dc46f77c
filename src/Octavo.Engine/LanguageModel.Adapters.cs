using Octavo.Core;
using Octavo.Engine.Running;
using Octavo.Models.Adapters;

namespace Octavo.Engine;

/// <content>Low-rank adapters beside the model's weights: many at once, each sequence with its own or none.</content>
public sealed partial class LanguageModel
{
    // replaced as a whole, so that looking one up needs no turn
    private LoweredAdapter[] _adapters = [];

    /// <summary>The names of the adapters, in the order in which they were added.</summary>
    public IReadOnlyList<string> Adapters => [.. _adapters.Select(adapter => adapter.Name)];

    /// <summary>
    /// Reads an adapter in PEFT's format and adds it. Sequences that ask for it get y = W x + s·B(A x) in each of its matrices, in fp32 beside
    /// the model's own products; others pay nothing.
    /// </summary>
    /// <param name="path">A folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="name">The name by which requests ask for it; null takes the folder's.</param>
    /// <returns>The adapter as read.</returns>
    /// <exception cref="ConfigException">The name is taken, or is none.</exception>
    /// <exception cref="CheckpointException">The folder is bad, or does not fit the model: the message is a table of all that does not.</exception>
    /// <exception cref="UnsupportedException">The adapter asks for what is not supported, or the model is an encoder.</exception>
    public Adapter AddAdapter(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckAdaptable();
        var adapter = Adapter.Load(path, Checkpoint.Model);
        AddAdapter(adapter, name ?? AdapterNames.NameOf(path));
        return adapter;
    }

    /// <summary>Adds an adapter, such as one that is being trained; what becomes of its numbers afterwards does not matter.</summary>
    /// <param name="adapter">An adapter of this model.</param>
    /// <param name="name">The name by which requests ask for it.</param>
    /// <exception cref="ConfigException">The name is taken, or is none.</exception>
    /// <exception cref="ShapeException">A module is not the model's, or has another shape.</exception>
    /// <exception cref="UnsupportedException">The model is an encoder.</exception>
    public void AddAdapter(Adapter adapter, string name)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(name);
        CheckAdaptable();
        if (string.IsNullOrWhiteSpace(name) || name == NoAdapter)
            throw new ConfigException($"'{name}' cannot be an adapter's name; choose another one.");
        CheckShapes(adapter);
        lock (_pool)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            CheckNotRunning();
            if (_adapters.Any(known => known.Name == name))
                throw new ConfigException($"There is an adapter '{name}' already; give this one another name (NAME=DIR on the command line).");
            var slot = Enumerable.Range(1, _adapters.Length + 1).First(free => _adapters.All(known => known.Slot != free));
            _forward.Adapt(adapter.Modules.Max(module => module.Rank));
            _adapters = [.. _adapters, LoweredAdapter.Add(name, slot, adapter, _lowered, Checkpoint.IsGguf, Kernels, _pool)];
        }
    }

    /// <summary>Takes an adapter away. Its sessions cannot run any more; sequences of a batch that use it end with an error.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ConfigException">There is no adapter of that name.</exception>
    public void RemoveAdapter(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_pool)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            CheckNotRunning();
            var adapter = Find(name)!;
            adapter.RemoveFrom(_lowered);
            _adapters = [.. _adapters.Where(known => known != adapter)];
        }
    }

    /// <summary>What stands for no adapter where a name is asked for.</summary>
    internal const string NoAdapter = "none";

    /// <summary>What keys and values of an adapter's sequences are kept apart by; 0 for the model alone.</summary>
    /// <exception cref="ConfigException">There is no adapter of that name.</exception>
    internal ulong IdentityOf(string? adapter) => Find(adapter)?.Identity ?? 0;

    private LoweredAdapter? Find(string? name) => name is null ? null
        : Array.Find(_adapters, known => known.Name == name)
            ?? throw new ConfigException(_adapters.Length == 0
                ? $"There is no adapter '{name}': none was added to {Checkpoint.Path}."
                : $"There is no adapter '{name}'; there are {string.Join(", ", Adapters)}.");

    private void CheckAdaptable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsEncoder)
            throw new UnsupportedException($"{Checkpoint.Path} is an encoder ({Checkpoint.Model.Architecture}); adapters are applied to decoders only.");
    }

    private void CheckShapes(Adapter adapter)
    {
        var matrices = AdaptedLinear.ByModule(Checkpoint.Model);
        foreach (var module in adapter.Modules)
        {
            if (!matrices.TryGetValue(module.Name, out var matrix))
                throw new ShapeException($"{module.Name} is no matrix of {Checkpoint.Path}; the adapter was made for another model.");
            if ((module.Outputs, module.Inputs) != (matrix.Outputs, matrix.Inputs))
                throw new ShapeException($"{module.Name} is [{matrix.Outputs}, {matrix.Inputs}] in {Checkpoint.Path}; the adapter's is [{module.Outputs}, {module.Inputs}].");
        }
    }
}
