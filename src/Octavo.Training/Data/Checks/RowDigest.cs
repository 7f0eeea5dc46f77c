using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Octavo.Training.Data.Forms;

namespace Octavo.Training.Data.Checks;

/// <summary>Tells rows that say the same.</summary>
internal static class RowDigest
{
    /// <summary>64 bits of what a sample says, whatever its columns are called.</summary>
    public static ulong Of(Sample sample)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        switch (sample)
        {
            case ChatSample chat:
                Append(hash, chat.Messages);
                break;
            case PreferenceSample pair:
                Append(hash, pair.Chosen);
                Append(hash, pair.Rejected);
                break;
            case TextSample text:
                Append(hash, text.Text);
                break;
        }
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, IReadOnlyList<Message> messages)
    {
        foreach (var message in messages)
        {
            Append(hash, message.Role);
            Append(hash, message.Content);
        }
    }

    // the length first, so that two texts are not taken for one
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
