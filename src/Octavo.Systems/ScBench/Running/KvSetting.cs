using System.Globalization;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;

namespace Octavo.Systems.ScBench.Running;

/// <summary>What looks after keys and values in a run: how they are stored, and which of them stay.</summary>
/// <param name="Text">As <c>--kv</c> takes it; what tables and predictions call it.</param>
/// <param name="Type">How they are stored; null where the text says nothing of it.</param>
/// <param name="Method">The method's text; null keeps all. <c>{row}</c> in it stands for the row's number, for draws of its own in each.</param>
internal sealed record KvSetting(string Text, KvType? Type, string? Method)
{
    private const string Row = "{row}";

    /// <summary>The method for a row; null keeps all.</summary>
    /// <exception cref="ConfigException">There is no such method, or an option of it is wrong.</exception>
    public KvMethod? MethodOf(long row) => Method is null
        ? null
        : KvMethods.Parse(Method.Replace(Row, row.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
}
