using System.Text;

namespace Octavo.UnitTests.Core.Safetensors;

/// <summary>Builds safetensors files by hand, right or wrong in any place.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file of a header's text and as many bytes of data; <paramref name="length"/> lies about the header's length.</summary>
    public static byte[] Of(string header, int data = 0, ulong? length = null) => Of(Encoding.UTF8.GetBytes(header), data, length);

    public static byte[] Of(byte[] header, int data = 0, ulong? length = null) =>
        [.. BitConverter.GetBytes(length ?? (ulong)header.Length), .. header, .. Enumerable.Range(0, data).Select(i => (byte)i)];

    /// <summary>One entry of a header.</summary>
    public static string Entry(string name, string type, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}";
}
