using System.Globalization;
using System.Text;
using Octavo.Cli.Output;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data.Chats;

namespace Octavo.Cli.Data;

/// <summary>
/// Prints an example with what of it is learned. With colour: green is learned, grey is not, inverted are special tokens.
/// Without: brackets say the same.
/// </summary>
/// <param name="terminal">Where to.</param>
/// <param name="tokenizer">The tokenizer.</param>
internal sealed class ExampleText(Terminal terminal, Tokenizer tokenizer)
{
    private const string Reset = "\e[0m";

    /// <summary>The whole example as text.</summary>
    public void Write(string title, EncodedSample sample)
    {
        WriteTitle(title, sample);
        var text = new StringBuilder();
        var (ids, isTarget) = (sample.Tokens.Ids, sample.Tokens.IsTarget);
        for (var at = 0; at < ids.Length;)
        {
            var (target, special) = (isTarget[at], tokenizer.IsSpecial(ids[at]));
            var end = at + 1;
            while (end < ids.Length && isTarget[end] == target && !special && !tokenizer.IsSpecial(ids[end]))
                end++;
            var opens = at == 0 ? target : target && !isTarget[at - 1];
            var closes = target && (end == ids.Length || !isTarget[end]);
            Append(text, special ? tokenizer.Piece(ids[at]) : Decode(ids.AsSpan(at, end - at)), target, special, opens, closes);
            at = end;
        }
        // an example that ends with a line end has broken the line already
        terminal.Out.Write(text.ToString());
        terminal.Out.WriteLine(ids.Length > 0 && Decode(ids.AsSpan(ids.Length - 1)).EndsWith('\n') ? "" : "\n");
    }

    /// <summary>One line for each token.</summary>
    public void WriteIds(string title, EncodedSample sample)
    {
        WriteTitle(title, sample);
        for (var i = 0; i < sample.Tokens.Ids.Length; i++)
        {
            var (id, target) = (sample.Tokens.Ids[i], sample.Tokens.IsTarget[i]);
            var line = $"{i,6} {id,7}  {(target ? '●' : '·')}  {Visible(tokenizer.Piece(id), breaksLines: false)}";
            terminal.Out.WriteLine(terminal.HasColor ? Style(target, tokenizer.IsSpecial(id)) + line + Reset : line);
        }
        terminal.Out.WriteLine();
    }

    /// <summary>What the colours or the brackets mean.</summary>
    public void WriteLegend() => terminal.Out.WriteLine(terminal.HasColor
        ? $"{Style(true, false)}learned{Reset}  {Style(false, false)}not learned{Reset}  {Style(true, true)}special token{Reset}"
        : "⟦learned⟧  ‹special token›");

    private void WriteTitle(string title, EncodedSample sample)
    {
        var targets = sample.Tokens.Targets;
        var share = 100.0 * targets / Math.Max(1, sample.Tokens.Ids.Length);
        var fate = sample.Fate switch
        {
            SampleFate.Truncated => $"; cut from {sample.WholeLength}",
            SampleFate.NoTarget => "; left out: nothing of it is to be learned",
            SampleFate.TooLong => "; left out: too long",
            _ => "",
        };
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{title}: {sample.Tokens.Ids.Length} tokens, {targets} learned ({share:F0} %){fate}");
        terminal.Out.WriteLine(terminal.HasColor ? $"\e[1m{line}{Reset}" : line);
    }

    private void Append(StringBuilder text, string part, bool target, bool special, bool opens, bool closes)
    {
        var visible = Visible(part, breaksLines: true);
        if (terminal.HasColor)
        {
            text.Append(Style(target, special)).Append(visible).Append(Reset);
            return;
        }
        text.Append(opens ? "⟦" : "").Append(special ? $"‹{visible}›" : visible).Append(closes ? "⟧" : "");
    }

    private static string Style(bool target, bool special) => (target ? "\e[32m" : "\e[90m") + (special ? "\e[7m" : "");

    // what stands in data must not steer a terminal; line ends are shown and kept
    private static string Visible(string text, bool breaksLines)
    {
        var visible = new StringBuilder(text.Length + 8);
        foreach (var unit in text)
        {
            if (unit == '\n')
                visible.Append(breaksLines ? "⏎\n" : "⏎");
            else if (unit < ' ')
                visible.Append((char)('\u2400' + unit));
            else
                visible.Append(char.IsControl(unit) ? '\uFFFD' : unit);
        }
        return visible.ToString();
    }

    private string Decode(ReadOnlySpan<int> ids)
    {
        var decoder = tokenizer.CreateDecoder(skipSpecial: false, continues: true);
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(decoder.Append(id));
        return text.Append(decoder.Flush()).ToString();
    }
}
