using Octavo.Cli.Output;
using Shouldly;

namespace Octavo.UnitTests.Cli.Output;

public class JsonTextTests
{
    [Fact]
    public void WriteLine_TextNumbersPairs_IsOneLineOfPlainJson()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        JsonText.WriteLine(writer, json =>
        {
            json.WriteString("text", "é\n\"<|x|>'👍");
            json.WriteNumbers("ids", [1, 2]);
            json.WriteTexts("pieces", ["Ġa"]);
            json.WritePairs("top", [(5, 1.5f)]);
            json.WriteSeconds("time", TimeSpan.FromTicks(12_345_678));
        });
        writer.ToString().ShouldBe(
            "{\"text\":\"é\\n\\\"<|x|>'\\uD83D\\uDC4D\",\"ids\":[1,2],\"pieces\":[\"Ġa\"],\"top\":[[5,1.5]],\"time\":1.234568}\n");
    }

    [Fact]
    public void StatusLine_NoTerminal_SaysNothingAtFirst()
    {
        using var terminal = new FakeTerminal();
        using var status = new StatusLine(terminal.Terminal, isOn: true);
        status.Report("goldens", 1, 10);
        status.Report("loading …");
        terminal.Error.ShouldBeEmpty();
    }
}
