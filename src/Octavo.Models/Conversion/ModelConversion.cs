using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models.Adapters;
using Octavo.Models.Conversion;

namespace Octavo.Models;

/// <summary>
/// A checkpoint in another format or with other types, planned before anything is written: from the hub's layout to GGUF, back, or within one of
/// them. What the model computes is what the two descriptions say, read back from what will be written; where the other format cannot say
/// something, the plan is refused with its name. The checkpoint stays open while the plan is used.
/// </summary>
public sealed class ModelConversion
{
    private const int Shown = 6;

    private readonly Checkpoint _source;
    private readonly ModelFormat _format;
    private readonly List<(TensorAssembly Tensor, TypeChoice Choice)> _tensors = [];
    private readonly List<ComputedTensor> _computed;
    private readonly List<string> _notes = [];

    private ModelConversion(Checkpoint source, ModelFormat format, TensorType? type, TensorType? embeddings, Target target, AdapterMerge? merge)
    {
        (_source, _format, Model) = (source, format, target.Model);
        (AllKeys, AllConfig) = (target.Metadata ?? new Dictionary<string, object>(), target.Config ?? []);
        var match = ModelMatch.Of(source.Model, source.IsGguf, target.Model, format == ModelFormat.Gguf, Read, source.Has);
        Refuse(match.Differences, target.Name);
        _computed = [.. match.Computed];
        _notes.AddRange(match.Notes);
        foreach (var assembly in Assemble(match.Parts, merge))
        {
            TensorType[] stored = [.. assembly.Sources.Select(part => part.Type).Distinct()];
            _tensors.Add((assembly, format == ModelFormat.Gguf
                ? TypeChoice.ForGguf(assembly.Role, assembly.View.Shape, stored, assembly.Role == TensorRole.Table ? embeddings ?? type : type)
                : TypeChoice.ForHub(stored, type)));
        }
        Tensors = [.. _tensors.Select(item => new ConvertedTensor(
            item.Tensor.Name, item.Tensor.View.Shape, [.. item.Tensor.Sources.Select(source => source.Type).Distinct()], item.Choice.Type, item.Choice.Reason))];
        if (Tensors.Any(tensor => tensor.From.Any(from => from.BlockLength() > 1 && from != tensor.To) && tensor.To.BlockLength() > 1))
            _notes.Add("Weights that are quantized already are quantized again; the errors of both add up. A checkpoint in floats gives better ones.");
    }

    /// <summary>The description as it reads in the other format.</summary>
    public TextModel Model { get; }

    /// <summary>The tensors that will be written, in the file's order; rotary divisors that are computed for the file come after them.</summary>
    public IReadOnlyList<ConvertedTensor> Tensors { get; }

    /// <summary>What is not carried over and what is to be known, one sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>How many numbers will be written; <see cref="OutgoingTensors"/> reports against it.</summary>
    public long Elements => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>The keys of a GGUF file, without the tokenizer's.</summary>
    internal IReadOnlyDictionary<string, object> AllKeys { get; }

    /// <summary>config.json.</summary>
    internal JsonObject AllConfig { get; }

    /// <summary>What matrices can be stored as.</summary>
    /// <param name="format">The format.</param>
    public static IReadOnlyList<TensorType> Types(ModelFormat format) => format == ModelFormat.Gguf ? TypeChoice.Gguf : TypeChoice.Hub;

    /// <summary>How a GGUF file that is asked for a type stores a tensor: with it, with its substitute, or a vector in F32.</summary>
    /// <param name="view">A view of a description.</param>
    /// <param name="type">The type that is asked for.</param>
    public static TensorType StoredAs(View view, TensorType type)
    {
        ArgumentNullException.ThrowIfNull(view);
        return TypeChoice.ForGguf(view.Shape.Count < 2 ? TensorRole.Delicate : TensorRole.Matrix, view.Shape, [type], type).Type;
    }

    /// <summary>Plans a conversion.</summary>
    /// <param name="source">An opened checkpoint.</param>
    /// <param name="format">What to make of it.</param>
    /// <param name="type">How matrices are stored (in the hub's layout all tensors); null keeps their types where the format has them.</param>
    /// <param name="embeddings">How the embedding table and the head of a GGUF file are stored; null means as the other matrices.</param>
    /// <exception cref="ConfigException">A type for the embeddings is given for a folder.</exception>
    /// <exception cref="UnsupportedException">
    /// The format has no such type, no architecture like this one, or cannot say something that the model needs: the message names it.
    /// </exception>
    public static ModelConversion Plan(Checkpoint source, ModelFormat format, TensorType? type, TensorType? embeddings = null) =>
        Plan(source, format, type, embeddings, null);

    /// <summary>Plans a conversion in which a low-rank adapter is added to the matrices: what is written computes what both computed together.</summary>
    /// <param name="source">An opened checkpoint.</param>
    /// <param name="adapter">An adapter that was read for it.</param>
    /// <param name="format">What to make of it.</param>
    /// <param name="type">How matrices are stored; null keeps their types, and is refused where one that changes is quantized.</param>
    /// <param name="embeddings">As for <see cref="Plan(Checkpoint, ModelFormat, TensorType?, TensorType?)"/>.</param>
    /// <exception cref="ConfigException">No type is given for quantized weights, or one for the embeddings of a folder.</exception>
    /// <exception cref="UnsupportedException">As for a plan without an adapter.</exception>
    public static ModelConversion PlanMerge(
        Checkpoint source, Adapter adapter, ModelFormat format, TensorType? type, TensorType? embeddings = null)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(source);
        var merge = new AdapterMerge(adapter, source);
        TensorType[] quantized = [.. source.Weights.Tensors.Where(tensor => merge.Changes(tensor) && tensor.Type.BlockLength() > 1).Select(tensor => tensor.Type).Distinct()];
        var names = string.Join(", ", quantized);
        if (type is null && quantized.Length > 0)
        {
            throw new ConfigException(
                $"{source.Path}: the matrices that the adapter changes are quantized ({names}), and what it adds is often smaller than their steps, so "
                + "that quantizing the sum again would lose a part of it. Say what to write: bf16, f16 or f32 keep the sum but for rounding and are larger; "
                + "a quantized type loses some of it. What quantizing the base cost stays lost in each. Or leave the adapter apart (--adapter).");
        }
        var plan = Plan(source, format, type, embeddings, merge);
        var merged = plan._tensors.Where(item => item.Tensor.IsMerged).ToList();
        plan._notes.Add($"The adapter is added to {merged.Count} matrices.");
        if (quantized.Length > 0)
            plan._notes.Add($"The base's matrices were quantized ({names}); the merged ones are those numbers with the adapter's, not the original's.");
        if (merged.FirstOrDefault(item => item.Choice.Type.BlockLength() > 1) is { Tensor: not null } rounded)
            plan._notes.Add($"Merged matrices are quantized to {rounded.Choice.Type}: a part of what the adapter adds is rounded away.");
        return plan;
    }

    private static ModelConversion Plan(Checkpoint source, ModelFormat format, TensorType? type, TensorType? embeddings, AdapterMerge? merge)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (embeddings is not null && format == ModelFormat.Hub)
            throw new ConfigException("A folder in the hub's layout has one type for all tensors; leave out a type for the embeddings.");
        TypeChoice.Check(embeddings, format == ModelFormat.Gguf);
        TypeChoice.Check(type, format == ModelFormat.Gguf);
        return new ModelConversion(source, format, type, embeddings, format == ModelFormat.Gguf ? Target.Gguf(source, type) : Target.Hub(source, type), merge);
    }

    /// <summary>The tensors, made while they are written.</summary>
    /// <param name="progress">Told how many numbers were written since the last time.</param>
    /// <param name="maxThreads">Threads that turn numbers; null takes all processors.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    public IReadOnlyList<OutgoingTensor> OutgoingTensors(
        IProgress<long>? progress = null, int? maxThreads = null, CancellationToken cancellationToken = default) =>
    [
        .. _tensors.Select(item => item.Tensor.To(
            item.Choice.Type, count => progress?.Report(count), maxThreads ?? Environment.ProcessorCount, cancellationToken)),
        .. _computed.Select(item => new OutgoingTensor(
            NameOf(item), TensorType.F32, [item.Numbers.Length],
            stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(item.Numbers.AsSpan())))),
    ];

    /// <summary>
    /// Writes the checkpoint with its tokenizer, template and settings. It is made aside, beside the destination, and takes its name only when
    /// it is whole and <see cref="WriteOptions.Check"/> has passed.
    /// </summary>
    /// <param name="destination">The <c>.gguf</c> file or the folder to make.</param>
    /// <param name="how">Whether to overwrite, whom to tell, what to check; null means the defaults.</param>
    /// <returns>What was not carried over, one sentence each.</returns>
    /// <exception cref="ConfigException">There is something already, it is the source, or the place cannot be written to.</exception>
    /// <exception cref="UnsupportedException">The tokenizer or the pooling cannot be said in the other format.</exception>
    /// <exception cref="InputFileException">A number does not fit the type; the message names the tensor.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<string> Write(string destination, WriteOptions? how = null) => _format == ModelFormat.Gguf
        ? ModelWriter.Gguf(_source, this, destination, how ?? new WriteOptions())
        : ModelWriter.Hub(_source, this, destination, how ?? new WriteOptions());

    /// <summary>Everything of a folder in the hub's layout but the weights: configuration, tokenizer, template, settings. Small enough for memory.</summary>
    /// <exception cref="UnsupportedException">The plan is for GGUF, or the tokenizer cannot be said in a folder.</exception>
    public IReadOnlyList<(string Name, byte[] Content)> SmallFiles()
    {
        if (_format != ModelFormat.Hub)
            throw new UnsupportedException("a GGUF file has no files beside its weights; plan a folder.");
        var folder = Directory.CreateTempSubdirectory("octavo-").FullName;
        try
        {
            HubFiles.Write(_source, AllConfig, folder);
            return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Compares what was written with what it was made of.</summary>
    /// <param name="written">The converted checkpoint, opened.</param>
    /// <param name="progress">Told how many numbers were compared since the last time.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    /// <returns>The error of each type, in the order of the types' names.</returns>
    /// <exception cref="EvaluationException">A tensor is not there, or one that should have kept its numbers has others.</exception>
    public IReadOnlyList<TypeError> Compare(Checkpoint written, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        TensorComparison.Run(
            [.. _tensors.Select(item => item.Tensor)], [.. _computed.Select(item => (NameOf(item), item.Numbers))], written,
            count => progress?.Report(count), cancellationToken);

    private string NameOf(ComputedTensor computed) => _format == ModelFormat.Gguf ? computed.To.Gguf : computed.To.Name;

    private float[] Read(View view) => TensorComparison.ReadFloats(_source.Resolve(view));

    private void Refuse(IReadOnlyList<string> differences, string format)
    {
        if (differences.Count == 0)
            return;
        var kinds = differences.GroupBy(line => line[(line.IndexOf(':') + 1)..]).ToList();
        var lines = kinds.Take(Shown).Select(kind => kind.Count() == 1 ? kind.First() : $"{kind.First()} (and {kind.Count() - 1} more like it)");
        throw new UnsupportedException(
            $"{_source.Path}: {format} cannot hold this model as it is:\n  {string.Join("\n  ", lines)}\nNothing was written.");
    }

    private List<TensorAssembly> Assemble(IReadOnlyList<TensorPart> parts, AdapterMerge? merge)
    {
        var assemblies = new Dictionary<string, TensorAssembly>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            var name = _format == ModelFormat.Gguf ? part.To.Gguf : part.To.Name;
            if (!assemblies.TryGetValue(name, out var assembly))
                assemblies[name] = assembly = new TensorAssembly(part.To, _format == ModelFormat.Gguf, part, merge);
            assembly.Add(part, _source.Resolve(part.From));
        }
        if (assemblies.Values.FirstOrDefault(assembly => !assembly.IsWhole) is { } partial)
            throw new UnsupportedException($"{_source.Path}: not all rows of {partial.Name} are known. Nothing was written.");
        return [.. assemblies.Values];
    }
}
