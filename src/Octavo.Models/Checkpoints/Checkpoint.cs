using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Store;
using Octavo.Core.Templates;
using Octavo.Core.Tensors;
using Octavo.Core.Tokenizers;
using Octavo.Core.TorchPickle;
using Octavo.Models.Checkpoints;
using Octavo.Models.Configs;

namespace Octavo.Models;

/// <summary>
/// A checkpoint opened for use: the description of its architecture, its weights where they lie, and where its tokenizer and
/// chat template are. Opening maps files and checks every key and shape; it reads no weights, but for comparing a tied head that is
/// stored again with the embeddings. Safe to read from any thread; disposing it closes the files.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private const string ModelFiles = ".gguf, .safetensors, .bin, .pt or .pth";

    private readonly GgufMetadata? _metadata;
    private readonly string _folder;
    private readonly bool _areNamesGguf;

    private Checkpoint(string path, string folder, TextModel model, TensorSource weights, GgufMetadata? metadata)
    {
        (Path, _folder, Model, Weights, _metadata, _areNamesGguf) = (path, folder, model, weights, metadata, metadata is not null);
        StopIds = metadata is null ? StopTokens.FromHub(folder, model) : StopTokens.FromGguf(metadata, model);
    }

    private Checkpoint(Checkpoint other, TensorSource weights)
    {
        (Path, _folder, Model, Weights, _metadata, StopIds, _areNamesGguf) = (other.Path, other._folder, other.Model, weights, other._metadata, other.StopIds, false);
    }

    /// <summary>
    /// Opens a folder in the hub's layout (with safetensors, else <c>pytorch_model.bin</c> or its shards), a <c>.gguf</c> file (the first part
    /// of a split), or a <c>.safetensors</c>, <c>.bin</c>, <c>.pt</c> or <c>.pth</c> file with a config beside it.
    /// </summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="memoryMap">False reads the weights into memory instead of mapping them.</param>
    /// <exception cref="CheckpointException">The files are bad, or their keys do not fit the description (the message holds the table).</exception>
    /// <exception cref="UnsupportedException">The architecture is not supported; the message lists those that are.</exception>
    /// <exception cref="ConfigException">A folder holds several GGUF models; the message names them.</exception>
    public static Checkpoint Open(string path, bool memoryMap = true)
    {
        if (Directory.Exists(path))
        {
            var picked = ModelFolder.Pick(path);
            return picked == path ? OpenHub(path, path, memoryMap) : OpenGguf(picked, memoryMap);
        }
        if (!File.Exists(path))
            throw new InputFileException($"{path}: no such file or folder. Give a model's folder or a {ModelFiles} file.");
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return System.IO.Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".GGUF" => OpenGguf(path, memoryMap),
            ".SAFETENSORS" => OpenHub(path, folder, memoryMap),
            _ when HubWeights.IsTorchFile(path) => OpenHub(path, folder, memoryMap),
            _ => throw new InputFileException($"{path}: no model file that can be read. Give a model's folder or a {ModelFiles} file."),
        };
    }

    /// <summary>
    /// The same model with other weights under the hub's names: those of a training that lends them. Tokenizer, template and stop ids are
    /// this checkpoint's, which may be closed meanwhile.
    /// </summary>
    /// <param name="weights">Every tensor of <see cref="Model"/> by its name; belongs to the new checkpoint, also where this fails.</param>
    /// <exception cref="CheckpointException">Tensors are missing or have another shape.</exception>
    public Checkpoint With(TensorSource weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Checked(weights, () =>
        {
            KeyCheck.Run(Model, weights, gguf: false, []);
            return new Checkpoint(this, weights);
        });
    }

    /// <summary>The folder or file that was opened.</summary>
    public string Path { get; }

    /// <summary>The architecture.</summary>
    public TextModel Model { get; }

    /// <summary>The weights.</summary>
    public TensorSource Weights { get; }

    /// <summary>Whether names and row orders are GGUF's.</summary>
    public bool IsGguf => _areNamesGguf;

    /// <summary>The metadata of a GGUF file; null for other checkpoints.</summary>
    public GgufMetadata? Metadata => _metadata;

    /// <summary>The configuration beside the weights; null for a GGUF file.</summary>
    internal string? ConfigPath => _metadata is not null ? null : System.IO.Path.Combine(_folder, "config.json");

    /// <summary>Whether the weights are mapped from their files; otherwise they were read into memory.</summary>
    public bool IsMemoryMapped { get; private init; }

    /// <summary>Keys of the configuration that are not known here and were not used.</summary>
    public IReadOnlyList<string> UnknownKeys { get; private init; } = [];

    /// <summary>
    /// What was found and passed over, one sentence each: buffers of older checkpoints, a second copy of a tied head, what a file of
    /// torch.save holds beside the weights.
    /// </summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>The tensor behind a view; its shape has been checked.</summary>
    /// <param name="view">A view of <see cref="Model"/>.</param>
    /// <exception cref="CheckpointException">The view is not one of this model's.</exception>
    public StoredTensor Resolve(View view) => Weights.TryGet(IsGguf ? view.Gguf : view.Name, out var tensor)
        ? tensor
        : throw new CheckpointException($"{Path}: no tensor '{view.Name}'. Only views of this checkpoint's own model can be resolved.");

    /// <summary>Whether the tensor behind a view is there; only those of optional heads may be missing.</summary>
    public bool Has(View view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return Weights.TryGet(IsGguf ? view.Gguf : view.Name, out _);
    }

    /// <summary>Reads the tokenizer that belongs to the checkpoint.</summary>
    /// <exception cref="InputFileException">There is none, or it is bad.</exception>
    public Tokenizer LoadTokenizer() => _metadata is not null ? TokenizerReader.FromGguf(_metadata) : TokenizerReader.FromFolder(_folder);

    /// <summary>The Jinja text of the checkpoint's chat template, or null where it has none.</summary>
    /// <exception cref="InputFileException">A file that should hold it is bad.</exception>
    public string? ReadChatTemplate() => _metadata is not null
        ? _metadata.TryGet<string>("tokenizer.chat_template", out var text) ? text : null
        : ChatTemplateSource.Find(_folder)?.GetText();

    /// <summary>
    /// Ids named by the configuration as ends of a generation (<c>eos_token_id</c> of config.json and generation_config.json, number or list;
    /// GGUF's eos, eot and eom), beyond the tokenizer's own.
    /// </summary>
    public IReadOnlyList<int> StopIds { get; }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    private static Checkpoint OpenHub(string path, string folder, bool memoryMap)
    {
        var config = System.IO.Path.Combine(folder, "config.json");
        if (!File.Exists(config))
        {
            throw new CheckpointException(
                $"{path}: no config.json in {folder}. A folder needs config.json and weights beside it; a GGUF file needs neither.");
        }
        var json = HubConfig.Load(config);
        var family = Architectures.Select(json, out var architecture);
        var model = family.FromHub(architecture, json);
        var weights = HubWeights.Open(path, memoryMap);
        return Checked(weights, () => new Checkpoint(path, folder, model, weights, null)
        {
            IsMemoryMapped = memoryMap,
            UnknownKeys = json.UnknownKeys,
            Notes = [.. (weights as TorchPickleSource)?.Notes ?? [], .. KeyCheck.Run(model, weights, gguf: false, family.IgnoredSuffixes)],
        });
    }

    private static Checkpoint OpenGguf(string path, bool memoryMap)
    {
        var file = GgufFile.Open(path, memoryMap);
        return Checked(file, () => FromGguf(path, file.Metadata, file, memoryMap));
    }

    internal static Checkpoint FromGguf(string path, GgufMetadata metadata, TensorSource tensors, bool memoryMap = false)
    {
        var family = Architectures.Select(metadata, tensors, out var config);
        var model = family.FromGguf!(config);
        return new Checkpoint(path, path, model, tensors, metadata)
        {
            IsMemoryMapped = memoryMap,
            UnknownKeys = config.UnknownKeys,
            Notes = KeyCheck.Run(model, tensors, gguf: true, []),
        };
    }

    private static Checkpoint Checked(TensorSource source, Func<Checkpoint> make)
    {
        Checkpoint? made = null;
        try
        {
            return made = make();
        }
        finally
        {
            if (made is null)
                source.Dispose();
        }
    }
}
