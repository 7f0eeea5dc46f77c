using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Models.Adapters;

/// <summary>
/// What <c>adapter_config.json</c> says of a low-rank adapter, under the names and defaults of PEFT's LoraConfig. LoRA (arXiv 2106.09685):
/// W + s·B·A with s = alpha / r; rank-stabilised (2312.03732): s = alpha / √r; DoRA (2402.09353): each row of that sum rescaled to a
/// learned length.
/// </summary>
public sealed record AdapterConfig
{
    // an expression of somebody else's file must not hold the program up
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>r: the rank, where <see cref="RankPattern"/> says no other.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>lora_alpha, where <see cref="AlphaPattern"/> says no other.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>lora_dropout: applied in training only.</summary>
    public double Dropout { get; init; }

    /// <summary>use_rslora: the scale is alpha / √r.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>use_dora: rows have lengths of their own.</summary>
    public bool Dora { get; init; }

    /// <summary>target_modules as a list: modules by their whole name or its last parts. Empty where <see cref="TargetPattern"/> is given.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = [];

    /// <summary>target_modules as a text: <c>all-linear</c>, or an expression that whole names match.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>exclude_modules as a list.</summary>
    public IReadOnlyList<string> ExcludedModules { get; init; } = [];

    /// <summary>layers_to_transform: the layers that are adapted; empty means all.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [];

    /// <summary>rank_pattern: expressions that the ends of names match, each with a rank; the first counts.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> RankPattern { get; init; } = [];

    /// <summary>alpha_pattern: the same with alphas.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary>task_type; null where it is not said.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>base_model_name_or_path: what the adapter was trained on.</summary>
    public string? BaseModel { get; init; }

    /// <summary>revision of the base model.</summary>
    public string? Revision { get; init; }

    /// <summary>Reads <c>adapter_config.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is no such file, or values are wrong; all of them are told.</exception>
    /// <exception cref="UnsupportedException">It asks for what is not supported; all of it is named.</exception>
    public static AdapterConfig Load(string path) => AdapterConfigReader.Read(path);

    /// <summary>The bytes of <c>adapter_config.json</c>.</summary>
    public byte[] ToJson() => AdapterConfigWriter.Write(this);

    /// <summary>The rank of a module.</summary>
    /// <param name="module">Its name, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <exception cref="CheckpointException">An expression is none, or takes too long.</exception>
    public int RankOf(string module) => Of(RankPattern, module) is { } rank ? (int)rank : Rank;

    /// <summary>What B·A of a module is multiplied with.</summary>
    /// <param name="module">Its name.</param>
    /// <exception cref="CheckpointException">An expression is none, or takes too long.</exception>
    public float ScaleOf(string module)
    {
        var (rank, alpha) = (RankOf(module), Of(AlphaPattern, module) ?? Alpha);
        return (float)(RankStabilized ? alpha / Math.Sqrt(rank) : alpha / rank);
    }

    /// <summary>Whether a module is to be adapted.</summary>
    /// <param name="module">Its name.</param>
    /// <param name="isHead">Whether it is a head, which <c>all-linear</c> leaves out.</param>
    /// <exception cref="CheckpointException">An expression is none, or takes too long.</exception>
    public bool Targets(string module, bool isHead = false)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (ExcludedModules.Any(name => EndsWith(module, name)))
            return false;
        var isMeant = TargetPattern switch
        {
            null => TargetModules.Any(name => EndsWith(module, name)),
            AllLinear => !isHead,
            _ => IsMatch($"^(?:{TargetPattern})$", module),
        };
        return isMeant && (Layers.Count == 0 || (LayerOf(module) is { } layer && Layers.Contains(layer)));
    }

    /// <summary>How many numbers an adapter of this configuration has on a model: A, B and, with DoRA, the lengths of every targeted matrix.</summary>
    /// <param name="model">The model's description; a stored matrix that is several of it counts once.</param>
    /// <exception cref="CheckpointException">An expression is none, or takes too long.</exception>
    public long ParameterCount(TextModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return AdaptedLinear.ByModule(model).Values.Where(matrix => Targets(matrix.Module, matrix.IsHead))
            .Sum(matrix => ((long)RankOf(matrix.Module) * (matrix.Inputs + matrix.Outputs)) + (Dora ? matrix.Outputs : 0));
    }

    /// <summary>What <c>target_modules</c> says where every matrix but the heads is meant.</summary>
    internal const string AllLinear = "all-linear";

    private static bool EndsWith(string module, string name) =>
        module.EndsWith(name, StringComparison.Ordinal) && (module.Length == name.Length || module[^(name.Length + 1)] == '.');

    // the first number that is a part of the name
    private static int? LayerOf(string module)
    {
        foreach (var part in module.Split('.'))
        {
            if (int.TryParse(part, System.Globalization.NumberStyles.None, null, out var layer))
                return layer;
        }
        return null;
    }

    private static double? Of(IReadOnlyList<KeyValuePair<string, double>> patterns, string module)
    {
        foreach (var (pattern, value) in patterns)
        {
            if (IsMatch($"^(?:.*\\.)?(?:{pattern})$", module))
                return value;
        }
        return null;
    }

    private static bool IsMatch(string pattern, string module)
    {
        try
        {
            return Regex.IsMatch(module, pattern, RegexOptions.CultureInvariant, _patience);
        }
        catch (ArgumentException error)
        {
            throw new CheckpointException($"adapter_config.json: '{pattern}' is no regular expression: {error.Message} Correct it.", error);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new CheckpointException($"adapter_config.json: the expression '{pattern}' takes too long on '{module}'. List the modules instead.", error);
        }
    }
}
