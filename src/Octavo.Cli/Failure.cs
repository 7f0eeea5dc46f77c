using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli;

/// <summary>What every way to fail means to the caller: the exit, and what is said about it.</summary>
internal static class Failure
{
    public const int Cancelled = 130;

    /// <summary>The exit of an exception; 1 for what nobody foresaw.</summary>
    public static int ExitOf(Exception error) => error switch
    {
        ConfigException => 2,
        InputFileException => 3,
        ResourceException or OutOfMemoryException => 4,
        UnsupportedException => 6,
        RefusedException => 7,
        OperationCanceledException => Cancelled,
        _ => 1,
    };

    /// <summary>Says what went wrong and returns the exit.</summary>
    public static int Report(Exception error, Terminal terminal)
    {
        error = FlushResults(error, terminal);
        switch (error)
        {
            case OctavoException:
                terminal.Note(error.Message);
                break;
            case OperationCanceledException:
                // what was being written on a terminal ends in the middle of a line
                if (terminal.IsErrorTerminal)
                    terminal.Error.WriteLine();
                terminal.Note("cancelled.");
                break;
            case OutOfMemoryException:
                terminal.Note(
                    "memory ran out. Close other programs, take a smaller model, or give --context N: the cache grows with it. "
                    + "In training: gradient_checkpointing: true, use_lora, use_qlora, a smaller per_device_train_batch_size or max_seq_length.");
                break;
            default:
                terminal.Note($"an error that was not foreseen: {error.GetType().Name}: {error.Message}");
                terminal.Error.WriteLine(WriteLog(error) is { } path
                    ? $"Please report it with this log: {path}"
                    : $"Please report it with this text:\n{error}");
                break;
        }
        return ExitOf(error);
    }

    // results that were there before the failure are not lost; where they cannot be written, that is the failure
    private static Exception FlushResults(Exception error, Terminal terminal)
    {
        try
        {
            terminal.Out.Flush();
            return error;
        }
        catch (ResourceException unwritable)
        {
            return unwritable;
        }
    }

    /// <summary>Keeps the whole error, without arguments and texts of the user; null where nothing can be written.</summary>
    private static string? WriteLog(Exception error)
    {
        try
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set
                ? set
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            var folder = Directory.CreateDirectory(Path.Combine(state, "octavo", "logs")).FullName;
            var time = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            var path = Path.Combine(folder, $"{time}-{Environment.ProcessId}.log");
            File.WriteAllText(path, $"octavo {RootHelp.Version}\n{Environment.OSVersion} .NET {Environment.Version}\n{error}\n");
            return path;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
