using System.Text;

namespace Octavo.Cli.Output;

/// <summary>Where a command reads and writes. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UTF8Encoding _lenientUtf8 = new(encoderShouldEmitUTF8Identifier: false);

    public Terminal(TextReader input, TextWriter output, TextWriter error) => (In, Out, Error) = (input, output, error);

    public TextReader In { get; }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether colour may be written to <see cref="Out"/>: a terminal, and no NO_COLOR.</summary>
    public bool HasColor { get; init; }

    /// <summary>Whether progress may be drawn on <see cref="Error"/>: a terminal, and no CI.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Columns of the output; wide where it is no terminal, so that nothing is wrapped for a script.</summary>
    public int Width { get; init; } = 1000;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        var output = new StreamWriter(new OutputStream(Console.OpenStandardOutput(), "standard output"), _lenientUtf8, 4096) { AutoFlush = false };
        var error = new StreamWriter(new OutputStream(Console.OpenStandardError(), null), _lenientUtf8, 256) { AutoFlush = true };
        return new Terminal(new LazyInput(), output, error)
        {
            IsInputTerminal = !Console.IsInputRedirected,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            HasColor = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            ShowsProgress = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") != "true",
            Width = Console.IsOutputRedirected ? 1000 : Math.Max(60, WindowWidth()),
        };
    }

    /// <summary>Writes a line that the program itself has to say, beside the results: with its name in front.</summary>
    public void Note(string text) => Error.WriteLine($"octavo: {text}");

    public void Flush()
    {
        Out.Flush();
        Error.Flush();
    }

    public void Dispose()
    {
        In.Dispose();
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    /// <summary>Opens standard input when it is first read: most commands never do.</summary>
    private sealed class LazyInput : TextReader
    {
        private readonly Lazy<StreamReader> _reader = new(() => new StreamReader(Console.OpenStandardInput(), _utf8, detectEncodingFromByteOrderMarks: false));

        public override int Peek() => _reader.Value.Peek();

        public override int Read() => _reader.Value.Read();

        public override int Read(char[] buffer, int index, int count) => _reader.Value.Read(buffer, index, count);

        public override string? ReadLine() => _reader.Value.ReadLine();

        public override string ReadToEnd() => _reader.Value.ReadToEnd();
    }
}
