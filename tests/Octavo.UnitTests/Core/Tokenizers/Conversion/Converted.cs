using CsCheck;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Conversion;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Conversion;

/// <summary>Carries tokenizers over and compares what comes out with what went in.</summary>
internal static class Converted
{
    /// <summary>The metadata of a file that lies with the goldens.</summary>
    public static GgufMetadata Golden(string name)
    {
        using var file = GgufFile.Open(name == "smollm2"
            ? TokenizerFiles.Model("SmolLM2-135M-Instruct.Q4_1.gguf")
            : TokenizerFiles.Golden($"gguf/{name}"));
        return file.Metadata;
    }

    /// <summary>Writes a GGUF file's tokenizer into a folder.</summary>
    public static TokenizerFolder Write(GgufMetadata metadata)
    {
        var folder = new TokenizerFolder();
        foreach (var (name, content) in TokenizerFolderWriter.Files(metadata))
            File.WriteAllBytes(Path.Combine(folder.Folder, name), content);
        return folder;
    }

    /// <summary>What a reader makes of entries.</summary>
    public static Tokenizer Read(IReadOnlyDictionary<string, object> entries) =>
        TokenizerReader.FromGguf(new GgufMetadata("written", entries.ToDictionary()));

    /// <summary>Random texts give the same ids, and these the same texts, alone and as a stream.</summary>
    public static void CompareOver(Tokenizer source, Tokenizer written, int count, Gen<string>? texts = null) =>
        (texts ?? RandomText.Texts).Sample(
            text =>
            {
                foreach (var special in new[] { false, true })
                {
                    var ids = Ids(source, text, special);
                    Ids(written, text, special).ShouldBe(ids, text);
                    written.Decode(ids, skipSpecial: special).ShouldBe(source.Decode(ids, skipSpecial: special), text);
                    var stream = written.CreateDecoder(skipSpecial: special);
                    (string.Concat(ids.Select(stream.Append)) + stream.Flush()).ShouldBe(source.Decode(ids, skipSpecial: special), text);
                }
            },
            iter: count,
            threads: 1);

    private static int[] Ids(Tokenizer tokenizer, string text, bool special) => [.. tokenizer.Encode(text, addSpecial: special).Select(token => token.Id)];
}
