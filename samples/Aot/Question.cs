using System.Globalization;
using Octavo.Core;

namespace Octavo.Samples.Aot;

/// <summary>What the command line asks for.</summary>
/// <param name="Text">The question.</param>
/// <param name="Model">Folder or <c>.gguf</c> file; null takes the bundled model.</param>
/// <param name="InstructionSet">A forced instruction set; null takes the best of the program.</param>
/// <param name="MaxTokens">The most tokens of the answer.</param>
internal sealed record Question(string Text, string? Model, string? InstructionSet, int MaxTokens)
{
    public const string Usage = "octavo-aot [--model PATH] [--isa SET] [--max-tokens N] QUESTION";

    private const string BundledModel = "models/smollm2-135m-instruct";

    /// <exception cref="ConfigException">An option is not known or has no value, or there is not exactly one question.</exception>
    public static Question Parse(string[] args)
    {
        var question = new Question("", null, null, 256);
        for (var i = 0; i < args.Length; i++)
        {
            question = args[i] switch
            {
                "--model" => question with { Model = Value(args, ref i) },
                "--isa" => question with { InstructionSet = Value(args, ref i) },
                "--max-tokens" => question with { MaxTokens = Count(Value(args, ref i)) },
                ['-', ..] => throw new ConfigException($"'{args[i]}' is no option. Usage: {Usage}"),
                _ when question.Text.Length > 0 => throw new ConfigException($"there are two questions; put one in quotes. Usage: {Usage}"),
                _ => question with { Text = args[i] },
            };
        }
        return question.Text.Length > 0 ? question : throw new ConfigException($"there is no question. Usage: {Usage}");
    }

    /// <summary>The model's path: the given one, else the bundled model in or above the working directory or the program's.</summary>
    /// <exception cref="InputFileException">The bundled model is in none of them.</exception>
    public string FindModel()
    {
        if (Model is not null)
            return Model;
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var path = Path.Combine(folder.FullName, BundledModel);
                if (Directory.Exists(path))
                    return path;
            }
        }
        throw new InputFileException(
            $"{BundledModel} is neither in or above {Environment.CurrentDirectory} nor {AppContext.BaseDirectory}; give --model PATH.");
    }

    private static string Value(string[] args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new ConfigException($"{args[i]} has no value. Usage: {Usage}");

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new ConfigException($"--max-tokens is '{text}'; give a whole number above 0.");
}
