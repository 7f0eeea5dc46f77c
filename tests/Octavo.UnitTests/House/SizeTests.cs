using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.House;

/// <summary>A file has at most 400 lines, a method at most 60; tests too.</summary>
public class SizeTests
{
    private const int FileLines = 400;
    private const int MethodLines = 60;

    private static readonly string[] _folders = ["src", "tests", "samples", "bench", "eng"];

    [Fact]
    public void Files_OfTheRepository_AreAtMost400Lines() =>
        Sources().Where(path => File.ReadLines(path).Count() > FileLines).Select(Name).ShouldBeEmpty();

    [Fact]
    public void Methods_OfTheRepository_AreAtMost60Lines() =>
        Sources().SelectMany(path => CSharpMethods.Find(File.ReadAllText(path))
                .Where(method => method.Lines > MethodLines)
                .Select(method => $"{Name(path)}:{method.Line} {method.Lines} lines: {method.Header}"))
            .ShouldBeEmpty();

    [Fact]
    public void Find_EveryKindOfText_SeesTheMethodsOnly()
    {
        const string Source = """"
            namespace A;
            public class B { // class C { void No() {
                private static readonly string[] _x = ["{", @"a""{", '{'.ToString()];
                public int P { get; set; }
                void One(int a) { if (a > 0) { } }
                string Two() => $"{(true ? "}" : "{")} {{";

                static string Three()
                {
                    var raw = """
                        } { class D {
                        """;
                    return raw;
                }
                record struct E(int F)
                {
                    void Four()
                    { /* } */
                    }
                }
            }
            """";
        CSharpMethods.Find(Source).Select(method => (method.Header, method.Lines)).ShouldBe(
            [("void One(int a)", 1), ("static string Three()", 7), ("void Four()", 3)]);
    }

    private static IEnumerable<string> Sources() => _folders.Select(folder => Repository.At(folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));

    private static string Name(string path) => Path.GetRelativePath(Repository.Root, path);
}
