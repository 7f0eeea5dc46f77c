using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>
/// Reads one pickle of an untrusted file. It is no interpreter of pickles: it knows the opcodes and names that weights need, makes only the
/// values of PickleValues, and refuses everything else by its name before anything is done with it.
/// </summary>
internal sealed class PickleReader
{
    public const int MaxDepth = 256;
    public const int MaxMemo = 1_000_000;
    public const int MaxStack = 1_000_000;
    public const int MaxContainers = 2_000_000;
    private const int LongestName = 256;
    private const int LongestText = 64 << 20;
    private const int LongestInteger = 16;
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FileMemory _file;
    private readonly long _end;
    private readonly IPickleStorages? _storages;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _containers;

    /// <summary>A reader of the pickle that begins at a byte of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the pickle begins.</param>
    /// <param name="end">The byte that it must not reach.</param>
    /// <param name="storages">Gives the storages; null where none may be named.</param>
    public PickleReader(FileMemory file, long start, long end, IPickleStorages? storages)
    {
        (_file, _end, _storages) = (file, end, storages);
        (Position, At) = (start, start);
    }

    /// <summary>The file, for messages.</summary>
    public string Path => _file.Path;

    /// <summary>The byte at which the current opcode begins.</summary>
    public long At { get; private set; }

    /// <summary>The byte that is read next; after <see cref="Read"/> the one after the pickle.</summary>
    public long Position { get; private set; }

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    /// <summary>Reads the pickle.</summary>
    /// <exception cref="CheckpointException">It holds what weights do not need, or is damaged.</exception>
    public object? Read()
    {
        if ((PickleOpcode)Take(1, "the pickle")[0] != PickleOpcode.Protocol)
            throw Bad("a pickle of protocol 2 to 5 is expected here; it begins with PROTO (0x80)");
        var protocol = Take(1, "the protocol")[0];
        if (protocol is < 2 or > 5)
            throw Bad($"the pickle has protocol {protocol}; 2 to 5 are read");
        while (true)
        {
            At = Position;
            var code = Take(1, "the pickle")[0];
            if ((PickleOpcode)code == PickleOpcode.Stop)
                break;
            if (!Leaf((PickleOpcode)code) && !Structure((PickleOpcode)code) && !Call((PickleOpcode)code))
                throw Bad($"the opcode {PickleOpcodeName.Of(code)} stands in the pickle; weights do not need it and it was not run");
        }
        if (_stack.Count != 1 || _marks.Count != 0)
            throw Bad($"the pickle ends with {_stack.Count} values and {_marks.Count} marks on its stack; one value is expected");
        return _stack[0];
    }

    /// <summary>The refusal of what stands at the current opcode.</summary>
    public CheckpointException Bad(string rule, Exception? inner = null) => TorchFile.Refusal(Path, At, rule, inner);

    /// <summary>Counts a container that a call makes.</summary>
    public T Counted<T>(T container) where T : class
    {
        if (++_containers > MaxContainers)
            throw Bad($"the pickle makes more than {MaxContainers} containers");
        return container;
    }

    private bool Leaf(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.None: Push(null); return true;
            case PickleOpcode.NewTrue: Push(true); return true;
            case PickleOpcode.NewFalse: Push(false); return true;
            case PickleOpcode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4, "an integer"))); return true;
            case PickleOpcode.BinInt1: Push((long)Take(1, "an integer")[0]); return true;
            case PickleOpcode.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2, "an integer"))); return true;
            case PickleOpcode.Long1: PushLong(); return true;
            case PickleOpcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8, "a float"))); return true;
            case PickleOpcode.BinUnicode:
            case PickleOpcode.BinString:
                Push(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4, "a text's length")))); return true;
            case PickleOpcode.ShortBinUnicode:
            case PickleOpcode.ShortBinString:
                Push(ReadText(Take(1, "a text's length")[0])); return true;
            default: return false;
        }
    }

    private bool Structure(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.Mark: PushMark(); return true;
            case PickleOpcode.EmptyTuple: Push(PickleTuple.Empty); return true;
            case PickleOpcode.EmptyList: Push(Counted(new PickleList())); return true;
            case PickleOpcode.EmptyDict: Push(Counted(new PickleDict(ordered: false))); return true;
            case PickleOpcode.Tuple: MakeTuple(PopMark()); return true;
            case PickleOpcode.Tuple1: MakeTuple(Require(1)); return true;
            case PickleOpcode.Tuple2: MakeTuple(Require(2)); return true;
            case PickleOpcode.Tuple3: MakeTuple(Require(3)); return true;
            case PickleOpcode.Append: AppendFrom(Require(1), "APPEND"); return true;
            case PickleOpcode.Appends: AppendFrom(PopMark(), "APPENDS"); return true;
            case PickleOpcode.SetItem: SetFrom(Require(2), "SETITEM"); return true;
            case PickleOpcode.SetItems: SetFrom(PopMark(), "SETITEMS"); return true;
            case PickleOpcode.BinGet: Get(Take(1, "a memo's number")[0]); return true;
            case PickleOpcode.LongBinGet: Get(BinaryPrimitives.ReadUInt32LittleEndian(Take(4, "a memo's number"))); return true;
            case PickleOpcode.BinPut: Put(Take(1, "a memo's number")[0]); return true;
            case PickleOpcode.LongBinPut: Put(BinaryPrimitives.ReadUInt32LittleEndian(Take(4, "a memo's number"))); return true;
            case PickleOpcode.Memoize: Put((uint)_memo.Count); return true;
            case PickleOpcode.Frame: CheckFrame(); return true;
            default: return false;
        }
    }

    private bool Call(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.Global:
                var module = ReadLine("a module's name");
                PushGlobal(module, ReadLine("a name"));
                return true;
            case PickleOpcode.StackGlobal:
                var (named, within) = (Pop("STACK_GLOBAL"), Pop("STACK_GLOBAL"));
                if (within is not string moduleText || named is not string nameText)
                    throw Bad($"STACK_GLOBAL takes two texts; {PickleKind.Of(within)} and {PickleKind.Of(named)} stand there");
                PushGlobal(moduleText, nameText);
                return true;
            case PickleOpcode.Reduce:
                var (arguments, function) = (Pop("REDUCE"), Pop("REDUCE"));
                if (function is not PickleGlobal global)
                    throw Bad($"REDUCE calls {PickleKind.Of(function)}; only names of the allowed list can be called");
                if (arguments is not PickleTuple tuple)
                    throw Bad($"REDUCE calls {PickleKind.Of(function)} with {PickleKind.Of(arguments)}; a tuple is expected");
                Push(PickleCalls.Call(global, tuple.Items, this));
                return true;
            case PickleOpcode.Build:
                var (state, target) = (Pop("BUILD"), Top("BUILD"));
                if (target is not PickleDict { IsOrdered: true })
                    throw Bad($"BUILD changes {PickleKind.Of(target)}; only an OrderedDict may get attributes");
                if (state is not PickleDict)
                    throw Bad($"BUILD gives an OrderedDict {PickleKind.Of(state)}; a dict is expected");
                // The attributes of a state dict (torch's _metadata) say nothing about weights: they are read and left.
                return true;
            case PickleOpcode.BinPersistentId:
                var id = Pop("BINPERSID");
                if (_storages is null)
                    throw Bad("BINPERSID names a storage where none can be");
                Push(_storages.Find(id, this));
                return true;
            default:
                return false;
        }
    }

    private void PushGlobal(string module, string name)
    {
        if (!PickleGlobal.TryFind(module, name, out var global))
        {
            throw Bad($"the pickle names '{PickleKind.Printable(module)}.{PickleKind.Printable(name)}', which weights do not need; "
                + $"it was not looked up, let alone run. Allowed are {PickleGlobal.Allowed}");
        }
        Push(global);
    }

    private void Push(object? value)
    {
        if (_stack.Count == MaxStack)
            throw Bad($"the pickle's stack grows beyond {MaxStack} values");
        _stack.Add(value);
    }

    private void PushMark()
    {
        if (_marks.Count == MaxDepth)
            throw Bad($"the pickle is nested more than {MaxDepth} deep");
        _marks.Add(_stack.Count);
    }

    private object? Top(string opcode) => _stack.Count > Floor ? _stack[^1] : throw Bad($"{opcode} finds nothing on the stack");

    private object? Pop(string opcode)
    {
        var value = Top(opcode);
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    // Where the upper values begin that an opcode takes.
    private int Require(int count) => _stack.Count - count >= Floor
        ? _stack.Count - count
        : throw Bad($"the opcode takes {count} values and the stack has {_stack.Count - Floor}");

    private int PopMark()
    {
        if (_marks.Count == 0)
            throw Bad("the opcode looks for a mark and there is none");
        var mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return mark;
    }

    private void MakeTuple(int from)
    {
        var tuple = Counted(new PickleTuple(CollectionsMarshal.AsSpan(_stack)[from..].ToArray()));
        CheckDepth(tuple);
        _stack.RemoveRange(from, _stack.Count - from);
        Push(tuple);
    }

    private void AppendFrom(int from, string opcode)
    {
        if (from <= Floor || _stack[from - 1] is not PickleList list)
            throw Bad($"{opcode} adds to {(from <= Floor ? "nothing" : PickleKind.Of(_stack[from - 1]))}; only a list takes items");
        for (var i = from; i < _stack.Count; i++)
            list.Add(_stack[i]);
        CheckDepth(list);
        _stack.RemoveRange(from, _stack.Count - from);
    }

    private void SetFrom(int from, string opcode)
    {
        if (from <= Floor || _stack[from - 1] is not PickleDict dict)
            throw Bad($"{opcode} adds to {(from <= Floor ? "nothing" : PickleKind.Of(_stack[from - 1]))}; only a dict takes entries");
        if ((_stack.Count - from) % 2 != 0)
            throw Bad($"{opcode} finds {_stack.Count - from} values; keys and values come in pairs");
        for (var i = from; i < _stack.Count; i += 2)
            AddEntry(dict, _stack[i], _stack[i + 1]);
        _stack.RemoveRange(from, _stack.Count - from);
    }

    /// <summary>Adds an entry to a dict.</summary>
    public void AddEntry(PickleDict dict, object? key, object? value)
    {
        if (key is PickleList or PickleDict or PickleTensor or PickleStorage)
            throw Bad($"{PickleKind.Of(key)} is the key of a dict");
        if (!dict.TryAdd(key, value))
            throw Bad($"the key '{PickleKind.Printable((string)key!)}' stands twice in a dict");
        CheckDepth(dict);
    }

    private void CheckDepth(PickleContainer container)
    {
        if (container.Depth > MaxDepth)
            throw Bad($"the pickle is nested more than {MaxDepth} deep");
    }

    private void Get(uint number) => Push(_memo.TryGetValue(number, out var value)
        ? value
        : throw Bad($"the memo has no entry {number}"));

    private void Put(uint number)
    {
        if (number >= MaxMemo)
            throw Bad($"the memo's entry {number} is written; at most {MaxMemo} are allowed");
        if (!_memo.TryAdd(number, Top("the memo")))
            throw Bad($"the memo's entry {number} is written twice");
    }

    private void CheckFrame()
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8, "a frame's length"));
        if (length > (ulong)(_end - Position))
            throw Bad($"a frame of {length} bytes is announced and {_end - Position} follow");
    }

    private void PushLong()
    {
        int length = Take(1, "an integer's length")[0];
        if (length > LongestInteger)
            throw Bad($"an integer has {length} bytes; at most {LongestInteger} are allowed");
        var bytes = Take(length, "an integer");
        var value = length > 0 && (bytes[^1] & 0x80) != 0 ? Int128.NegativeOne : Int128.Zero;
        for (var i = length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        if (value >= long.MinValue && value <= long.MaxValue)
            Push((long)value);
        else
            Push(value);
    }

    private string ReadText(uint length)
    {
        if (length > _end - Position)
            throw Bad($"a text of {length} bytes is announced and {_end - Position} follow");
        if (length > LongestText)
            throw Bad($"a text has {length} bytes; at most {LongestText} are allowed");
        return Decode(Take((int)length, "a text"));
    }

    private string ReadLine(string what)
    {
        var most = (int)Math.Min(LongestName + 1, _end - Position);
        var length = _file.Bytes(Position, most).IndexOf((byte)'\n');
        if (length < 0)
            throw Bad(most > LongestName ? $"{what} is longer than {LongestName} bytes" : "the pickle ends in the middle of a name");
        var text = Decode(Take(length, what));
        Position++;
        return text;
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _utf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw Bad("a text is not valid UTF-8", error);
        }
    }

    private ReadOnlySpan<byte> Take(int length, string what)
    {
        if (length > _end - Position)
            throw Bad($"the pickle ends in the middle of {what}: {length} bytes are needed and {_end - Position} are left");
        var bytes = _file.Bytes(Position, length);
        Position += length;
        return bytes;
    }
}
