using Octavo.Evaluation.English;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.English;

public class TextCleaningTests
{
    [Fact]
    public void Roff_Page_GivesProseWithoutMacrosAndDisplays()
    {
        const string Page = """
            .\" a comment
            .TH TAR 1
            .SH DESCRIPTION
            This \fBcommand\fR updates the
            index\&. See
            .BR git\-commit (1)
            for more.
            .nf
            some code
            .fi
            .PP
            Another \(lqparagraph\(rq.
            """;
        RoffText.Paragraphs(Page).ShouldBe(["This command updates the index. See git-commit(1) for more.", "Another \"paragraph\"."]);
    }

    [Fact]
    public void Html_Page_GivesBlocksWithoutTags() =>
        MarkupText.OfHtml("<html><head><title>t</title></head><body><p>One &amp; <b>two</b>\nlines.</p><pre>code</pre><li>Three.</li></body></html>")
            .Where(text => text.Length > 0).ShouldBe(["One & two lines.", "Three."]);

    [Fact]
    public void Pod_Text_GivesParagraphsOnly() =>
        MarkupText.OfPod("code;\n\n=head1 NAME\n\nUse B<this I<nested>> and L<text|perlfunc> with E<lt>.\n\n  verbatim\n\n=cut\n\nmore code;")
            .ShouldBe(["Use this nested and text with <."]);

    [Fact]
    public void Markdown_Text_LosesFencesMarksAndLinks() =>
        MarkupText.OfMarkdown("# Title\n\nSee [the page](http://x) for **more**\nof it.\n\n```\ncode\n```\n\n    indented code\n").ShouldBe(["Title", "See the page for more of it."]);

    [Theory]
    [InlineData("The program reads the file that is given to it and writes the result to the standard output.", true)]
    [InlineData("Das Programm liest die Datei, die ihm gegeben wird, und schreibt das Ergebnis in die Ausgabe der Konsole.", false)]
    [InlineData("Too short a line.", false)]
    [InlineData("foo.c bar.c baz.c qux.c main.c util.c list.c tree.c hash.c sort.c heap.c find.c walk.c.", false)]
    [InlineData("- the list of all the things that are to be done in the order in which they are to be done", false)]
    public void Filter_Paragraphs_AcceptsEnglishSentences(string paragraph, bool isEnglish) => EnglishFilter.Accepts(paragraph).ShouldBe(isEnglish);
}
