using System.Text.Json;
using Octavo.Core;

namespace Octavo.Cli.Parity;

/// <summary>How far an output may be off: |a − b| ≤ atol + rtol·|b|.</summary>
internal readonly record struct Tolerance(double Absolute, double Relative)
{
    public double At(double expected) => Absolute + (Relative * Math.Abs(expected));
}

/// <summary>A golden: a folder with inputs, weights and what a reference library computed from them.</summary>
internal sealed class Golden
{
    private Golden(string folder, JsonElement root)
    {
        Folder = folder;
        Root = root;
        Kind = Text("kind") ?? throw new InputFileException($"{folder}/golden.json names no kind.");
        Architecture = Text("architecture") ?? "";
        Options = root.TryGetProperty("options", out var options) ? options : default;
        Outputs = ReadOutputs();
    }

    public string Folder { get; }

    public string Kind { get; }

    /// <summary>The checkpoint's class, a tensor type, or a file of the models: what the kind wants.</summary>
    public string Architecture { get; }

    public IReadOnlyDictionary<string, Tolerance> Outputs { get; }

    /// <summary>Call arguments other than tensors.</summary>
    public JsonElement Options { get; }

    /// <summary>golden.json as it is.</summary>
    public JsonElement Root { get; }

    /// <param name="folder">A folder with golden.json in it.</param>
    /// <exception cref="InputFileException">The file is bad.</exception>
    public static Golden Read(string folder) => new(folder, ReadJson(Path.Combine(folder, "golden.json")));

    /// <summary>The folder itself where it is a golden, else every golden below it, in order.</summary>
    /// <exception cref="InputFileException">There is none.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputFileException($"{folder}: no such folder; give one with a golden.json in it or below it.");
        if (File.Exists(Path.Combine(folder, "golden.json")))
            return [folder];
        var found = Directory.EnumerateFiles(folder, "golden.json", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new InputFileException($"{folder}: no golden.json in it or below it.");
    }

    /// <summary>Reads a JSON file of the golden.</summary>
    public JsonElement Json(string name) => ReadJson(Path.Combine(Folder, name));

    /// <summary>The entries of <c>cases.json</c>: a list, or an object that holds it as <c>cases</c>.</summary>
    /// <param name="context">Its cancellation is looked at before each entry.</param>
    public IEnumerable<JsonElement> Cases(ParityContext context)
    {
        var root = Json("cases.json");
        foreach (var entry in (root.ValueKind == JsonValueKind.Object ? root.GetProperty("cases") : root).EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>An option that must be there.</summary>
    public JsonElement Option(string name) => Options.ValueKind == JsonValueKind.Object && Options.TryGetProperty(name, out var value)
        ? value
        : throw new InputFileException($"{Folder}/golden.json has no option '{name}', which its kind {Kind} needs.");

    /// <summary>An option that may be missing or null.</summary>
    public JsonElement? OptionOrNull(string name) =>
        Options.ValueKind == JsonValueKind.Object && Options.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement ReadJson(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadText(path));
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InputFileException($"{path}: not valid JSON: {error.Message}", error);
        }
    }

    private string? Text(string name) => Root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private Dictionary<string, Tolerance> ReadOutputs()
    {
        Dictionary<string, Tolerance> outputs = [];
        if (!Root.TryGetProperty("outputs", out var listed))
            return outputs;
        foreach (var output in listed.EnumerateObject())
            outputs[output.Name] = new Tolerance(output.Value.GetProperty("atol").GetDouble(), output.Value.GetProperty("rtol").GetDouble());
        return outputs;
    }
}
