namespace Octavo.Training.Runs;

/// <summary>What people and programs call how a run stands.</summary>
internal static class RunStatusNames
{
    /// <summary>Such as <c>done</c>.</summary>
    public static string Name(this RunStatus status) => status.ToString().ToLowerInvariant();
}
