using Octavo.Core;
using Octavo.Models.Configs;

namespace Octavo.Models.Adapters;

/// <summary>Reads <c>adapter_config.json</c> and refuses by name what would change the results and is not computed here.</summary>
internal static class AdapterConfigReader
{
    private const int MaxRank = 4096;

    // what says how an adapter was begun, trained or stored, without any bearing on what it computes
    private static readonly string[] _harmless =
    [
        "auto_mapping", "corda_config", "ensure_weight_tying", "eva_config", "inference_mode", "kasa_config", "layers_pattern", "loftq_config",
        "lora_dropout", "lora_ga_config", "megatron_core", "monteclora_config", "peft_version", "qalora_group_size", "velora_config",
        "runtime_config", "init_lora_weights",
    ];

    // inits that took something off the base's weights; the adapter then fits the changed ones alone
    private static readonly string[] _changing = ["pissa", "olora", "corda", "loftq", "lora_ga"];

    public static AdapterConfig Read(string path)
    {
        if (!File.Exists(path))
            throw new CheckpointException($"{path}: there is no such file. An adapter's folder has adapter_config.json and adapter_model.safetensors.");
        var json = HubConfig.Load(path);
        json.Choice("peft_type", "", "LORA");
        json.Choice("task_type", "CAUSAL_LM", "CAUSAL_LM");
        json.Choice("bias", "none", "none");
        RefuseOthers(json);
        var (modules, pattern) = TextOrTexts(json, "target_modules");
        var (excluded, excludedPattern) = TextOrTexts(json, "exclude_modules");
        if (excludedPattern is not null)
            json.Refuse($"exclude_modules {ConfigReader.Show(excludedPattern)}: an expression; a list of names is.");
        json.Require(modules.Count > 0 || pattern is not null, "target_modules is missing or empty; a list of names, or a text, is expected.");
        var config = new AdapterConfig
        {
            Rank = json.Size("r", MaxRank),
            Alpha = json.Number("lora_alpha", 8, 0, 1e9),
            Dropout = json.Number("lora_dropout", 0, 0, 1),
            RankStabilized = json.Flag("use_rslora", false),
            Dora = json.Flag("use_dora", false),
            TargetModules = modules,
            TargetPattern = pattern,
            ExcludedModules = excluded,
            Layers = [.. json.Ids("layers_to_transform").Where(layer => layer is >= 0 and < ConfigReader.MaxLayers).Select(layer => (int)layer)],
            RankPattern = json.NumberMap("rank_pattern", 1, MaxRank),
            AlphaPattern = json.NumberMap("alpha_pattern", 0, 1e9),
            TaskType = json.Text("task_type"),
            BaseModel = json.Text("base_model_name_or_path"),
            Revision = json.Text("revision"),
        };
        foreach (var (name, rank) in config.RankPattern)
            json.Require(rank == Math.Floor(rank), $"rank_pattern.{name} is {rank}; a whole number is expected.");
        foreach (var unknown in json.UnknownKeys.Where(key => !_harmless.Contains(key) && !IsOff(json, key)))
            json.Refuse($"{ConfigReader.Printable(unknown, 60)}: a setting that is not known here, so what it does to the results is not known either.");
        json.Finish();
        return config;
    }

    // newer releases of PEFT add settings that are off unless asked for
    private static bool IsOff(HubConfig json, string key) => json.CountOf(key) is { } count ? count == 0 : json.ValueOf(key) is null or false;

    private static void RefuseOthers(HubConfig json)
    {
        json.RefuseUnless(false, "fan_in_fan_out", "lora_bias", "use_qalora");
        json.RefuseUnless(null, "use_bdlora", "arrow_config", "alora_invocation_tokens", "megatron_config", "layer_replication");
        foreach (var key in (string[])["modules_to_save", "target_parameters", "trainable_token_indices"])
        {
            if (json.CountOf(key) is not null and not 0)
                json.Refuse($"{key}: {What(key)}; adapters of matrices alone are.");
        }
        // true, false and gaussian begin at random; a text of the others says that the base was changed as well
        if (json.ValueOf("init_lora_weights") is string begun && _changing.Any(name => begun.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            json.Refuse($"init_lora_weights {ConfigReader.Show(begun)}: it changes the base's weights as well; convert the adapter to a plain one when saving it.");
    }

    private static string What(string key) => key switch
    {
        "modules_to_save" => "whole modules that were trained beside the adapter",
        "target_parameters" => "adapters of parameters that are no matrices of their own",
        _ => "embeddings of single tokens that were trained",
    };

    private static (IReadOnlyList<string> Names, string? Pattern) TextOrTexts(HubConfig json, string key) =>
        json.ValueOf(key) is string text ? ([], text) : (json.Texts(key) ?? [], null);
}
