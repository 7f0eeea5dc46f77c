using Microsoft.Win32.SafeHandles;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>Where the rows of a JSONL file begin: eight bytes a row, and nothing of the rows themselves.</summary>
internal sealed class LineIndex
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<long> _starts = [];

    // only where blank lines stand between rows: from which row on the line is how much more than the row
    private readonly List<(int Row, long Blank)> _blanks = [];
    private readonly long _length;

    private LineIndex(long length) => _length = length;

    /// <summary>How many lines hold something.</summary>
    public int Count => _starts.Count;

    /// <summary>The line of a row, from 1.</summary>
    public long LineOf(int row)
    {
        var at = _blanks.BinarySearch((row, long.MaxValue), Comparer<(int Row, long Blank)>.Default);
        var before = at >= 0 ? at : ~at - 1;
        return row + 1 + (before < 0 ? 0 : _blanks[before].Blank);
    }

    /// <summary>Where a row begins and where the next one does, in bytes.</summary>
    public (long Start, long End) Range(int row) => (_starts[row], row + 1 < _starts.Count ? _starts[row + 1] : _length);

    /// <summary>Reads a file through once.</summary>
    /// <param name="file">The file.</param>
    /// <param name="progress">Takes the bytes that are read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static LineIndex Build(SafeFileHandle file, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var index = new LineIndex(RandomAccess.GetLength(file));
        var builder = new Builder(index);
        var chunk = new byte[ChunkBytes];
        for (long at = 0; at < index._length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, chunk, at);
            if (read == 0)
                break;
            builder.Take(chunk.AsSpan(0, read), at);
            at += read;
            progress?.Report(at);
        }
        builder.End();
        index._starts.TrimExcess();
        return index;
    }

    /// <summary>What is known of the line that a chunk may have cut.</summary>
    private sealed class Builder(LineIndex index)
    {
        private long _lineStart;
        private bool _hasContent;
        private long _blank;
        private long _told;

        public void Take(ReadOnlySpan<byte> chunk, long offset)
        {
            if (offset == 0)
            {
                RefuseOtherEncodings(chunk);
                if (chunk.StartsWith("\uFEFF"u8))
                {
                    chunk = chunk[3..];
                    offset = _lineStart = 3;
                }
            }
            while (!chunk.IsEmpty)
            {
                var end = chunk.IndexOf((byte)'\n');
                var part = end < 0 ? chunk : chunk[..end];
                _hasContent = _hasContent || part.IndexOfAnyExcept(" \t\r"u8) >= 0;
                if (end < 0)
                    return;
                offset += end + 1;
                EndLine(offset);
                chunk = chunk[(end + 1)..];
            }
        }

        public void End()
        {
            if (_hasContent)
                EndLine(index._length);
        }

        private void EndLine(long next)
        {
            if (_hasContent)
            {
                if (_blank != _told)
                    index._blanks.Add((index._starts.Count, _told = _blank));
                index._starts.Add(_lineStart);
            }
            else
            {
                _blank++;
            }
            (_lineStart, _hasContent) = (next, false);
        }

        private static void RefuseOtherEncodings(ReadOnlySpan<byte> chunk)
        {
            if (chunk.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || chunk.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
                throw new InputFileException("the file is UTF-16; save it as UTF-8.");
        }
    }
}
