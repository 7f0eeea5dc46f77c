using System.Text;
using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The methods of <c>str</c>, by name.</summary>
internal static class StringMethods
{
    public const string Names =
        "capitalize, center, count, endswith, find, format, index, isalnum, isalpha, isascii, isdecimal, isdigit, islower, " +
        "isspace, istitle, isupper, join, ljust, lower, lstrip, partition, removeprefix, removesuffix, replace, rfind, rindex, " +
        "rjust, rpartition, rsplit, rstrip, split, splitlines, startswith, strip, swapcase, title, upper, zfill";

    public static Value? Find(RenderContext context, StringValue self, string name)
    {
        var work = FindWork(name);
        if (work is not null) return new MethodValue<StringValue>(self, name, self.IsSafe ? Safe(name, work) : work);
        // Python has these too; to say that they are undefined would mislead.
        var isMissing = name is "casefold" or "encode" or "expandtabs" or "format_map" or "isidentifier" or "isnumeric" or "isprintable"
            or "maketrans" or "translate";
        return isMissing ? throw context.Unsupported($"the method '{name}' of str; methods of str are {Names}") : null;
    }

    private static TemplateMethod<StringValue>? FindWork(string name) => name switch
    {
        "capitalize" => Plain(CaseMapping.Capitalize),
        "center" => TextLayout.Center,
        "count" => TextPlaces.Count,
        "endswith" => TextPlaces.EndsWith,
        "find" => TextPlaces.Find,
        "format" => BraceFormat.Apply,
        "index" => TextPlaces.Index,
        "isalnum" => All(Characters.IsAlphanumeric),
        "isalpha" => All(Characters.IsAlphabetic),
        "isascii" => (context, self, arguments) => Check(context, arguments, Ascii.IsValid(self.Text)),
        "isdecimal" => All(Characters.IsDecimal),
        "isdigit" => All(Characters.IsDigit),
        "islower" => (context, self, arguments) => Check(context, arguments, IsLower(context, self.Text)),
        "isspace" => All(rune => rune.IsBmp && Characters.IsSpace((char)rune.Value)),
        "istitle" => (context, self, arguments) => Check(context, arguments, IsTitle(context, self.Text)),
        "isupper" => (context, self, arguments) => Check(context, arguments, IsUpper(context, self.Text)),
        "join" => TextLayout.Join,
        "ljust" => TextLayout.LeftJustify,
        "lower" => Plain(CaseMapping.Lower),
        "lstrip" => TextTrim.Left,
        "partition" => TextSplit.Partition,
        "removeprefix" => TextTrim.Prefix,
        "removesuffix" => TextTrim.Suffix,
        "replace" => TextReplace.Replace,
        "rfind" => TextPlaces.LastFind,
        "rindex" => TextPlaces.LastIndex,
        "rjust" => TextLayout.RightJustify,
        "rpartition" => TextSplit.PartitionLast,
        "rsplit" => TextSplit.SplitLast,
        "rstrip" => TextTrim.Right,
        "split" => TextSplit.Split,
        "splitlines" => TextSplit.Lines,
        "startswith" => TextPlaces.StartsWith,
        "strip" => TextTrim.Both,
        "swapcase" => Plain(CaseMapping.SwapCase),
        "title" => Plain(CaseMapping.Title),
        "upper" => Plain(CaseMapping.Upper),
        "zfill" => TextLayout.ZeroFill,
        _ => null,
    };

    public static bool IsLower(RenderContext context, string text) => HasOnlyCase(context, text, isUpper: false);

    public static bool IsUpper(RenderContext context, string text) => HasOnlyCase(context, text, isUpper: true);

    // On a text marked as safe, arguments would be escaped on their way in; only methods without that question are kept.
    private static TemplateMethod<StringValue> Safe(string name, TemplateMethod<StringValue> work) => (context, self, arguments) =>
    {
        if (arguments.Count > 0 && name is not ("startswith" or "endswith" or "find" or "rfind" or "index" or "rindex" or "count"))
            throw context.Unsupported($"the method '{name}' with arguments on a text that is marked safe");
        return work(context, self, arguments) switch
        {
            StringValue text => MarkSafe(text),
            ListValue list => new ListValue(Array.ConvertAll(list.Elements, MarkSafe)),
            var other => other,
        };
    };

    private static Value MarkSafe(Value text) => new StringValue(((StringValue)text).Text, isSafe: true);

    private static TemplateMethod<StringValue> Plain(Func<RenderContext, string, string> map) => (context, self, arguments) =>
    {
        arguments.RequirePositional(context, "a method of str", 0, 0);
        return new StringValue(map(context, self.Text));
    };

    private static TemplateMethod<StringValue> All(Func<Rune, bool> test) => (context, self, arguments) =>
    {
        context.ChargeSlowText(self.Text.Length);
        var all = self.Text.Length > 0;
        foreach (var rune in self.Text.EnumerateRunes()) all = all && test(rune);
        return Check(context, arguments, all);
    };

    private static BoolValue Check(RenderContext context, Arguments arguments, bool result)
    {
        arguments.RequirePositional(context, "a method of str", 0, 0);
        return BoolValue.Of(result);
    }

    private static bool HasOnlyCase(RenderContext context, string text, bool isUpper)
    {
        context.ChargeSlowText(text.Length);
        var cased = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!CaseMapping.IsCased(rune)) continue;
            if (isUpper != CaseMapping.IsUpper(rune)) return false;
            if (CaseMapping.IsTitle(rune)) return false;
            cased = true;
        }
        return cased;
    }

    private static bool IsTitle(RenderContext context, string text)
    {
        context.ChargeSlowText(text.Length);
        var (cased, behindLetter) = (false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isCased = CaseMapping.IsCased(rune);
            if (isCased && behindLetter == (CaseMapping.IsUpper(rune) || CaseMapping.IsTitle(rune))) return false;
            (cased, behindLetter) = (cased || isCased, isCased);
        }
        return cased;
    }
}
