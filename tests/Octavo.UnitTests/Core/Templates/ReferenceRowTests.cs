using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.UnitTests.Core.Templates.Rows;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public class ReferenceRowTests
{
    public static TheoryData<string> Topics => [.. Tables.Select(table => table.Topic)];

    private static (string Topic, string Rows, bool IsExpression)[] Tables =>
    [
        ("arithmetic", OperatorRows.Arithmetic, true),
        ("comparison", OperatorRows.Comparison, true),
        ("logic", OperatorRows.Logic, true),
        ("slice", OperatorRows.Slice, true),
        ("path", OperatorRows.Path, true),
        ("mapping", OperatorRows.Mapping, true),
        ("string methods", TextRows.StringMethod, true),
        ("casing", TextRows.Casing, true),
        ("percent format", TextRows.PercentFormat, true),
        ("brace format", TextRows.BraceFormat, true),
        ("list filters", FilterRows.ListFilter, true),
        ("select filters", FilterRows.SelectFilter, true),
        ("text filters", FilterRows.TextFilter, true),
        ("number filters", FilterRows.NumberFilter, true),
        ("undefined", FilterRows.Undefined, true),
        ("json", ValueRows.Json, true),
        ("float", ValueRows.Float, true),
        ("representation", ValueRows.Representation, true),
        ("test", ValueRows.Test, true),
        ("function", ValueRows.Function, true),
        ("whitespace", StatementRows.Whitespace, false),
        ("set", StatementRows.Set, false),
        ("for", StatementRows.For, false),
        ("if", StatementRows.If, false),
        ("macro", StatementRows.Macro, false),
        ("block", StatementRows.Block, false),
        ("syntax", ErrorRows.Syntax, false),
        ("runtime errors", ErrorRows.RuntimeError, false),
        ("mixed", ErrorRows.Mixed, false),
    ];

    [Theory]
    [MemberData(nameof(Topics))]
    public void Render_RowsOfTopic_EqualReference(string topic)
    {
        var (_, rows, isExpression) = Tables.Single(table => table.Topic == topic);
        var read = RowTable.Read(rows, isExpression);
        var wrong = new List<string>();
        foreach (var row in read)
        {
            var (rendered, error) = Render(row.Template);
            if (rendered != row.Rendered || error != row.Error)
                wrong.Add($"{row.Template}\n   expected {row.Rendered ?? row.Error}\n   actual   {rendered ?? error}");
        }
        read.Count.ShouldBeGreaterThan(3);
        wrong.ShouldBeEmpty();
    }

    private static (string? Rendered, string? Error) Render(string template)
    {
        var variables = JsonNode.Parse(RowTable.Variables)!.AsObject();
        try
        {
            return (ChatTemplate.Parse(template).Render(variables), null);
        }
        catch (OctavoException error)
        {
            return (null, error.GetType().Name);
        }
    }
}
