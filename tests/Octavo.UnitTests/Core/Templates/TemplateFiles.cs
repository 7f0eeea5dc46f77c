using Octavo.TestKit;

namespace Octavo.UnitTests.Core.Templates;

/// <summary>Finds goldens and publishers' templates; what is not there is null.</summary>
internal static class TemplateFiles
{
    /// <summary>A folder of chat-template cases: in the repository, else where OCTAVO_GOLDENS points.</summary>
    public static string? Golden(string name)
    {
        var folders = new[] { Repository.At("golden"), Environment.GetEnvironmentVariable("OCTAVO_GOLDENS") };
        return folders.OfType<string>().Select(folder => Path.Combine(folder, "chat-templates", name)).FirstOrDefault(Directory.Exists);
    }

    /// <summary>A file or folder under OCTAVO_MODELS.</summary>
    public static string? Model(params string[] path)
    {
        if (Environment.GetEnvironmentVariable("OCTAVO_MODELS") is not { Length: > 0 } models) return null;
        var full = Path.Combine([models, .. path]);
        return File.Exists(full) || Directory.Exists(full) ? full : null;
    }
}
