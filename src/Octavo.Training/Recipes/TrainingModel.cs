using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Engine;
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

    private readonly Checkpoint _base;
    private readonly Configuration.AdapterConfig? _adapter;
    private IReadOnlyList<(string Name, byte[] Content)>? _smallFiles;

    private TrainingModel(Checkpoint source, TrainableDecoder decoder, Configuration.AdapterConfig? adapter, Tokenizer tokenizer, ChatTemplate? template) =>
        (_base, Decoder, _adapter, Tokenizer, Template) = (source, decoder, adapter, tokenizer, template);

    public TrainableDecoder Decoder { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>The chat template; null where there is none.</summary>
    public ChatTemplate? Template { get; }

    public TextModel Description => _base.Model;

    /// <summary>Opens the model that a run begins with.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="tokenizer">Another tokenizer's folder; null for the model's own.</param>
    /// <param name="template">A name, a file, or null for the model's own.</param>
    /// <param name="adapter">The adapter to train; null trains all weights.</param>
    /// <param name="train">Numbers and seed.</param>
    public static TrainingModel Open(string path, string? tokenizer, string? template, Configuration.AdapterConfig? adapter, TrainConfig train)
    {
        if (!train.MasterWeights)
            throw new UnsupportedException("master_weights: false is not supported yet; weights that are trained are kept in float32.");
        var checkpoint = Checkpoint.Open(path);
        try
        {
            var words = tokenizer is null ? checkpoint.LoadTokenizer() : TokenizerReader.FromFolder(tokenizer);
            if (words.VocabularySize > checkpoint.Model.VocabularySize)
                throw new ConfigException($"the tokenizer has {words.VocabularySize} tokens and {path} embeddings for {checkpoint.Model.VocabularySize}; they belong to different models.");
            var decoder = new TrainableDecoder(checkpoint, Options(adapter, train));
            if (adapter is not null)
                decoder.AddAdapters(Lora(adapter), (ulong)train.Seed);
            return new TrainingModel(checkpoint, decoder, adapter, words, TemplateOf(template, checkpoint));
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>What a run takes in memory.</summary>
    /// <param name="train">Its settings.</param>
    /// <param name="tokens">The most tokens of a micro-batch.</param>
    public TrainingMemory MemoryFor(TrainConfig train, long tokens) =>
        TrainingMemory.Estimate(Description, Options(_adapter, train), Decoder.Trained.Sum(part => part.Value.numel()), tokens);

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
            Adapter().Write(folder, overwrite: true);
            return;
        }
        using var lent = _base.With(Decoder.Lend());
        ModelConversion.Plan(lent, ModelFormat.Hub, null).Write(folder, new WriteOptions { Overwrite = true });
    }

    /// <summary>The model as it is now in the engine, to generate or judge with. Dispose of it before the next step.</summary>
    /// <param name="threads">Threads that compute.</param>
    public LanguageModel Lend(int threads) => LanguageModel.Load(_base.With(Decoder.Lend()), new EngineOptions { Threads = threads });

    public void Dispose()
    {
        Decoder.Dispose();
        _base.Dispose();
    }

    private static DecoderOptions Options(Configuration.AdapterConfig? adapter, TrainConfig train) => new()
    {
        Compute = train.Dtype == TrainType.Bfloat16 ? NumberType.Bf16 : NumberType.Fp32,
        TrainWeights = adapter is null,
        Frozen = adapter is { UseQlora: true } ? NumberType.Nf4 : adapter is not null && train.Dtype == TrainType.Bfloat16 ? NumberType.Bf16 : NumberType.Fp32,
        Recompute = train.GradientCheckpointing,
    };

    private static LoraOptions Lora(Configuration.AdapterConfig adapter) => new()
    {
        Rank = adapter.LoraRank, Alpha = adapter.LoraAlpha, Dropout = adapter.LoraDropout, Targets = adapter.LoraTargetModules,
        IsRankStabilized = adapter.UseRslora, HasMagnitudes = adapter.UseDora,
    };

    private static ChatTemplate? TemplateOf(string? name, Checkpoint checkpoint)
    {
        if (name is null)
            return checkpoint.ReadChatTemplate() is { } own ? ChatTemplate.Parse(own) : null;
        return BuiltInTemplates.Names.Contains(name) ? BuiltInTemplates.Get(name) : ChatTemplate.Parse(File.ReadAllText(name));
    }

    private Octavo.Models.Adapters.AdapterConfig PeftConfig() => new()
    {
        Rank = _adapter!.LoraRank, Alpha = _adapter.LoraAlpha, Dropout = _adapter.LoraDropout, RankStabilized = _adapter.UseRslora, Dora = _adapter.UseDora,
        TargetModules = _adapter.LoraTargetModules, BaseModel = _base.Path,
    };

    /// <summary>The adapter as it is now.</summary>
    private Octavo.Models.Adapters.Adapter Adapter() => new(PeftConfig(), [.. Decoder.Adapters.Select(adapter => new Octavo.Models.Adapters.AdapterModule(
        adapter.Module, _adapter!.LoraRank, adapter.A.data<float>().ToArray(), adapter.B.data<float>().ToArray(), adapter.Magnitude is { } lengths ? lengths.data<float>().ToArray() : default(ReadOnlyMemory<float>)))]);

    private IReadOnlyList<(string Name, byte[] Content)> SmallFiles()
    {
        if (_smallFiles is null)
        {
            using var lent = _base.With(Decoder.Lend());
            _smallFiles = ModelConversion.Plan(lent, ModelFormat.Hub, null).SmallFiles();
        }
        return _smallFiles;
    }
}
