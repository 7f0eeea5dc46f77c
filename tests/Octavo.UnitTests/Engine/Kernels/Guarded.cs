using System.Runtime.InteropServices;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Native memory that starts off every vector boundary and whose surroundings must stay as they are.</summary>
internal sealed unsafe class Guarded<T> : IDisposable where T : unmanaged
{
    private const int Guard = 256;
    private const byte Mark = 0xA5;

    private readonly byte* _memory;

    public Guarded(int length)
    {
        Length = length;
        Bytes = length * sizeof(T);
        // one element past a 64-byte boundary: aligned for T, for no vector
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(Bytes + (2 * Guard) + 64), 64);
        new Span<byte>(_memory, Bytes + (2 * Guard) + 64).Fill(Mark);
    }

    public int Length { get; }

    public T* Pointer => (T*)(_memory + Guard + sizeof(T));

    public Span<T> Span => new(Pointer, Length);

    private int Bytes { get; }

    /// <summary>Puts the mark back into every element.</summary>
    public void Reset() => new Span<byte>(Pointer, Bytes).Fill(Mark);

    /// <summary>Whether the element still holds the mark.</summary>
    public bool IsUntouched(long index) => new ReadOnlySpan<byte>(Pointer + index, sizeof(T)).IndexOfAnyExcept(Mark) < 0;

    public void CheckGuards()
    {
        new ReadOnlySpan<byte>(_memory, Guard + sizeof(T)).IndexOfAnyExcept(Mark).ShouldBe(-1, "written before the start");
        new ReadOnlySpan<byte>((byte*)Pointer + Bytes, Guard + 64 - sizeof(T)).IndexOfAnyExcept(Mark).ShouldBe(-1, "written past the end");
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
