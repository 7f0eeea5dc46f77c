using Octavo.Engine;

namespace Octavo.Training.Recipes;

/// <summary>
/// The engine on the model of a run: weights that are trained are lent to it, without a copy of them, and adapters run beside the base, which
/// is read from its files.
/// </summary>
internal static class RunEngine
{
    private const string Trained = "trained";

    /// <summary>Asks the model that the run began with.</summary>
    /// <param name="model">The model of the run.</param>
    /// <param name="ask">Gets the engine.</param>
    public static T Before<T>(TrainingModel model, Func<LanguageModel, T> ask)
    {
        using var given = LanguageModel.Load(model.Path, Options());
        return ask(given);
    }

    /// <summary>Asks the model as it is now; no step may be taken meanwhile.</summary>
    /// <param name="model">The model of the run.</param>
    /// <param name="ask">Gets the engine, and the name of the adapter that answers; null for none.</param>
    public static T Now<T>(TrainingModel model, Func<LanguageModel, string?, T> ask)
    {
        if (model.CurrentAdapter() is { } adapter)
        {
            return Before(model, given =>
            {
                given.AddAdapter(adapter, Trained);
                return ask(given, Trained);
            });
        }
        using var lent = LanguageModel.Load(model.Lend(), Options());
        return ask(lent, null);
    }

    private static EngineOptions Options() => new() { Threads = TorchSharp.torch.get_num_threads() };
}
