using System.Text;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Models;
using Octavo.Nn;
using Octavo.Nn.Decoder;
using Octavo.Training.Checkpoints;
using Octavo.Training.Configuration;
using Octavo.Training.Data.Chats;

namespace Octavo.Training.Recipes;

/// <summary>The model of a run: where it came from, what is trained of it, and how it is written.</summary>
internal sealed class TrainingModel : IDisposable
{
    private const string Weights = "model.safetensors";
    private const string AdapterWeights = "adapter_model.safetensors";
    private const string TemplateFile = "chat_template.jinja";

    private readonly Checkpoint _base;
    private readonly Configuration.AdapterConfig? _adapter;
    private IReadOnlyList<(string Name, byte[] Content)>? _smallFiles;

    private readonly TrainConfig _train;
    private readonly DecoderOptions _options;
    private readonly string? _ownTemplate;
    private TrainableDecoder? _decoder;

    private TrainingModel(Checkpoint source, Configuration.AdapterConfig? adapter, TrainConfig train, string? template)
    {
        (_base, _adapter, _train, _ownTemplate) = (source, adapter, train, template);
        _options = Options(adapter, train);
        Tokenizer = source.LoadTokenizer();
        if (Tokenizer.VocabularySize > source.Model.VocabularySize)
            throw new ConfigException($"the tokenizer has {Tokenizer.VocabularySize} tokens and {source.Path} embeddings for {source.Model.VocabularySize}; they belong to different models.");
        var text = template ?? source.ReadChatTemplate();
        Template = text is null ? null : ChatTemplate.Parse(text);
        Chat = Template is null ? null : new ChatEncoder(Template, Tokenizer);
    }

    /// <summary>What is trained; there after <see cref="LoadWeights"/>.</summary>
    public TrainableDecoder Decoder => _decoder ?? throw new InvalidOperationException("the weights are not loaded yet.");

    public Tokenizer Tokenizer { get; }

    /// <summary>Encodes conversations; null where there is no chat template.</summary>
    public ChatEncoder? Chat { get; }

    /// <summary>The chat template, own or the model's; null where there is none.</summary>
    public ChatTemplate? Template { get; }

    public TextModel Description => _base.Model;

    /// <summary>The folder or file of the model that the run begins with.</summary>
    public string Path => _base.Path;

    /// <summary>Opens the model that a run begins with; reads no weights.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="template">The text of a chat template in place of the model's own; null for that.</param>
    /// <param name="adapter">The adapter to train; null trains all weights.</param>
    /// <param name="train">Numbers and seed.</param>
    public static TrainingModel Open(string path, string? template, Configuration.AdapterConfig? adapter, TrainConfig train)
    {
        var checkpoint = Checkpoint.Open(path);
        try
        {
            return new TrainingModel(checkpoint, adapter, train, template);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>What a run takes in memory, before the weights are read.</summary>
    /// <param name="tokens">The most tokens of a micro-batch.</param>
    public TrainingMemory MemoryFor(long tokens) => TrainingMemory.Estimate(
        Description, _options, _adapter is null ? ModelListing.ParameterCount(Description) : PeftConfig().ParameterCount(Description), tokens);

    /// <summary>Refuses a run that does not fit, then reads the weights.</summary>
    /// <param name="tokens">The most tokens of a micro-batch.</param>
    /// <param name="free">Bytes that the process may take.</param>
    /// <exception cref="ResourceException">It does not fit; the message has the parts and what would.</exception>
    public void LoadWeights(long tokens, long free)
    {
        MemoryFor(tokens).Check(free, _train.MemoryLimitGb, _options);
        _decoder = new TrainableDecoder(_base, _options);
        if (_adapter is not null)
            _decoder.AddAdapters(Lora(_adapter), (ulong)_train.Seed);
    }

    /// <summary>What a user should know of these numbers at this learning rate before the run begins; null for nothing.</summary>
    public string? Doubt() => _options.Trained == NumberType.Bf16 ? LostSteps.Warning(Decoder.Trained.Select(part => part.Value), _train.Optimizer.LearningRate) : null;

    /// <summary>The files of a checkpoint that hold the model: a folder that opens as such, or an adapter's.</summary>
    public IReadOnlyList<CheckpointPart> Parts()
    {
        var trained = Decoder.Trained;
        var (name, files) = _adapter is null ? (Weights, SmallFiles()) : (AdapterWeights, [("adapter_config.json", PeftConfig().ToJson())]);
        return
        [
            new CheckpointPart(name, TensorFiles.BytesOf(trained), stream => TensorFiles.Write(stream, name, trained)),
            .. files.Select(file => CheckpointPart.Of(file.Name, file.Content)),
        ];
    }

    /// <summary>Reads what a checkpoint holds.</summary>
    public void Restore(StoredCheckpoint checkpoint) =>
        TensorFiles.ReadInto(checkpoint.PathOf(_adapter is null ? Weights : AdapterWeights), Decoder.Trained);

    /// <summary>Writes the trained model, or the adapter, as others read it.</summary>
    /// <param name="folder">Replaced where it is there.</param>
    public void Export(string folder)
    {
        if (_adapter is not null)
        {
            CurrentAdapter()!.Write(folder, overwrite: true);
            return;
        }
        using (var lent = Lend())
            ModelConversion.Plan(lent, ModelFormat.Hub, null).Write(folder, new WriteOptions { Overwrite = true });
        if (_ownTemplate is not null)
            File.WriteAllText(System.IO.Path.Combine(folder, TemplateFile), _ownTemplate);
    }

    /// <summary>The model as it is now, without a copy of its weights; no step may be taken until it is closed.</summary>
    public Checkpoint Lend() => _base.With(Decoder.Lend());

    public void Dispose()
    {
        _decoder?.Dispose();
        _base.Dispose();
    }

    private static DecoderOptions Options(Configuration.AdapterConfig? adapter, TrainConfig train) => new()
    {
        Compute = train.Dtype == TrainType.Bfloat16 ? NumberType.Bf16 : NumberType.Fp32,
        TrainWeights = adapter is null,
        Trained = train.MasterWeights ? NumberType.Fp32 : NumberType.Bf16,
        Frozen = adapter is { UseQlora: true } ? NumberType.Nf4 : adapter is not null && train.Dtype == TrainType.Bfloat16 ? NumberType.Bf16 : NumberType.Fp32,
        Recompute = train.GradientCheckpointing,
    };

    private static LoraOptions Lora(Configuration.AdapterConfig adapter) => new()
    {
        Rank = adapter.LoraRank, Alpha = adapter.LoraAlpha, Dropout = adapter.LoraDropout, Targets = adapter.LoraTargetModules,
        IsRankStabilized = adapter.UseRslora, HasMagnitudes = adapter.UseDora,
    };

    private Octavo.Models.Adapters.AdapterConfig PeftConfig() => new()
    {
        Rank = _adapter!.LoraRank, Alpha = _adapter.LoraAlpha, Dropout = _adapter.LoraDropout, RankStabilized = _adapter.UseRslora, Dora = _adapter.UseDora,
        TargetModules = _adapter.LoraTargetModules, BaseModel = _base.Path,
    };

    /// <summary>The adapter as it is now; null where all weights are trained.</summary>
    public Octavo.Models.Adapters.Adapter? CurrentAdapter() => _adapter is null ? null : new(PeftConfig(), [.. Decoder.Adapters.Select(adapter => new Octavo.Models.Adapters.AdapterModule(
        adapter.Module, _adapter!.LoraRank, adapter.A.data<float>().ToArray(), adapter.B.data<float>().ToArray(), adapter.Magnitude is { } lengths ? lengths.data<float>().ToArray() : default(ReadOnlyMemory<float>)))]);

    private IReadOnlyList<(string Name, byte[] Content)> SmallFiles()
    {
        if (_smallFiles is null)
        {
            using var lent = Lend();
            var files = ModelConversion.Plan(lent, ModelFormat.Hub, null).SmallFiles();
            // what the model was trained with is what it is asked with
            _smallFiles = _ownTemplate is null
                ? files
                : [.. files.Where(file => file.Name != TemplateFile), (TemplateFile, Encoding.UTF8.GetBytes(_ownTemplate))];
        }
        return _smallFiles;
    }
}
