using System.CommandLine;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;

namespace Octavo.Cli.CommandLine;

/// <summary>The options that say how a model is loaded and run.</summary>
internal sealed class EngineFlags
{
    private readonly Option<string?> _device = Options.Text("--device", "NAME", "Where to compute: cpu, the only one so far.");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that compute; all processors by default.");
    private readonly Option<string?> _exact = Options.Flag("--exact", "Computes in fp32 on dequantized weights: slower, for comparison with references.");
    private readonly Option<string?> _activations = Options.Whole(
        "--activations", "Bits of the activations that meet quantized weights, 8 or 16; 16 below a billion parameters, else 8. 8 reads long prompts faster.");
    private readonly Option<string?> _isa = Options.Text("--isa", "NAME", "Forces an instruction set: avx512, avx2, v128 or scalar; the best that is there by default.");
    private readonly Option<string?> _kv;
    private readonly Option<string?> _noMmap = Options.Flag("--no-mmap", "Reads the weights into memory instead of mapping the file.");
    private readonly Option<string?> _context = Options.Whole("--context", "Positions that the conversation may take; the model's own length by default.");
    private readonly bool _withExact;
    private readonly bool _withMethod;

    /// <param name="withExact">False where a verb computes exactly anyway.</param>
    /// <param name="withMethod">Whether keys and values may be looked after by a method.</param>
    public EngineFlags(bool withExact = true, bool withMethod = false)
    {
        (_withExact, _withMethod) = (withExact, withMethod);
        _kv = Options.Text("--kv", withMethod ? "TYPE|METHOD" : "TYPE", "How keys and values are stored: f32, f16 or q8; f16 by default, f32 with --exact."
            + (withMethod ? " Or what stays of a prompt, as snapkv:budget=1024; or both, as q8+snapkv:budget=1024." : ""));
    }

    public IEnumerable<Symbol> Symbols => _withExact
        ? [_device, _threads, _context, _exact, _activations, _isa, _kv, _noMmap]
        : [_device, _threads, _isa, _kv, _noMmap];

    /// <summary>Those that change how much memory is taken.</summary>
    public IEnumerable<Symbol> MemorySymbols => [_threads, _context, _exact, _kv, _noMmap];

    /// <exception cref="UnsupportedException">The device is not supported.</exception>
    /// <exception cref="ConfigException">A value is wrong.</exception>
    public EngineOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(_device) is { } device && device != "cpu")
            throw new UnsupportedException($"the device '{device}' is not supported; supported is cpu.");
        var options = new EngineOptions
        {
            Threads = parsed.Whole(_threads),
            Exact = !_withExact || parsed.Has(_exact),
            ActivationBits = _withExact ? parsed.Whole(_activations) : null,
            KvType = Kv(Split(parsed).Type),
            InstructionSet = parsed.GetValue(_isa),
            MemoryMap = !parsed.Has(_noMmap),
            ContextLength = _withExact ? parsed.Whole(_context) : null,
        };
        options.Validate();
        return options;
    }

    /// <summary>The method that looks after keys and values; null where none is given.</summary>
    /// <exception cref="ConfigException">There is no such method, or an option of it is wrong.</exception>
    public KvMethod? Method(ParseResult parsed) => Split(parsed).Method is { } method ? KvMethods.Parse(method) : null;

    /// <summary>TYPE, METHOD or TYPE+METHOD.</summary>
    private (string? Type, string? Method) Split(ParseResult parsed)
    {
        return parsed.GetValue(_kv) is not { } text || !_withMethod ? (parsed.GetValue(_kv), null) : Split(text);
    }

    /// <summary>Reads TYPE, METHOD or TYPE+METHOD; the method is not looked at.</summary>
    /// <exception cref="ConfigException">It is none of these.</exception>
    public static (KvType? Type, string? Method) ReadKv(string text)
    {
        var (type, method) = Split(text);
        return (Kv(type), method);
    }

    private static (string? Type, string? Method) Split(string text)
    {
        if (text is "f32" or "f16" or "q8")
            return (text, null);
        if (!text.Contains('+') && !KvMethods.Names.Contains(text.Split(':', '(')[0].Trim()))
            throw new ConfigException($"--kv is '{text}'; give a type (f32, f16, q8), a method ({string.Join(", ", KvMethods.Names)}), or both with a + between.{Nearest.Hint(text.Split(':', '(')[0], KvMethods.Names)}");
        return text.Split('+', 2) is [var type, var method] && !KvMethods.Names.Contains(type.Split(':', '(')[0].Trim()) ? (type, method) : (null, text);
    }

    /// <summary>The name of a type of keys and values on the command line.</summary>
    public static string NameOf(KvType type) => type switch
    {
        KvType.F32 => "f32",
        KvType.F16 => "f16",
        _ => "q8",
    };

    /// <summary>The type of keys and values of that name; null where none is given.</summary>
    public static KvType? Kv(string? name) => name switch
    {
        null => null,
        "f32" => KvType.F32,
        "f16" => KvType.F16,
        "q8" => KvType.Q8,
        _ => throw new ConfigException($"--kv is '{name}'; give f32, f16 or q8."),
    };
}
