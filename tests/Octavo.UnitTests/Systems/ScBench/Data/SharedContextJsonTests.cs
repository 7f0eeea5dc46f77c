using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Data;

/// <summary>Rows in every form that the released dataset has.</summary>
public class SharedContextJsonTests
{
    public static TheoryData<string> Lines =>
    [
        // kv
        """{"id":0,"context":"{\"a\": \"b\"}","multi_turns":[{"input":"Key: \"a\"","answer":"b"}]}""",
        // mf: numbers for a context and an answer
        """{"id":7,"context":[3,-1,999],"multi_turns":[{"input":"The largest number is","answer":999}]}""",
        // vt: a list for an answer
        """{"id":1,"context":"VAR A = 1","multi_turns":[{"input":"Which?","answer":["A","B"]},{"input":"And?","answer":["C"]}]}""",
        // choice_eng
        """{"id":2,"context":"A book.","multi_turns":[{"input":"Who?","answer":"Ann","options":["Ann","Ben","Cy","Di"]}]}""",
        // many_shot
        """{"id":3,"context":"Shots.","multi_turns":[{"input":"Q","answer":"A"}],"task":"date"}""",
        // a mixture
        """{"id":4,"context":"Text.","multi_turns":[{"input":"Q","answer":"1","task":"scbench_passkey"},{"input":"R","answer":"2","task":"scbench_kv"}]}""",
        // repoqa
        """{"id":5,"context":"def f(): pass","multi_turns":[{"input":"Q","answer":"def f(): pass","name":"f"}],"lang":"python","repo":"a/b"}""",
        """{"id":6,"context":"书 “é” \u0001","multi_turns":[{"input":"问","answer":[1.5,2]}]}""",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Write_ARowThatWasRead_IsTheSameLine(string line) => SharedContextJson.Write(SharedContextJson.Read(line, "here")).ShouldBe(line);

    [Fact]
    public void Read_Numbers_AreTextInBrackets()
    {
        var row = SharedContextJson.Read(Lines.ElementAt(1).Data, "here");
        row.Context.ShouldBe("[3, -1, 999]");
        row.Numbers.ShouldBe([3, -1, 999]);
        row.Turns[0].Answer.Said.ShouldBe("999");
        row.Turns[0].Answer.IsNumber.ShouldBeTrue();
    }

    [Fact]
    public void Read_InputInPlaceOfContext_IsTheContext()
    {
        var row = SharedContextJson.Read("""{"id":0,"input":"All of it.","multi_turns":[{"input":"Q","answer":"A"}]}""", "here");
        row.Context.ShouldBe("All of it.");
        row.Turns[0].Input.ShouldBe("Q");
    }

    [Fact]
    public void Read_Lists_KeepTheirItems()
    {
        var answer = SharedContextJson.Read(Lines.ElementAt(2).Data, "here").Turns[0].Answer;
        answer.IsList.ShouldBeTrue();
        answer.Texts.ShouldBe(["A", "B"]);
        answer.Said.ShouldBe("A, B");
    }

    [Theory]
    [InlineData("""{"context":"a","multi_turns":[{"input":"Q","answer":"A"}]}""", "no 'id'")]
    [InlineData("""{"id":1,"multi_turns":[{"input":"Q","answer":"A"}]}""", "no 'input'")]
    [InlineData("""{"id":1,"context":"a"}""", "no 'multi_turns'")]
    [InlineData("""{"id":1,"context":"a","multi_turns":[]}""", "empty")]
    [InlineData("""{"id":1,"context":"a","multi_turns":[{"input":"Q"}]}""", "no 'answer'")]
    [InlineData("""{"id":1,"context":"a","multi_turns":[{"input":"Q","answer":[]}]}""", "empty list")]
    [InlineData("""{"id":1,"context":"a","multi_turns":[{"input":"Q","answer":{}}]}""", "neither")]
    [InlineData("""{"id":1,"context":"a","multi_turns":[{"input":"Q","answer":["a",1]}]}""", "no text")]
    [InlineData("""{"id":1,"context":[1.5],"multi_turns":[{"input":"Q","answer":"A"}]}""", "no row")]
    [InlineData("""{"id":"x","context":"a","multi_turns":[{"input":"Q","answer":"A"}]}""", "no row")]
    [InlineData("[]", "no row")]
    [InlineData("{", "no row")]
    public void Read_NoRow_SaysWhatAndWhere(string line, string says)
    {
        var error = Should.Throw<InputFileException>(() => SharedContextJson.Read(line, "rows.jsonl:3"));
        error.Message.ShouldStartWith("rows.jsonl:3: ");
        error.Message.ShouldContain(says);
    }

    [Fact]
    public void ReadFile_WithEmptyLines_CountsThem()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("rows.jsonl"), Lines.First().Data + "\n\nbroken\n");
        var rows = SharedContextJson.ReadFile(folder.File("rows.jsonl")).GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        Should.Throw<InputFileException>(() => rows.MoveNext()).Message.ShouldContain("rows.jsonl:3");
        Should.Throw<InputFileException>(() => SharedContextJson.ReadFile(folder.File("none.jsonl")).ToList()).Message.ShouldContain("none.jsonl");
    }
}
