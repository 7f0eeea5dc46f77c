using System.Diagnostics;
using System.Text;

namespace Octavo.TestKit;

/// <summary>What a finished program left.</summary>
/// <param name="Exit">Its exit.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its error stream.</param>
public sealed record ProgramResult(int Exit, string Out, string Error);

/// <summary>Runs the program of this repository as a user does: in a process of its own.</summary>
public static class OctavoProgram
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary><c>OCTAVO_BIN</c>, else what <c>./octavo</c> has published, else what lies beside the tests.</summary>
    public static string Path { get; } = new[]
    {
        Environment.GetEnvironmentVariable("OCTAVO_BIN"),
        Repository.At("artifacts", "octavo", "current", "octavo.dll"),
        System.IO.Path.Combine(AppContext.BaseDirectory, "octavo.dll"),
    }.First(path => File.Exists(path))!;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">What follows <c>octavo</c>.</param>
    public static ProgramResult Run(params string[] args) => RunWith(null, args);

    /// <summary>Runs a command line with a text piped in.</summary>
    /// <param name="input">The text, or null for nothing.</param>
    /// <param name="args">What follows <c>octavo</c>.</param>
    public static ProgramResult RunWith(string? input, params string[] args) => Finish(Start("dotnet", [Path, .. args]), input);

    /// <summary>Starts any program at the repository's root, its streams redirected.</summary>
    public static Process Start(string program, IEnumerable<string> args, string? folder = null)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = folder ?? Repository.Root,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Gives a program its input and waits for its end.</summary>
    public static ProgramResult Finish(Process process, string? input = null)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input ?? "");
            process.StandardInput.Close();
            if (!process.WaitForExit(_patience))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"the program did not end within {_patience}.");
            }
            process.WaitForExit();
            return new ProgramResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}
