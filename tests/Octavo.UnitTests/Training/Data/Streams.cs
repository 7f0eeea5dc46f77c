using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Core.Tokenizers;
using Octavo.TestKit;
using Octavo.Training.Data;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Mixtures;

namespace Octavo.UnitTests.Training.Data;

/// <summary>Small streams for tests: a tokenizer of bytes with three special tokens, and files of seeded conversations.</summary>
internal static class Streams
{
    /// <summary>Ids 0 to 255 are bytes, 256 is &lt;|endoftext|&gt;, 257 and 258 are ChatML's; the first of them ends texts.</summary>
    public static Tokenizer Bytes(string folder) => TokenizerReader.FromFolder(TinyByteTokenizer.Write(folder));

    /// <summary>Conversations with the user's and the assistant's words in turn, without white space at their ends.</summary>
    public static List<Message> Conversation(SeededRandom random, Func<SeededRandom, string> text)
    {
        List<Message> messages = random.Next(3) == 0 ? [new Message("system", text(random))] : [];
        for (var turn = random.Next(4); turn >= 0; turn--)
            messages.AddRange([new Message("user", text(random)), new Message("assistant", text(random))]);
        return messages;
    }

    /// <summary>Words of many scripts, numbers, line ends and marks; nothing but white space is never given.</summary>
    public static string Words(SeededRandom random)
    {
        string[] parts = ["the", " cat", " 12", "\n\n1. x", " naïve", "日本", "😀", " {x}", "<|user|>", "é", "\tif", " 's", "½", "  two", "\n", "a", "👩‍🚀", "<|assistant|>\n"];
        var text = new StringBuilder();
        for (var i = random.Next(8); i >= 0; i--)
            text.Append(parts[random.Next(parts.Length)]);
        return text.ToString().Trim() is { Length: > 0 } words ? words : "x";
    }

    /// <summary>Writes a file of conversations, as long as their number says.</summary>
    public static string Write(TemporaryFolder folder, string name, int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var lines = Enumerable.Range(0, count).Select(i => new JsonObject
        {
            ["messages"] = new JsonArray([.. Conversation(random, Words).Select(message =>
                (JsonNode)new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]),
        }.ToJsonString());
        return folder.Write(name, Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    /// <summary>A stream of examples under the Tulu template.</summary>
    public static ExampleStream Open(TemporaryFolder folder, MixtureOptions options, EncodingOptions? encoding = null, int epochs = 2)
    {
        var tokenizer = Bytes(folder.File("tokenizer"));
        encoding ??= new EncodingOptions { MaxLength = 200 };
        var chat = new ChatEncoder(BuiltInTemplates.Get("tulu"), tokenizer, encoding.Turns);
        return new ExampleStream(Mixture.Open(options), new ExampleEncoder(tokenizer, chat, encoding), epochs);
    }

    /// <summary>The next example; null at the end of the last epoch.</summary>
    public static Example? Next(this ExampleStream stream)
    {
        do
        {
            if (stream.NextInEpoch() is { } example)
                return example;
        }
        while (stream.BeginNextEpoch());
        return null;
    }

    /// <summary>A template without generation blocks that renders as the built-in one does.</summary>
    public static ChatTemplate Unmarked(string name) => ChatTemplate.Parse(BuiltInTemplates.Unmarked(name));
}
