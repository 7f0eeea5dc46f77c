using System.Globalization;
using System.Text.Json;

namespace Octavo.Bench.Kv;

/// <summary>What one method did in every round.</summary>
/// <param name="Method">As <c>--kv</c> takes it.</param>
/// <param name="Rounds">Tokens a second, or seconds.</param>
/// <param name="Ratios">By how much it is faster than everything kept and read, within each round.</param>
/// <param name="Bytes">Keys and values that are stored after the prompt.</param>
/// <param name="BytesShare">Of what everything in fp16 takes.</param>
internal sealed record Row(string Method, IReadOnlyList<double> Rounds, IReadOnlyList<double> Ratios, long Bytes, double BytesShare)
{
    public static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Print(IReadOnlyList<Row> rows, string unit)
    {
        var width = rows.Max(row => row.Method.Length);
        Console.WriteLine($"{"method".PadRight(width)}  {unit,9}  least–most       faster  least–most   stored MB  share");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Method.PadRight(width)}  {Median(row.Rounds),9:F2}  {row.Rounds.Min():F2}–{row.Rounds.Max():F2}  {Median(row.Ratios),9:F2}×  {row.Ratios.Min():F2}–{row.Ratios.Max():F2}  {row.Bytes / 1e6,9:F2}  {row.BytesShare:F4}"));
        }
        Console.WriteLine($"Load average {Load()} at the end.");
    }

    public static double Median(IReadOnlyList<double> figures)
    {
        var sorted = figures.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "not known";
}
