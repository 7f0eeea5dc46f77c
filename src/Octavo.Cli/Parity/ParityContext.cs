using Octavo.Core.Store;
using Octavo.Engine;

namespace Octavo.Cli.Parity;

/// <summary>What runners share: how to compute, and where real models are.</summary>
/// <param name="Engine">How models are loaded and run; exact.</param>
/// <param name="Cancellation">Looked at between cases.</param>
internal sealed record ParityContext(EngineOptions Engine, CancellationToken Cancellation)
{
    private const string Prefix = "models/";

    /// <summary>Whether decoders are run by the engine that trains as well; that needs its native library.</summary>
    public bool WithTraining { get; init; }

    /// <summary>Finds a file that a golden names as <c>models/…</c>.</summary>
    /// <exception cref="MissingModelException">It is nowhere.</exception>
    public string FindModel(string name)
    {
        var relative = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        var folders = (Environment.GetEnvironmentVariable("OCTAVO_MODELS") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(Installation.Root, "models"));
        foreach (var folder in folders)
        {
            var path = Path.Combine(folder, relative);
            if (File.Exists(path) || Directory.Exists(path))
                return path;
        }
        // The bundled model is the same file in parts: metadata and tensors are equal bit for bit.
        var bundled = Path.Combine(Installation.Root, "models", Installation.BundledModel);
        if (relative == Installation.BundledSource && Directory.Exists(bundled))
            return ModelFolder.Pick(bundled);
        throw new MissingModelException($"'{relative}' is not in models/ nor in a folder of OCTAVO_MODELS; set OCTAVO_MODELS to the folder that holds it.");
    }
}

/// <summary>A golden needs a model that this machine does not have.</summary>
internal sealed class MissingModelException(string message) : Exception(message);
