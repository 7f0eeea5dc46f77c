using System.IO.Compression;
using System.Text;
using Octavo.Core;
using Octavo.Evaluation.English;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.English;

public sealed class EnglishCorpusTests : IDisposable
{
    private const string Shared = "This is the one paragraph that is the same in all of the files and that is to be kept only once.";

    private readonly TemporaryFolder _root = new();

    [Fact]
    public void Read_Splits_TakeSharedTextOnceAndHeldOutFirst()
    {
        for (var i = 0; i < 300; i++)
            Write($"usr/share/doc/{Name(i)}/README", $"{Shared}\n\nThe package {Name(i)} is there for all of the people who have\nto do with it in the course of a day.\n");
        var corpus = new EnglishCorpus(_root.Path);
        var documents = EnglishCorpus.Splits.ToDictionary(split => split, split => corpus.Read(split).ToList());
        documents.Values.ShouldAllBe(split => split.Count > 0);
        documents["train"].Count.ShouldBeGreaterThan(200);
        documents.Values.Sum(split => split.Count).ShouldBe(300);
        documents.Values.SelectMany(split => split).SelectMany(document => document.Paragraphs).Count(text => text == Shared).ShouldBe(1);
        documents["test"][0].Paragraphs[0].ShouldBe(Shared);
        documents["train"][0].Text.ShouldContain("who have to do with it");
    }

    [Fact]
    public void Read_Twice_GivesTheSameDocumentsInOrder()
    {
        for (var i = 0; i < 30; i++)
            Write($"usr/share/doc/{Name(i)}/notes.txt", $"The notes of {Name(i)} are in the file that is on the disk of the machine that you have.");
        var corpus = new EnglishCorpus(_root.Path);
        var ids = corpus.Read("train").Select(document => document.Id).ToList();
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldBe(new EnglishCorpus(_root.Path).Read("train").Select(document => document.Id));
        ids[0].ShouldStartWith("/usr/share/doc/");
    }

    [Fact]
    public void SplitOf_VersionsOfAPackageOrPage_AreTogether()
    {
        var corpus = new EnglishCorpus(_root.Path);
        HashSet<string> splits = [];
        // nine of ten names fall into one split by chance alone
        foreach (var name in Enumerable.Range(0, 200).Select(Name))
        {
            var split = corpus.SplitOf(_root.File($"usr/share/doc/{name}-12/README"));
            corpus.SplitOf(_root.File($"usr/share/doc/{name}-13/NEWS.gz")).ShouldBe(split, name);
            corpus.SplitOf(_root.File($"usr/share/man/man1/{name}5.36.1.gz")).ShouldBe(corpus.SplitOf(_root.File($"usr/share/man/man1/{name}.1.gz")), name);
            splits.Add(split);
        }
        splits.ShouldBe(EnglishCorpus.Splits, ignoreOrder: true);
    }

    [Fact]
    public void Read_ZippedManualPage_IsUnpacked_AndLicencesAreLeftOut()
    {
        var page = Enumerable.Range(0, 400).Select(Name).First(name => new EnglishCorpus(_root.Path).SplitOf(_root.File($"usr/share/man/man1/{name}.1.gz")) == "train");
        WriteZipped($"usr/share/man/man1/{page}.1.gz", ".SH NAME\nThe tool is one of those that are used by all of the people\nwho have to work on the disk of a machine.\n");
        Write("usr/share/doc/a/copyright", "You may use the program in the way that is described in the licence that comes with all of the files.");
        var document = new EnglishCorpus(_root.Path).Read("train").ShouldHaveSingleItem();
        document.Paragraphs.ShouldBe(["The tool is one of those that are used by all of the people who have to work on the disk of a machine."]);
    }

    [Fact]
    public void Read_NothingThere_IsRefusedWithTheFix()
    {
        Should.Throw<InputFileException>(() => new EnglishCorpus(_root.Path).Read("train")).Message.ShouldContain("apt-get install");
        Should.Throw<ConfigException>(() => new EnglishCorpus(_root.Path).Read("validation"));
    }

    public void Dispose() => _root.Dispose();

    // letters only, since digits do not count for the split
    private static string Name(int i) => $"{(char)('a' + (i / 26 / 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i % 26))}pack";

    private void Write(string path, string text)
    {
        var full = _root.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private void WriteZipped(string path, string text)
    {
        var full = _root.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        using var zip = new GZipStream(File.Create(full), CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(text));
    }
}
