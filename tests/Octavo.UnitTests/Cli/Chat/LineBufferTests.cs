using Octavo.Cli.Chat;
using Shouldly;

namespace Octavo.UnitTests.Cli.Chat;

public class LineBufferTests
{
    [Fact]
    public void Insert_InTheMiddle_KeepsTheRest()
    {
        var line = With("helo");
        line.Left();
        line.Insert("l");
        (line.Text, line.Caret).ShouldBe(("hello", 4));
    }

    [Fact]
    public void Backspace_AfterAnEmojiWithSkinTone_TakesItWhole()
    {
        var line = With("ok 👍🏽");
        line.Backspace();
        line.Text.ShouldBe("ok ");
    }

    [Fact]
    public void Delete_BeforeACombiningMark_TakesTheLetterWithIt()
    {
        var line = With("e\u0301a");
        line.Home();
        line.Delete();
        line.Text.ShouldBe("a");
    }

    [Fact]
    public void Edges_NothingToRemove_ChangeNothing()
    {
        var line = With("");
        line.Backspace();
        line.Delete();
        line.DeleteWord();
        line.Left();
        line.Right();
        (line.Text, line.Caret).ShouldBe(("", 0));
    }

    [Fact]
    public void DeleteWord_TrailingBlank_TakesWordAndBlank()
    {
        var line = With("one two ");
        line.DeleteWord();
        line.Text.ShouldBe("one ");
    }

    [Fact]
    public void Words_LeftAndRight_StopAtTheirEdges()
    {
        var line = With("one two");
        line.WordLeft();
        line.Caret.ShouldBe(4);
        line.WordLeft();
        line.Caret.ShouldBe(0);
        line.WordRight();
        line.Caret.ShouldBe(3);
    }

    [Fact]
    public void DeleteToStartAndEnd_AtTheCaret_KeepTheOtherSide()
    {
        var line = With("abcd");
        line.Left();
        line.DeleteToStart();
        line.Text.ShouldBe("d");
        line.DeleteToEnd();
        line.Text.ShouldBe("");
    }

    [Fact]
    public void History_UpAndDown_EndsAtTheDraft()
    {
        var line = new LineBuffer();
        line.Remember("first");
        line.Remember("second");
        line.Remember("second");
        line.Remember("");
        line.Begin();
        line.Insert("draft");
        line.Older();
        line.Text.ShouldBe("second");
        line.Older();
        line.Text.ShouldBe("first");
        line.Older();
        line.Text.ShouldBe("first");
        line.Newer();
        line.Newer();
        line.Text.ShouldBe("draft");
        line.Newer();
        line.Text.ShouldBe("draft");
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("👍", 2)]
    [InlineData("", 0)]
    public void CellWidth_OfAText_CountsColumns(string text, int width) => CellWidth.Of(text).ShouldBe(width);

    private static LineBuffer With(string text)
    {
        var line = new LineBuffer();
        line.Begin();
        line.Insert(text);
        return line;
    }
}
