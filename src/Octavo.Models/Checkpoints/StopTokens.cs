using Octavo.Core.Gguf;
using Octavo.Models.Configs;

namespace Octavo.Models.Checkpoints;

/// <summary>The ids that a checkpoint's configuration names as ends of a generation; those outside the vocabulary never come and are left out.</summary>
internal static class StopTokens
{
    public static IReadOnlyList<int> FromHub(string folder, TextModel model)
    {
        List<long> ids = [];
        foreach (var name in (string[])["config.json", "generation_config.json"])
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            var json = HubConfig.Load(path);
            ids.AddRange(json.Ids("eos_token_id"));
            json.Finish();
        }
        return Within(ids, model);
    }

    public static IReadOnlyList<int> FromGguf(GgufMetadata metadata, TextModel model) => Within(
        ((string[])["eos", "eot", "eom"]).Select(end => metadata.Get($"tokenizer.ggml.{end}_token_id", -1L)), model);

    private static int[] Within(IEnumerable<long> ids, TextModel model) =>
        [.. ids.Where(id => id >= 0 && id < model.VocabularySize).Distinct().Select(id => (int)id)];
}
