namespace Octavo.Cli.Doctor;

/// <summary>What one look at the machine found.</summary>
/// <param name="What">What was looked at.</param>
/// <param name="Found">What is there.</param>
/// <param name="Fix">What to do about it; null where nothing is wrong.</param>
/// <param name="Blocks">Whether Octavo cannot work so; else it works, but less well.</param>
internal sealed record Finding(string What, string Found, string? Fix = null, bool Blocks = false)
{
    public string State => Fix is null ? "ok" : Blocks ? "problem" : "notice";
}
