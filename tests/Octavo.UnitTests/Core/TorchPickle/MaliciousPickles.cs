using Octavo.UnitTests.Core.Tensors;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>Pickles that ask for what weights do not need; each stands in an archive of torch and must be refused by the name given here.</summary>
internal static class MaliciousPickles
{
    /// <summary>The file that every payload tries to make.</summary>
    public static readonly string Canary = Path.Combine(Path.GetTempPath(), $"octavo-canary-{Environment.ProcessId}");

    // What published attacks and scanners' test sets call, with its relatives.
    private static readonly (string Module, string Name)[] _functions =
    [
        ("os", "system"), ("posix", "system"), ("nt", "system"), ("os", "popen"), ("os", "execv"), ("os.path", "join"), ("subprocess", "Popen"),
        ("subprocess", "check_output"), ("commands", "getoutput"), ("builtins", "eval"), ("builtins", "exec"), ("builtins", "compile"),
        ("builtins", "getattr"), ("builtins", "setattr"), ("builtins", "globals"), ("builtins", "__import__"), ("builtins", "open"),
        ("builtins", "bytearray"), ("builtins", "apply"), ("__builtin__", "eval"), ("__builtin__", "file"), ("importlib", "import_module"),
        ("importlib.util", "spec_from_file_location"), ("importlib.machinery", "SourceFileLoader"), ("operator", "attrgetter"), ("operator", "methodcaller"),
        ("operator", "itemgetter"), ("_operator", "attrgetter"), ("functools", "partial"), ("functools", "reduce"), ("itertools", "starmap"),
        ("numpy", "__builtins__"), ("numpy", "load"), ("numpy.f2py.crackfortran", "getlincoef"), ("numpy.testing._private.utils", "runstring"),
        ("numpy.core.multiarray", "scalar"), ("torch", "load"), ("torch.hub", "load"), ("torch.jit", "load"), ("torch.storage", "_load_from_bytes"),
        ("torch.serialization", "load"), ("torch.jit.unsupported_tensor_ops", "execWrapper"), ("torch._inductor.codecache", "compile_file"),
        ("torch._dynamo.guards", "GuardBuilder.get"), ("torch.utils._config_module", "ConfigModule.load_config"), ("torch.utils.bottleneck.__main__", "run_cprofile"),
        ("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"), ("torch._utils", "_rebuild_device_tensor_from_numpy"),
        ("torch._tensor", "_rebuild_from_type_v2"), ("torch.nn.parameter", "Parameter"), ("torch", "Tensor"), ("torch", "_C"),
        ("runpy", "run_path"), ("runpy", "_run_code"), ("pty", "spawn"), ("socket", "create_connection"), ("ctypes", "CDLL"), ("shutil", "rmtree"),
        ("pickle", "loads"), ("_pickle", "loads"), ("dill", "loads"), ("joblib", "load"), ("marshal", "loads"), ("types", "FunctionType"), ("types", "CodeType"),
        ("code", "InteractiveInterpreter.runcode"), ("codecs", "decode"), ("_codecs", "encode"), ("copyreg", "_reconstructor"), ("copy_reg", "_reconstructor"),
        ("timeit", "timeit"), ("cProfile", "run"), ("profile", "run"), ("pdb", "run"), ("bdb", "Bdb"), ("trace", "Trace"), ("doctest", "debug_script"),
        ("pip", "main"), ("pip._internal", "main"), ("ensurepip", "bootstrap"), ("venv", "create"), ("asyncio.unix_events", "_UnixSubprocessTransport._start"),
        ("multiprocessing.util", "spawnv_passfds"), ("idlelib.run", "Executive"), ("idlelib.pyshell", "ModifiedInterpreter.runcommand"),
        ("lib2to3.pgen2.grammar", "Grammar.loadg"), ("logging.config", "dictConfig"), ("webbrowser", "open"), ("urllib.request", "urlretrieve"),
        ("requests.api", "get"), ("http.client", "HTTPSConnection"), ("sys", "modules"), ("sys", "setprofile"), ("gc", "get_objects"), ("inspect", "getattr_static"),
        ("tempfile", "mktemp"), ("linecache", "getlines"), ("pkgutil", "resolve_name"), ("test.support.script_helper", "assert_python_ok"),
        ("xmlrpc.client", "ServerProxy"), ("sqlite3", "connect"), ("transformers.training_args", "TrainingArguments"), ("argparse", "Namespace"),
    ];

    public static IEnumerable<HostileFile> All => [.. Functions(), .. Names(), .. Opcodes(), .. Chains(), .. Memo(), .. Raw()];

    /// <summary>An archive of torch around a pickle, with one storage of four floats.</summary>
    public static HostileFile In(string name, PickleBytes pickle, string rule) => In(name, pickle.End(), rule);

    /// <inheritdoc cref="In(string, PickleBytes, string)"/>
    public static HostileFile In(string name, byte[] pickle, string rule) => new(name, Archive(pickle), rule);

    public static byte[] Archive(byte[] pickle) => new ZipBytes().Write(new ZipPart("archive/data.pkl", pickle),
        new ZipPart("archive/byteorder", "little"u8.ToArray()), new ZipPart("archive/data/0", new byte[16]), new ZipPart("archive/version", "3\n"u8.ToArray()));

    private static PickleBytes Begin(byte protocol = 2) => PickleBytes.Begin(protocol);

    private static PickleBytes Payload(PickleBytes pickle, string module, string name) =>
        pickle.Global(module, name).Text($"touch {Canary}").Raw(0x85).Op('R');

    private static IEnumerable<HostileFile> Functions()
    {
        foreach (var (module, name) in _functions)
            yield return In($"call of {module}.{name}", Payload(Begin(), module, name), $"'{module}.{name}'");
    }

    private static IEnumerable<HostileFile> Names()
    {
        foreach (var (module, name) in ((string, string)[])[
            ("torch", "_utils._rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor_v2.__globals__"), ("torch._utils", "_import_dotted_name"),
            ("collections", "OrderedDict.__init__.__globals__"), ("collections.OrderedDict", ""), ("collections.", "OrderedDict"), ("", "collections.OrderedDict"),
            ("collections", "OrderedDict "), (" collections", "OrderedDict"), ("COLLECTIONS", "OrderedDict"), ("collections", "ordereddict"),
            ("torch", "FloatStorage.from_file"), ("torch", "FloatStorag\u0435"), ("torch.cuda", "FloatStorage.__new__"), ("", ""), (".", ".")])
        {
            yield return In($"name '{module}'.'{name}'", Begin().Global(module, name).Op(')').Op('R'), $"'{module}.{name}'");
        }
        yield return In("name with a carriage return", Begin().Global("collections\r", "OrderedDict"), "'collections\\u000d.OrderedDict'");
        yield return In("name with NUL", Begin().Global("os\0", "system"), "'os\\u0000.system'");
        yield return In("name with an escape", Begin().Global("os", "\u001b[2J"), "'os.\\u001b[2J'");
        yield return In("name of 5,000 letters", Begin().Global(new string('o', 5_000), "x"), "longer than 256 bytes");
        yield return In("name that does not end", [.. Begin().Op('c').Raw("os\nsystem"u8).ToArray()], "ends in the middle of a name");
        yield return In("name of bad UTF-8", Begin().Op('c').Raw(0xC3, 0x28, (byte)'\n', (byte)'x', (byte)'\n'), "not valid UTF-8");
        yield return In("STACK_GLOBAL", Begin(4).ShortText("os").ShortText("system").Raw(0x93), "'os.system'");
        yield return In("STACK_GLOBAL with texts of Python 2", Begin(4).Raw("U\u0002osU\u0006system"u8).Raw(0x93), "'os.system'");
        yield return In("STACK_GLOBAL with bytes", Begin(4).Raw("C\u0002osC\u0006system"u8).Raw(0x93), "SHORT_BINBYTES");
        yield return In("STACK_GLOBAL with an integer", Begin(4).Int(1).ShortText("system").Raw(0x93), "STACK_GLOBAL takes two texts; an integer and a text");
        yield return In("STACK_GLOBAL with a list", Begin(4).ShortText("os").Op(']').Raw(0x93), "a text and a list");
        yield return In("STACK_GLOBAL with a global", Begin(4).Global("torch", "Size").ShortText("x").Raw(0x93), "'torch.Size' and a text");
        yield return In("STACK_GLOBAL of one value", Begin(4).ShortText("os").Raw(0x93), "STACK_GLOBAL finds nothing");
        yield return In("STACK_GLOBAL of the memo", Begin(4).ShortText("os").Raw(0x94).ShortText("system").Raw(0x94).Op('h').Raw(0).Op('h').Raw(1).Raw(0x93), "'os.system'");
    }

    private static IEnumerable<HostileFile> Opcodes()
    {
        yield return In("INST", Begin().Op('(').Text("x").Raw("ios\nsystem\n"u8), "INST (0x69)");
        yield return In("OBJ", Begin().Op('(').Global("torch", "Size").Text("x").Op('o'), "OBJ (0x6F)");
        yield return In("NEWOBJ", Begin().Global("collections", "OrderedDict").Op(')').Raw(0x81), "NEWOBJ (0x81)");
        yield return In("NEWOBJ_EX", Begin(4).Global("collections", "OrderedDict").Op(')').Op('}').Raw(0x92), "NEWOBJ_EX (0x92)");
        yield return In("EXT1", Begin().Raw(0x82, 1), "EXT1 (0x82)");
        yield return In("EXT2", Begin().Raw(0x83, 1, 0), "EXT2 (0x83)");
        yield return In("EXT4", Begin().Raw(0x84, 1, 0, 0, 0), "EXT4 (0x84)");
        yield return In("PERSID", Begin().Raw("P../../x\n"u8), "PERSID (0x50)");
        yield return In("LONG4 of 2 GB", Begin().Raw(0x8B).U32(0x7FFFFFFF), "LONG4 (0x8B)");
        yield return In("LONG4 of -1", Begin().Raw(0x8B).U32(uint.MaxValue), "LONG4 (0x8B)");
        yield return In("BINBYTES of 4 GB", Begin(3).Op('B').U32(uint.MaxValue), "BINBYTES (0x42)");
        yield return In("BINBYTES8 of 2^63", Begin(4).Raw(0x8E).U64(1UL << 63), "BINBYTES8 (0x8E)");
        yield return In("BINUNICODE8 of 2^63", Begin(4).Raw(0x8D).U64(1UL << 63), "BINUNICODE8 (0x8D)");
        yield return In("BYTEARRAY8", Begin(5).Raw(0x96).U64(ulong.MaxValue), "BYTEARRAY8 (0x96)");
        yield return In("NEXT_BUFFER", Begin(5).Raw(0x97), "NEXT_BUFFER (0x97)");
        yield return In("READONLY_BUFFER", Begin(5).Op('N').Raw(0x98), "READONLY_BUFFER (0x98)");
        yield return In("EMPTY_SET", Begin(4).Raw(0x8F), "EMPTY_SET (0x8F)");
        yield return In("ADDITEMS", Begin(4).Op(']').Op('(').Raw(0x90), "ADDITEMS (0x90)");
        yield return In("FROZENSET", Begin(4).Op('(').Raw(0x91), "FROZENSET (0x91)");
        foreach (var (name, code) in ((string, char)[])[("POP", '0'), ("POP_MARK", '1'), ("DUP", '2'), ("DICT", 'd'), ("LIST", 'l')])
            yield return In(name, Begin().Op('(').Op('N').Op(code), name + " (0x");
        foreach (var (name, text) in ((string, string)[])[("FLOAT", "F1\n"), ("INT", "I1\n"), ("LONG", "L1L\n"), ("STRING", "S'os'\n"), ("UNICODE", "Vos\n"),
            ("GET", "g0\n"), ("PUT", "p0\n")])
        {
            yield return In(name, Begin().Op('N').Raw(System.Text.Encoding.ASCII.GetBytes(text)), name + " (0x");
        }
        foreach (var code in (byte[])[0, (byte)'\n', (byte)'A', 0x7F, 0x99, 0xC0, 0xFF])
            yield return In($"byte 0x{code:X2}", Begin().Raw(code), $"no opcode of any protocol (0x{code:X2})");
    }

    private static IEnumerable<HostileFile> Chains()
    {
        yield return In("import hidden behind a good tensor", Payload(Begin().Tensor("0", 4, 0, [4], [1]), "os", "system"), "'os.system'");
        yield return In("import in a value of a dict", Payload(Begin().Op('}').Text("k"), "os", "system").Op('s'), "'os.system'");
        yield return In("import as a key", Payload(Begin().Op('}'), "os", "system").Op('N').Op('s'), "'os.system'");
        yield return In("import in the attributes", Payload(Begin().Global("collections", "OrderedDict").Op(')').Op('R').Op('}').Text("a"), "os", "system"), "'os.system'");
        yield return In("import in a persistent id", Payload(Begin().Op('(').Text("storage"), "os", "system").Op('t').Op('Q'), "'os.system'");
        yield return In("chain of attributes", Begin().Global("builtins", "getattr").Op('(').Global("collections", "OrderedDict").Text("__init__").Op('t').Op('R'),
            "'builtins.getattr'");
        yield return In("REDUCE of a result of REDUCE", Begin().Global("collections", "OrderedDict").Op(')').Op('R').Op(')').Op('R'), "REDUCE calls an OrderedDict");
        yield return In("REDUCE of a text", Begin().Text("os.system").Op(')').Op('R'), "REDUCE calls a text");
        yield return In("REDUCE of None", Begin().Op('N').Op(')').Op('R'), "REDUCE calls None");
        yield return In("REDUCE of a tensor", Begin().Tensor("0", 4, 0, [4], [1]).Op(')').Op('R'), "REDUCE calls a tensor");
        yield return In("REDUCE of a storage", Begin().Storage("0", 4).Op(')').Op('R'), "REDUCE calls a storage");
        yield return In("REDUCE with a list", Begin().Global("collections", "OrderedDict").Op(']').Op('R'), "with a list; a tuple is expected");
        yield return In("REDUCE of one value", Begin().Op(')').Op('R'), "REDUCE finds nothing");
        yield return In("REDUCE across a mark", Begin().Global("collections", "OrderedDict").Op('(').Op(')').Op('R'), "REDUCE finds nothing");
        yield return In("call of a storage class", Begin().Global("torch", "FloatStorage").Int(1L << 40).Raw(0x85).Op('R'), "'torch.FloatStorage' is called");
        yield return In("call of a dtype", Begin().Global("torch", "float32").Op(')').Op('R'), "'torch.float32' is called");
        yield return In("OrderedDict of a text", Begin().Global("collections", "OrderedDict").Text("ab").Raw(0x85).Op('R'), "takes nothing or a list; a text");
        yield return In("OrderedDict of triples", Begin().Global("collections", "OrderedDict").Op(']').Ints(1, 2, 3).Op('a').Raw(0x85).Op('R'), "takes pairs");
        yield return In("Size of a number", Begin().Global("torch", "Size").Int(1).Raw(0x85).Op('R'), "torch.Size takes one tuple");
        foreach (var (what, target) in ((string, PickleBytes)[])[("a list", Begin().Op(']')), ("a dict", Begin().Op('}')), ("a tuple", Begin().Op(')')),
            ("'torch.Size'", Begin().Global("torch", "Size")), ("a tensor", Begin().Tensor("0", 4, 0, [4], [1])), ("a text", Begin().Text("x"))])
        {
            yield return In($"BUILD on {what}", target.Op('}').Op('b'), $"BUILD changes {what}");
        }
        yield return In("BUILD with a tuple", Begin().Global("collections", "OrderedDict").Op(')').Op('R').Op(')').Op('b'), "gives an OrderedDict a tuple");
        foreach (var (what, target) in ((string, PickleBytes)[])[("a list", Begin().Op(']')), ("a tuple", Begin().Op(')')), ("a storage", Begin().Storage("0", 4)),
            ("a tensor", Begin().Tensor("0", 4, 0, [4], [1])), ("'torch.Size'", Begin().Global("torch", "Size")), ("None", Begin().Op('N'))])
        {
            yield return In($"SETITEM on {what}", target.Text("k").Op('N').Op('s'), $"SETITEM adds to {what}");
        }
        yield return In("SETITEMS on a tensor", Begin().Tensor("0", 4, 0, [4], [1]).Op('(').Text("k").Op('N').Op('u'), "SETITEMS adds to a tensor");
        yield return In("SETITEMS on nothing", Begin().Op('(').Text("k").Op('N').Op('u'), "SETITEMS adds to nothing");
        yield return In("SETITEMS of three", Begin().Op('}').Op('(').Text("k").Op('N').Op('N').Op('u'), "come in pairs");
        yield return In("APPEND on a dict", Begin().Op('}').Op('N').Op('a'), "APPEND adds to a dict");
        yield return In("APPENDS on a tuple", Begin().Op(')').Op('(').Op('N').Op('e'), "APPENDS adds to a tuple");
        yield return In("a list as key", Begin().Op('}').Op(']').Op('N').Op('s'), "a list is the key of a dict");
        yield return In("a key twice", Begin().Op('}').Op('(').Text("k").Op('N').Text("k").Op('N').Op('u'), "the key 'k' stands twice");
    }

    private static IEnumerable<HostileFile> Memo()
    {
        yield return In("GET of nothing", Begin().Op('h').Raw(0), "the memo has no entry 0");
        yield return In("LONG_BINGET of nothing", Begin().Op('j').U32(uint.MaxValue), "the memo has no entry 4294967295");
        yield return In("PUT of nothing", Begin().Op('q').Raw(0), "the memo finds nothing");
        yield return In("PUT twice", Begin().Global("collections", "OrderedDict").Op('q').Raw(0).Op(')').Op('R').Op('q').Raw(0), "the memo's entry 0 is written twice");
        yield return In("MEMOIZE over PUT", Begin(4).Op('N').Op('q').Raw(1).Raw(0x94), "the memo's entry 1 is written twice");
        yield return In("PUT at 2^32 - 1", Begin().Op('N').Op('r').U32(uint.MaxValue), "the memo's entry 4294967295");
        yield return In("PUT at 1,000,000", Begin().Op('N').Op('r').U32(1_000_000), "the memo's entry 1000000");
        yield return In("GET of a dict to call", Begin().Op('}').Op('q').Raw(0).Op('h').Raw(0).Op(')').Op('R'), "REDUCE calls a dict");
        yield return In("GET of a text to build", Begin().Text("x").Op('q').Raw(0).Op('h').Raw(0).Op('}').Op('b'), "BUILD changes a text");
        yield return In("GET of a tensor as storage", Begin().Tensor("0", 4, 0, [4], [1]).Op('q').Raw(0).Global("torch._utils", "_rebuild_tensor_v2").Op('(')
            .Op('h').Raw(0).Int(0).Ints(4).Ints(1).TensorEnd(), "takes a storage; a tensor");
        yield return In("GET of a global as shape", Begin().Global("torch._utils", "_rebuild_tensor_v2").Op('q').Raw(0).Op('(').Storage("0", 4).Int(0)
            .Op('h').Raw(0).Ints(1).TensorEnd(), "shape is 'torch._utils._rebuild_tensor_v2'");
    }

    // Without an archive around them: what is refused must not depend on it.
    private static IEnumerable<HostileFile> Raw()
    {
        yield return new("bare: os.system", Payload(Begin(), "os", "system").End(), "'os.system'");
        yield return new("bare: INST", Begin().Op('(').Raw("ios\nsystem\n"u8).End(), "INST");
        yield return new("bare: protocol 0", "cos\nsystem\n(S'touch x'\ntR."u8.ToArray(), "neither as a zip archive nor as a pickle");
        yield return new("bare: a dict", Begin().Op('}').End(), "magic number is missing");
        yield return new("bare: storage before the head", Begin().Storage("0", 4).End(), "BINPERSID names a storage where none can be");
        yield return new("old form: os.system as object", [.. TorchBytes.Head(), .. Payload(Begin(), "os", "system").End()], "'os.system'");
        yield return new("old form: os.system as keys", [.. TorchBytes.Head(), .. new TorchBytes().Write(TorchDict.Of()), .. Payload(Begin(), "os", "system").End()],
            "'os.system'");
        yield return new("old form: os.system as protocol", [.. TorchBytes.Head()[..15], .. Payload(Begin(), "os", "system").End()], "'os.system'");
        yield return new("old form: a module", [.. TorchBytes.Head(), .. Begin().Op('(').Text("module").Global("torch", "Size").Text("f.py").Text("code").Op('t').Op('Q').End()],
            "the persistent id is a 'module'");
    }
}
