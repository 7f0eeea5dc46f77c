using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Octavo.UnitTests.Core.Tokenizers.Training;

/// <summary>A folder with texts for one test, gone afterwards.</summary>
internal sealed class TrainingTexts : IDisposable
{
    private static readonly string[] _subjects =
        ["the old miller", "a clerk from the harbour", "my neighbour's daughter", "the committee", "an engine", "nobody", "the second editor", "rain"];

    private static readonly string[] _verbs =
        ["carried", "would not explain", "measured", "has forgotten", "didn't notice", "kept repairing", "was describing", "sold"];

    private static readonly string[] _objects =
        ["a bundle of letters", "the broken weathercock", "every single proposal", "its own shadow", "two barrels of salt", "the missing chapter", "what remained"];

    private static readonly string[] _ends =
        ["before breakfast", "without much enthusiasm", "on the other side of the river", "in 1987", "for 25 years", "as usual", "because the lamp had gone out"];

    /// <summary>A short text, the same on every machine.</summary>
    public const string English =
        "when the wind came round to the north the fishermen drew their boats above the line of weed and waited for the weather to make up its mind " +
        "there was nothing to be done while the waves were breaking over the wall and nobody wanted to be the first to say that winter had begun " +
        "the boats lay there in the weather until the wall was whole again and then the fishermen said that they had known it all the while";

    public string Folder { get; } = Directory.CreateTempSubdirectory("octavo-training-").FullName;

    public string Out => Path.Combine(Folder, "out");

    /// <summary>Sentences put together from parts, of at least so many bytes, the same for a seed.</summary>
    public static string Sentences(int bytes, ulong seed)
    {
        var random = new Octavo.Core.SeededRandom(seed);
        string Of(string[] parts) => parts[random.Next(parts.Length)];
        var text = new StringBuilder();
        while (text.Length < bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Of(_subjects)} {Of(_verbs)} {Of(_objects)} {Of(_ends)}");
            text.Append(random.Next(4) == 0 ? ".\n" : random.Next(9) == 0 ? $", number {random.Next(10000)}; " : ". ");
        }
        return text.ToString();
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string WritePacked(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
