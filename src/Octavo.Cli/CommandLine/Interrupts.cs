using System.Runtime.InteropServices;

namespace Octavo.Cli.CommandLine;

/// <summary>
/// Tells ctrl-C and a request to end. The first one asks politely; a second before the first was heard ends the process.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource _source = new();

    /// <summary>Cancelled by the next interrupt.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
                return _source.Token;
        }
    }

    /// <summary>Listens to the signals of this process.</summary>
    public void Listen()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Take));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take));
    }

    /// <summary>As if the user had pressed ctrl-C.</summary>
    public void Raise()
    {
        lock (_lock)
            _source.Cancel();
    }

    /// <summary>Makes <see cref="Token"/> new, once an interrupt has been answered.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            if (!_source.IsCancellationRequested)
                return;
            _source.Dispose();
            _source = new CancellationTokenSource();
        }
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _source.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = !Token.IsCancellationRequested;
        Raise();
    }
}
