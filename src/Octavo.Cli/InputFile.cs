using System.Text;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli;

/// <summary>Reads texts that the user names or pipes in.</summary>
internal static class InputFile
{
    private const long MaxBytes = 64L << 20;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InputFileException">The file is not there, too large, or no UTF-8.</exception>
    public static string ReadText(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new InputFileException($"{path}: is a folder; give a file.");
            var length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw new InputFileException($"{path}: {length} bytes; a text may have {MaxBytes}.");
            // the bytes, since the reader of texts takes another encoding where a file begins with its mark
            var text = _strict.GetString(File.ReadAllBytes(path));
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException error)
        {
            throw new InputFileException($"{path}: not UTF-8 text: {error.Message} Save it in UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Everything on standard input.</summary>
    /// <exception cref="InputFileException">It is no UTF-8.</exception>
    public static string ReadStandardInput(Terminal terminal)
    {
        try
        {
            return terminal.In.ReadToEnd();
        }
        catch (DecoderFallbackException error)
        {
            throw new InputFileException($"standard input is not UTF-8 text: {error.Message}", error);
        }
    }
}
