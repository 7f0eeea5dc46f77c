using Octavo.Core.Gguf;
using Octavo.Models.Configs;

namespace Octavo.Models.Checkpoints;

/// <summary>The ids that a checkpoint's configuration names as ends of a generation; those outside the vocabulary never come and are left out.</summary>
internal static class StopTokens
{
    public static IReadOnlyList<int> FromHub(string folder, TextModel model)
    {
        List<int> ids = [];
        foreach (var name in (string[])["config.json", "generation_config.json"])
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            var json = HubConfig.Load(path);
            foreach (var id in json.Ids("eos_token_id"))
                Add(ids, id, model);
            json.Finish();
        }
        return ids;
    }

    public static IReadOnlyList<int> FromGguf(GgufMetadata metadata, TextModel model)
    {
        List<int> ids = [];
        foreach (var end in (string[])["eos", "eot", "eom"])
            Add(ids, metadata.Get($"tokenizer.ggml.{end}_token_id", -1L), model);
        return ids;
    }

    private static void Add(List<int> ids, long id, TextModel model)
    {
        if (id >= 0 && id < model.VocabularySize && !ids.Contains((int)id))
            ids.Add((int)id);
    }
}
