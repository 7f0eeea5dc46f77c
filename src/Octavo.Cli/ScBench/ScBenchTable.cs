using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;

namespace Octavo.Cli.ScBench;

/// <summary>Figures of SCBench as a table or as JSON.</summary>
internal static class ScBenchTable
{
    public static void Write(Terminal terminal, IReadOnlyList<TurnScores> scores, bool isJson)
    {
        if (isJson)
        {
            WriteJson(terminal, scores);
            return;
        }
        var turns = scores.Max(row => row.Parity.Count);
        List<string> headers =
        [
            "task", "mode", "kv", ">rows", .. Enumerable.Range(1, turns).Select(turn => $">turn {turn}"), ">mean", ">strict", ">stored", ">peak", ">first token ms", ">ms/token",
        ];
        new Rich(terminal).Table(headers, scores.Select(row => ((string[])
        [
            row.Task, Mode(row), row.Kv, row.Rows.ToString(CultureInfo.InvariantCulture),
            .. Enumerable.Range(0, turns).Select(turn => turn < row.Parity.Count ? Number(row.Parity[turn]) : ""),
            Number(row.Mean), Number(row.StrictMean), Rich.Bytes((long)row.StoredBytes), Rich.Bytes(row.PeakBytes), Number(row.FirstTokenMs), Number(row.PerTokenMs),
        ]).Select(Rich.Plain).ToArray()));
    }

    private static void WriteJson(Terminal terminal, IReadOnlyList<TurnScores> scores) => JsonText.WriteIndented(terminal.Out, json =>
    {
        json.WriteStartArray("runs");
        foreach (var row in scores)
        {
            json.WriteStartObject();
            json.WriteString("task", row.Task);
            json.WriteString("mode", row.Mode == ContextMode.MultiTurn ? "multi-turn" : "multi-request");
            json.WriteString("history", row.History == AnswerHistory.Golden ? "golden" : "self");
            json.WriteString("kv", row.Kv);
            json.WriteNumber("rows", row.Rows);
            Numbers("parity", row.Parity);
            Numbers("strict", row.Strict);
            json.WriteNumber("mean", Math.Round(row.Mean, 3));
            json.WriteNumber("strictMean", Math.Round(row.StrictMean, 3));
            json.WriteNumber("storedBytes", Math.Round(row.StoredBytes));
            json.WriteNumber("peakBytes", row.PeakBytes);
            json.WriteNumber("firstTokenMs", Math.Round(row.FirstTokenMs, 3));
            json.WriteNumber("msPerToken", Math.Round(row.PerTokenMs, 3));
            json.WriteEndObject();
        }
        json.WriteEndArray();

        void Numbers(string name, IEnumerable<double> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
                json.WriteNumberValue(Math.Round(value, 3));
            json.WriteEndArray();
        }
    });

    private static string Mode(TurnScores row) => row.Mode == ContextMode.MultiRequest ? "multi-request"
        : row.History == AnswerHistory.Self ? "multi-turn, own answers" : "multi-turn";

    private static string Number(double figure) => figure.ToString("F1", CultureInfo.InvariantCulture);
}
