using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The work of a filter.</summary>
internal delegate Value TemplateFilter(RenderContext context, Value value, Arguments arguments);

/// <summary>The filters, by name.</summary>
internal static class FilterTable
{
    public const string Names =
        "abs, attr, batch, capitalize, center, count, d, default, dictsort, e, escape, first, float, forceescape, format, groupby, indent, " +
        "int, items, join, last, length, list, lower, map, max, min, reject, rejectattr, replace, reverse, round, safe, select, selectattr, " +
        "slice, sort, string, sum, title, tojson, trim, truncate, unique, upper, wordcount";

    // A switch, not a table: nothing is built at start, and only the filters in use are.
    public static TemplateFilter? Find(string name) => name switch
    {
        "abs" => NumberFilters.Abs,
        "attr" => SequenceFilters.Attribute,
        "batch" => SequenceFilters.Batch,
        "capitalize" => TextFilters.Capitalize,
        "center" => TextFilters.Center,
        "count" or "length" => SequenceFilters.Length,
        "d" or "default" => SequenceFilters.Default,
        "dictsort" => SortFilters.DictSort,
        "e" or "escape" => TextFilters.Escape,
        "first" => SequenceFilters.First,
        "float" => NumberFilters.Float,
        "forceescape" => TextFilters.ForceEscape,
        "format" => TextFilters.Format,
        "groupby" => SortFilters.GroupBy,
        "indent" => TextFilters.Indent,
        "int" => NumberFilters.Int,
        "items" => SequenceFilters.Items,
        "join" => TextFilters.Join,
        "last" => SequenceFilters.Last,
        "list" => SequenceFilters.List,
        "lower" => TextFilters.Lower,
        "map" => SelectFilters.Map,
        "max" => SortFilters.Max,
        "min" => SortFilters.Min,
        "reject" => SelectFilters.Reject,
        "rejectattr" => SelectFilters.RejectAttribute,
        "replace" => TextFilters.Replace,
        "reverse" => SequenceFilters.Reverse,
        "round" => NumberFilters.Round,
        "safe" => TextFilters.Safe,
        "select" => SelectFilters.Select,
        "selectattr" => SelectFilters.SelectAttribute,
        "slice" => SequenceFilters.Slice,
        "sort" => SortFilters.Sort,
        "string" => TextFilters.String,
        "sum" => NumberFilters.Sum,
        "title" => TextFilters.Title,
        "tojson" => JsonText.Filter,
        "trim" => TextFilters.Trim,
        "truncate" => TextFilters.Truncate,
        "unique" => SortFilters.Unique,
        "upper" => TextFilters.Upper,
        "wordcount" => TextFilters.WordCount,
        _ => null,
    };
}
