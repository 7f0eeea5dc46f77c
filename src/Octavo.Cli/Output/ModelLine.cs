using Octavo.Engine;

namespace Octavo.Cli.Output;

/// <summary>What <c>-v</c> says about a loaded model.</summary>
internal static class ModelLine
{
    public static void Write(Terminal terminal, StatusLine status, LanguageModel model, TimeSpan load)
    {
        status.Clear();
        terminal.Error.WriteLine(
            $"[{model.Checkpoint.Path}: {model.Checkpoint.Model.Architecture}, context {model.ContextLength}, {model.Threads} threads, "
            + $"{model.InstructionSet}{(model.IsExact ? ", exact" : "")}, "
            + $"keys and values {model.KvType}, loaded in {load.TotalSeconds:F2} s]");
    }
}
