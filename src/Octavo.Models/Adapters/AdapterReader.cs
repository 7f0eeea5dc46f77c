using System.Diagnostics.CodeAnalysis;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.Models.Checkpoints;
using Octavo.Models.Configs;

namespace Octavo.Models.Adapters;

/// <summary>Reads the tensors of an adapter's folder and checks each name, shape and number before anything is used.</summary>
internal sealed class AdapterReader
{
    private readonly string _folder;
    private readonly AdapterConfig _config;
    private readonly Dictionary<string, AdaptedLinear> _matrices;
    private readonly SafetensorsSource _source;
    private readonly List<ProblemRow> _missing = [];
    private readonly List<ProblemRow> _unexpected = [];
    private readonly List<ProblemRow> _misShaped = [];

    private AdapterReader(string folder, AdapterConfig config, TextModel model, SafetensorsSource source)
    {
        (_folder, _config, _source) = (folder, config, source);
        _matrices = AdaptedLinear.ByModule(model);
    }

    public static Adapter Read(string path, TextModel model)
    {
        var folder = AdapterNames.FolderOf(path);
        var config = AdapterConfig.Load(Path.Combine(folder, AdapterNames.Config));
        var file = Path.Combine(folder, AdapterNames.Weights);
        if (!Directory.Exists(path) && Path.GetFileName(path) != AdapterNames.Weights)
            throw new CheckpointException($"{path}: an adapter is a folder with {AdapterNames.Config} and {AdapterNames.Weights}; give the folder.");
        using var source = SafetensorsSource.Open(file);
        return new AdapterReader(folder, config, model, source).Run(model);
    }

    private Adapter Run(TextModel model)
    {
        var targets = _matrices.Values.Where(matrix => _config.Targets(matrix.Module, matrix.IsHead)).Select(matrix => matrix.Module)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var tensor in _source.Tensors)
        {
            if (AdapterNames.Read(tensor.Name) is not { } known)
                Unexpected(tensor, "no name of an adapter's tensor");
            else if (!targets.Contains(known.Module))
                Unexpected(tensor, _matrices.ContainsKey(known.Module) ? "not among target_modules" : "no matrix of the model");
        }
        List<AdapterModule> read = [];
        foreach (var module in _matrices.Keys.Where(targets.Contains))
        {
            if (Module(module) is { } whole)
                read.Add(whole);
        }
        if (_missing.Count + _unexpected.Count + _misShaped.Count > 0)
            throw new CheckpointException(Table(model));
        if (read.Count == 0)
            throw new CheckpointException($"{_folder}: target_modules names no matrix of {model.Architecture}; the adapter was made for another model.");
        return new Adapter(_config, read);
    }

    private AdapterModule? Module(string module)
    {
        var (matrix, rank) = (_matrices[module], _config.RankOf(module));
        var a = Numbers(module, AdapterNames.A, [rank, matrix.Inputs]);
        var b = Numbers(module, AdapterNames.B, [matrix.Outputs, rank]);
        var magnitude = _config.Dora ? Numbers(module, AdapterNames.Magnitude, [matrix.Outputs]) : null;
        if (!_config.Dora && TryGet(module, AdapterNames.Magnitude, out var extra))
            Unexpected(extra, "use_dora is false");
        if (a is null || b is null || (_config.Dora && magnitude is null))
            return null;
        return new AdapterModule(module, rank, a, b, magnitude);
    }

    private float[]? Numbers(string module, string part, int[] shape)
    {
        var expected = $"[{string.Join(", ", shape)}]";
        if (!TryGet(module, part, out var tensor))
        {
            _missing.Add(new ProblemRow("missing", Printable(AdapterNames.Tensor(module, part)), expected, "-"));
            return null;
        }
        string? found = null;
        if (tensor.Type is not (TensorType.F32 or TensorType.F16 or TensorType.BF16))
            found = $"{tensor.Type}, not F32, F16 or BF16";
        else if (!tensor.Shape.SequenceEqual(shape.Select(size => (long)size)))
            found = $"[{string.Join(", ", tensor.Shape)}] {tensor.Type}";
        var numbers = found is null ? Conversion.TensorComparison.ReadFloats(tensor) : [];
        var bad = Array.FindIndex(numbers, number => !float.IsFinite(number));
        if (bad >= 0)
            found = $"number {bad} is {numbers[bad]}";
        if (found is null)
            return numbers;
        _misShaped.Add(new ProblemRow(bad >= 0 ? "not finite" : "mis-shaped", Printable(tensor.Name), expected, found));
        return null;
    }

    private bool TryGet(string module, string part, [NotNullWhen(true)] out StoredTensor? tensor) =>
        _source.TryGet(AdapterNames.Tensor(module, part), out tensor);

    private void Unexpected(StoredTensor tensor, string why) =>
        _unexpected.Add(new ProblemRow("unexpected", Printable(tensor.Name), "-", $"[{string.Join(", ", tensor.Shape)}] {tensor.Type}: {why}"));

    private string Table(TextModel model)
    {
        var made = _config.BaseModel is { } name ? $" It says that it was made for '{Printable(name)}'." : "";
        return ProblemTable.Write(
            $"{_folder}: the adapter does not fit {model.Architecture}", [_missing, _unexpected, _misShaped],
            $"The adapter was made for another model or is incomplete.{made} A GGUF file may store some matrices otherwise than the checkpoint; "
            + "give the checkpoint's folder then.");
    }

    private static string Printable(string name) => ConfigReader.Printable(name, 100);
}
