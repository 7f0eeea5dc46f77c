using Octavo.Cli.Output;
using Octavo.Training.Runs;
using Spectre.Console.Rendering;

namespace Octavo.Cli.Runs;

/// <summary>How a run stands, in its colour.</summary>
internal static class RunStatusText
{
    public static IRenderable Of(RunStatus status)
    {
        var text = status.Name();
        return status switch
        {
            RunStatus.Done => Rich.Good(text),
            RunStatus.Failed or RunStatus.Killed => Rich.Bad(text),
            _ => Rich.Plain(text),
        };
    }
}
