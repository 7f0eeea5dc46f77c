using System.Text.Json;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Estimate;

/// <summary>An estimate beside the machine's free memory, for people and for machines.</summary>
/// <param name="Model">What was estimated.</param>
/// <param name="Memory">The estimate.</param>
/// <param name="Threads">Threads that would compute.</param>
/// <param name="FreeBytes">Memory that is free.</param>
/// <param name="Verdict">What that means.</param>
internal sealed record EstimateReport(Estimation Model, MemoryEstimate Memory, int Threads, long FreeBytes, Verdict Verdict)
{
    public void WriteText(Terminal terminal)
    {
        var rich = new Rich(terminal);
        rich.Title(Model.Path);
        rich.Facts(
        [
            ("Architecture", $"{Model.Model.Architecture}, {Rich.Count(ModelListing.ParameterCount(Model.Model))} parameters"),
            ("Weights", Model.Weights),
            ("Context", $"{Rich.Count(Memory.ContextLength)} of {Rich.Count(Model.Model.ContextLength)} tokens"
                + (Memory.Batch == 1 ? "" : $", {Memory.Batch} sequences at once")),
        ]);
        terminal.Out.WriteLine();
        rich.Table(["memory for", ">bytes", "how"],
        [
            .. Memory.Parts.Select(part => new[]
            {
                Rich.Plain(PartText.Name(part.Use)), Rich.Plain(Rich.Bytes(part.Bytes)),
                Rich.Weak(PartText.Note(part.Use, Memory, Model.Model, Threads)),
            }),
            [Rich.Strong("total"), Rich.Strong(Rich.Bytes(Memory.Total)), Rich.Weak("the most that is resident at once, within 10 %")],
        ]);
        if (Memory.PrefixCacheLimit > 0)
        {
            rich.Line($"Not counted: a program that answers many prompts keeps up to {Rich.Bytes(Memory.PrefixCacheLimit)} of their keys and values "
                + "(the prefix cache); a single answer shares its own.");
        }
        rich.Line(Verdict.Line, Verdict.Fit is Fit.Fits);
        foreach (var advice in Verdict.Advice)
            rich.Line($"  → {advice}");
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("path", Model.Path);
        json.WriteString("architecture", Model.Model.Architecture);
        json.WriteNumber("parameters", ModelListing.ParameterCount(Model.Model));
        json.WriteString("weights", Model.Weights);
        json.WriteNumber("contextLength", Memory.ContextLength);
        json.WriteNumber("batch", Memory.Batch);
        json.WriteString("kv", EngineFlags.NameOf(Memory.KvType));
        json.WriteNumber("bytesPerToken", Memory.TokenBytes);
        json.WriteNumber("threads", Threads);
        json.WriteStartArray("parts");
        foreach (var part in Memory.Parts)
        {
            json.WriteStartObject();
            json.WriteString("use", PartText.Key(part.Use));
            json.WriteNumber("bytes", part.Bytes);
            json.WriteBoolean("mapped", part.IsMapped);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("totalBytes", Memory.Total);
        json.WriteNumber("privateBytes", Memory.Private);
        json.WriteNumber("prefixCacheBytes", Memory.PrefixCacheLimit);
        json.WriteNumber("freeBytes", FreeBytes);
        json.WriteString("verdict", JsonNamingPolicy.CamelCase.ConvertName(Verdict.Fit.ToString()));
        json.WriteString("says", Verdict.Line);
        json.WriteTexts("advice", Verdict.Advice);
    }
}
