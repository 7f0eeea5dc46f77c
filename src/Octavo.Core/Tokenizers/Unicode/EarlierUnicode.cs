using System.Globalization;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>
/// The marks, punctuation, controls and formats of earlier versions of Unicode. The reference's libraries know these versions
/// only, so what came later is none of them there. Numbers of code points are in hexadecimal; a range may hold code points that
/// are something else.
/// </summary>
internal static class EarlierUnicode
{
    private const string Eight = """
        0-36F 37E 387 483-489 55A-58A 591-5C7 5F3-5F4 600-61C 61E-70D 70F-74A 7A6-7B0 7EB-7F9 816-82D 830-83E 859-85B 85E 8E3-983
        9BC-9C4 9C7-9C8 9CB-9CD 9D7 9E2-9E3 A01-A03 A3C A3E-A42 A47-A48 A4B-A4D A51 A70-A75 A81-A83 ABC-AC5 AC7-AC9 ACB-ACD AE2-AE3 AF0
        B01-B03 B3C-B44 B47-B48 B4B-B4D B56-B57 B62-B63 B82 BBE-BC2 BC6-BC8 BCA-BCD BD7 C00-C03 C3E-C44 C46-C48 C4A-C4D C55-C56 C62-C63
        C81-C83 CBC-CC4 CC6-CC8 CCA-CCD CD5-CD6 CE2-CE3 D01-D03 D3E-D44 D46-D48 D4A-D4D D57-D63 D82-D83 DCA DCF-DD4 DD6 DD8-DDF DF2-DF4
        E31-E3A E47-E5B EB1-EB9 EBB-EBC EC8-ECD F04-F3F F71-F97 F99-FBC FC6 FD0-FDA 102B-109D 10FB 135D-1368 1400-169C 16EB-16ED
        1712-1714 1732-1736 1752-1753 1772-1773 17B4-17DD 1800-180E 1885-18A9 1920-192B 1930-193B 1944-1945 1A17-1A1B 1A1E-1A5E
        1A60-1A7C 1A7F 1AA0-1AAD 1AB0-1ABE 1B00-1B44 1B5A-1B73 1B80-1BF3 1BFC-1C37 1C3B-1C3F 1C7E-1C7F 1CC0-1CC7 1CD0-1CF4 1CF8-1CF9
        1DC0-1DF5 1DFC-1DFF 200B-2064 2066-206F 207D-208E 20D0-20F0 2308-232A 2768-29FD 2CEF-2CF1 2CF9-2CFF 2D70 2D7F 2DE0-2E42
        3001-303D 3099-30FB A4FE-A60F A66F-A6F7 A802-A827 A874-A877 A880-A8C4 A8CE-A8CF A8E0-A8FC A926-A953 A95F A980-A9CD A9DE-A9E5
        AA29-AA36 AA43-AA4D AA5C-AAC1 AADE-AAF6 ABE3-ABED E000-F8FF FB1E FD3E-FD3F FE00-FE19 FE20-FE52 FE54-FE63 FE68-FE6B FEFF
        FF01-FF65 FFF9-FFFB 10100-10102 101FD 102E0 10376-1037A 1039F 103D0 1056F 10857 1091F 1093F 10A01-10A03 10A05-10A06 10A0C-10A0F
        10A38-10A3A 10A3F 10A50-10A58 10A7F 10AE5-10AE6 10AF0-10AF6 10B39-10B3F 10B99-10B9C 11000-1104D 1107F-110C1 11100-11134
        11140-11143 11173-11175 11180-111CD 111DB-111DF 1122C-1123D 112A9 112DF-112EA 11300-11303 1133C-11344 11347-11348 1134B-1134D
        11357 11362-11363 11366-1136C 11370-11374 114B0-114C6 115AF-115B5 115B8-115DD 11630-11643 116AB-116B7 1171D-1172B 1173C-1173E
        12470-12474 16A6E-16A6F 16AF0-16AF5 16B30-16B44 16F51-16F7E 16F8F-16F92 1BC9D-1BCA3 1D165-1D1AD 1D242-1D244 1DA00-1DA8B
        1DA9B-1DA9F 1DAA1-1DAAF 1E8D0-1E8D6 E0001 E0020-E007F E0100-E01EF F0000-FFFFD 100000-10FFFD
        """;

    private const string Nine = """
        8D4-8E2 1DFB 2E43-2E44 A8C5 1123E 11435-11446 1144B-1144F 1145B 1145D 11660-1166C 11C2F-11C36 11C38-11C3F 11C41-11C45
        11C70-11C71 11C92-11CA7 11CA9-11CB6 1E000-1E006 1E008-1E018 1E01B-1E021 1E023-1E024 1E026-1E02A 1E944-1E94A 1E95E-1E95F
        """;

    /// <summary>Those of Unicode 8.</summary>
    public static ScalarSet Unicode8 { get; } = new RangeSet(Read(Eight));

    /// <summary>Those of Unicode 9.</summary>
    public static ScalarSet Unicode9 { get; } = new RangeSet([.. Read(Eight), .. Read(Nine)]);

    private static IEnumerable<(int, int)> Read(string ranges)
    {
        foreach (var word in ranges.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = word.IndexOf('-', StringComparison.Ordinal);
            var first = Hex(dash < 0 ? word : word[..dash]);
            yield return (first, dash < 0 ? first : Hex(word[(dash + 1)..]));
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
