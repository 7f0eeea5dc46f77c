using Octavo.Core.Gguf;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.Engine;
using Octavo.Systems.ScBench.Prompts;
using Octavo.TestKit;

namespace Octavo.UnitTests.Systems.ScBench;

/// <summary>The bundled model's tokenizer and template, without its weights.</summary>
internal static class BundledTokenizer
{
    private static readonly (Tokenizer Tokenizer, ChatTemplate Template) _bundled = Read();

    public static Tokenizer Tokenizer => _bundled.Tokenizer;

    public static PromptBuilder Raw { get; } = new(Tokenizer, null);

    public static PromptBuilder Chat { get; } = new(Tokenizer, new ChatPrompt(_bundled.Template, Tokenizer));

    /// <summary>The text of ids, with the tokens that open and close turns.</summary>
    public static string Text(IReadOnlyList<int> ids) => Tokenizer.Decode([.. ids], skipSpecial: false);

    private static (Tokenizer, ChatTemplate) Read()
    {
        using var file = GgufFile.Open(Repository.BundledModel);
        return (TokenizerReader.FromGguf(file.Metadata), ChatTemplate.Parse(file.Metadata.Get<string>("tokenizer.chat_template")));
    }
}
