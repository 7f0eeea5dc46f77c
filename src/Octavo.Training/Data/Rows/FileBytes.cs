using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Octavo.Core;

namespace Octavo.Training.Data.Rows;

/// <summary>Reading of files by place.</summary>
internal static class FileBytes
{
    private const int SampleBytes = 64 << 10;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="InputFileException">There is no such file, or it may not be read.</exception>
    public static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Fills a buffer.</summary>
    /// <exception cref="InputFileException">The file has become shorter, or cannot be read.</exception>
    public static void ReadExactly(SafeFileHandle file, Span<byte> buffer, long offset, string path)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                var read = RandomAccess.Read(file, buffer, offset);
                if (read == 0)
                    throw new InputFileException($"{path} has become shorter since it was opened. Leave data files alone during a run.");
                buffer = buffer[read..];
                offset += read;
            }
        }
        catch (IOException error)
        {
            throw new InputFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Tells a file from a changed one without reading it whole: its length, and bytes of its beginning, middle and end.</summary>
    public static string Fingerprint(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        var sample = new byte[Math.Min(length, SampleBytes)];
        foreach (var start in (ReadOnlySpan<long>)[0, (length - sample.Length) / 2, length - sample.Length])
        {
            ReadExactly(file, sample, start, path);
            hash.AppendData(sample);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
