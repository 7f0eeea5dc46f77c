using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Chat;

/// <summary>What a model has read of a kept conversation: a file beside the conversation's own, so that going on does not read it again.</summary>
internal static class ConversationPages
{
    /// <summary>Writes them; returns how many tokens they hold.</summary>
    /// <exception cref="InputFileException">The file cannot be written.</exception>
    public static int Save(string file, LanguageModel model, Session session) => model.PrefixCache.Save(Beside(file), session.Tokens, session.Adapter);

    /// <summary>Lets the model find them, where there are any.</summary>
    public static void Open(string file, LanguageModel model)
    {
        if (File.Exists(Beside(file)))
            model.PrefixCache.Open(Beside(file));
    }

    private static string Beside(string file) => file + ".prefix";
}
