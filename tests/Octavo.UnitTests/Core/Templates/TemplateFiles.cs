using System.Text;

namespace Octavo.UnitTests.Core.Templates;

/// <summary>Finds goldens and publishers' templates; what is not there is null.</summary>
internal static class TemplateFiles
{
    /// <summary>A folder of chat-template cases: in the repository, else where OCTAVO_GOLDENS points.</summary>
    public static string? Golden(string name)
    {
        var folders = new[] { Repository() is { } root ? Path.Combine(root, "golden") : null, Environment.GetEnvironmentVariable("OCTAVO_GOLDENS") };
        return folders.OfType<string>().Select(folder => Path.Combine(folder, "chat-templates", name)).FirstOrDefault(Directory.Exists);
    }

    /// <summary>A file or folder under OCTAVO_MODELS.</summary>
    public static string? Model(params string[] path)
    {
        if (Environment.GetEnvironmentVariable("OCTAVO_MODELS") is not { Length: > 0 } models) return null;
        var full = Path.Combine([models, .. path]);
        return File.Exists(full) || Directory.Exists(full) ? full : null;
    }

    /// <summary>The chat template in the header of a GGUF file.</summary>
    public static string? ScanGguf(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        reader.ReadUInt32();
        reader.ReadUInt32();
        reader.ReadUInt64();
        var entries = reader.ReadUInt64();
        for (var i = 0UL; i < entries; i++)
        {
            var key = ReadText(reader);
            var type = reader.ReadUInt32();
            if (key == "tokenizer.chat_template") return ReadText(reader);
            Skip(reader, type);
        }
        return null;
    }

    private static string? Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Octavo.slnx"))) return folder.FullName;
        }
        return null;
    }

    private static string ReadText(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static void Skip(BinaryReader reader, uint type)
    {
        switch (type)
        {
            case 0 or 1 or 7: reader.ReadByte(); break;
            case 2 or 3: reader.ReadUInt16(); break;
            case 4 or 5 or 6: reader.ReadUInt32(); break;
            case 8: ReadText(reader); break;
            case 9:
                var item = reader.ReadUInt32();
                var count = reader.ReadUInt64();
                for (var i = 0UL; i < count; i++) Skip(reader, item);
                break;
            default: reader.ReadUInt64(); break;
        }
    }
}
