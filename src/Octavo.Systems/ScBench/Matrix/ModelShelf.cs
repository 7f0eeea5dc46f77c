using Octavo.Engine;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>Models that are loaded, one for each type of storage of keys and values; those of another path are put away first.</summary>
/// <param name="threads">For the engine; null takes its default.</param>
internal sealed class ModelShelf(int? threads) : IDisposable
{
    private readonly Dictionary<string, LanguageModel> _loaded = [];
    private string _path = "";

    /// <summary>A model.</summary>
    /// <param name="path">Resolved.</param>
    /// <param name="type">How keys and values are stored; null takes the engine's default.</param>
    public LanguageModel Take(string path, KvType? type)
    {
        if (path != _path)
            Dispose();
        _path = path;
        var key = type?.ToString() ?? "";
        if (!_loaded.TryGetValue(key, out var model))
            model = _loaded[key] = LanguageModel.Load(path, new EngineOptions { Threads = threads, KvType = type });
        return model;
    }

    public void Dispose()
    {
        foreach (var model in _loaded.Values)
            model.Dispose();
        _loaded.Clear();
    }
}
