using Octavo.Training.Data.Forms;

namespace Octavo.Training.Data.Chats;

/// <summary>
/// The mask by the lengths of tokenized prefixes, as the Tulu 3 pipeline of 2024 made it. It is wrong wherever a token reaches
/// over the border of a message; it is here so that tests can compare it with the mask by places.
/// </summary>
internal static class PrefixMask
{
    /// <summary>Which tokens of a conversation are learned.</summary>
    /// <param name="encoder">Encodes prefixes.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="length">Tokens of the whole conversation.</param>
    public static bool[] Of(ChatEncoder encoder, IReadOnlyList<Message> messages, int length)
    {
        var isTarget = new bool[length];
        Array.Fill(isTarget, true);
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].IsAssistant)
                continue;
            var start = i == 0 ? 0 : encoder.EncodePrefix(messages, i, opensTurn: false).Length;
            var opens = i + 1 < messages.Count && messages[i + 1].IsAssistant;
            var end = encoder.EncodePrefix(messages, i + 1, opens).Length;
            isTarget.AsSpan(start, Math.Min(end, length) - start).Clear();
        }
        return isTarget;
    }
}
