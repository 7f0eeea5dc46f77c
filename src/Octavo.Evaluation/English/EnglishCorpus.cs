using System.IO.Compression;
using System.Text;
using Octavo.Core;

namespace Octavo.Evaluation.English;

/// <summary>
/// English text from the documentation that Debian's packages install. The same files give the same documents. A package's documents and
/// a page's versions are in one split; a paragraph that occurs twice is kept once, in "test" before "dev" before "train", so that nothing
/// held out is trained on.
/// </summary>
/// <param name="root">The file system's root; another one for tests.</param>
internal sealed class EnglishCorpus(string root = "/")
{
    /// <summary>What brings more text to a Debian machine.</summary>
    public const string Install =
        "apt-get install --no-install-recommends manpages manpages-dev perl-doc debian-faq debian-policy developers-reference debian-reference-en debmake-doc git-doc";

    public static readonly string[] Splits = ["train", "dev", "test"];

    private const long LargestFile = 8 << 20;

    // some programs bring thousands of pages that say the same of each of their verbs
    private const int MostOfFamily = 200;

    private static readonly string[] _folders =
    [
        "usr/share/doc", "usr/share/perl", "usr/share/perl5",
        "usr/share/info", .. Enumerable.Range(1, 8).Select(section => $"usr/share/man/man{section}"),
    ];

    // licences and lists of changes are no prose to learn from, and most packages share them
    private static readonly string[] _left = ["copyright", "changelog", "license", "licence", "copying", "authors", "thanks",
        "credits", "makefile"];

    /// <summary>Documents of a split, in the order of their paths.</summary>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <param name="progress">Told how many files are read, and of how many.</param>
    /// <param name="cancellationToken">Looked at between files.</param>
    /// <exception cref="ConfigException">There is no such split.</exception>
    /// <exception cref="InputFileException">There is no documentation on this machine.</exception>
    public IEnumerable<EnglishDocument> Read(string split, Action<int, int>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!Splits.Contains(split))
            throw new ConfigException($"english has no split '{split}'; it has {string.Join(", ", Splits)}.");
        var files = Files().Select(path => (Path: path, Split: SplitOf(path))).ToList();
        if (files.All(file => file.Split != split))
            throw new InputFileException($"no documentation was found below {System.IO.Path.Combine(root, "usr/share")} for the split '{split}'. Install some: {Install}");
        // what is held out from this split is read first
        string[] order = split switch { "test" => ["test"], "dev" => ["test", "dev"], _ => ["test", "dev", "train"] };
        return Read(split, [.. order.SelectMany(part => files.Where(file => file.Split == part))], progress, cancellationToken);
    }

    /// <summary>
    /// The split that a file belongs to: by its family, which is a package's name without digits or, for manual pages, the letters that a page
    /// begins with. So versions stay together, and so do the pages of one program.
    /// </summary>
    internal string SplitOf(string path) =>
        ((TextHash.Of(FamilyOf(path)) >> 32) % 100) switch { < 90 => "train", < 95 => "dev", _ => "test" };

    private IEnumerable<EnglishDocument> Read(
        string split, List<(string Path, string Split)> files, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        // hashes, since the text itself would take a gigabyte
        HashSet<ulong> seen = [];
        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(i, files.Count);
            var paragraphs = Paragraphs(files[i].Path).Where(EnglishFilter.Accepts).Where(paragraph => seen.Add(TextHash.Of(paragraph))).ToList();
            if (paragraphs.Count > 0 && files[i].Split == split)
                yield return new EnglishDocument("/" + Relative(files[i].Path), split, paragraphs);
        }
    }

    private IEnumerable<string> Files()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return _folders.Select(folder => System.IO.Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options)).Where(IsText).Order(StringComparer.Ordinal)
            .GroupBy(FamilyOf).SelectMany(family => family.Take(MostOfFamily)).Order(StringComparer.Ordinal);
    }

    private string FamilyOf(string path)
    {
        var parts = Relative(path).Split('/');
        var letters = parts[2] == "doc" ? parts[3].Split(':')[0].Where(char.IsAsciiLetter) : parts[^1].TakeWhile(char.IsAsciiLetter);
        return string.Concat(letters).ToLowerInvariant();
    }

    private string Relative(string path) => System.IO.Path.GetRelativePath(root, path);

    private static bool IsText(string path)
    {
        var name = System.IO.Path.GetFileName(path).ToLowerInvariant();
        return Kind(path) is not null && !_left.Any(left => name.StartsWith(left, StringComparison.Ordinal));
    }

    /// <summary>How a file's text is marked up, or null where it holds none.</summary>
    private static Func<string, IEnumerable<string>>? Kind(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
            name = name[..^3];
        if (path.Contains("/share/man/", StringComparison.Ordinal))
            return RoffText.Paragraphs;
        if (path.Contains("/share/info/", StringComparison.Ordinal))
            return name.Contains(".info", StringComparison.Ordinal) ? MarkupText.OfPlain : null;
        return System.IO.Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".html" or ".htm" or ".xhtml" => MarkupText.OfHtml,
            ".pod" or ".pm" => MarkupText.OfPod,
            ".md" or ".rst" or ".markdown" => MarkupText.OfMarkdown,
            ".txt" or ".debian" or ".text" => MarkupText.OfPlain,
            "" when name.All(letter => char.IsAsciiLetterUpper(letter) || letter is '-' or '_') => MarkupText.OfPlain,
            _ => null,
        };
    }

    private static IEnumerable<string> Paragraphs(string path)
    {
        string text;
        try
        {
            using Stream file = File.OpenRead(path);
            if (file.Length > LargestFile)
                return [];
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            text = reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputFileException($"{path}: cannot be read: {error.Message}", error);
        }
        // other encodings than UTF-8 and binary files
        return text.Contains('\ufffd') || text.Contains('\0') ? [] : Kind(path)!(text.ReplaceLineEndings("\n")).Select(paragraph => paragraph.Trim());
    }
}
