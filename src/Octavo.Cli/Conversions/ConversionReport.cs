using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Cli.Output;
using Octavo.Models;

namespace Octavo.Cli.Conversions;

/// <summary>What a conversion made, and what comparing it found.</summary>
/// <param name="Source">What was converted.</param>
/// <param name="Plan">Tensor by tensor.</param>
/// <param name="Destination">The file or folder.</param>
/// <param name="WriteNotes">What was not carried over.</param>
/// <param name="Time">How long writing took.</param>
/// <param name="Found">What comparing found.</param>
internal sealed partial record ConversionReport(
    Checkpoint Source, ModelConversion Plan, string Destination, IReadOnlyList<string> WriteNotes, TimeSpan Time, Findings Found)
{
    private IEnumerable<string> Notes => [.. Plan.Notes, .. WriteNotes];

    private IEnumerable<ConvertedTensor> Substitutes => Plan.Tensors.Where(tensor => tensor.Reason is not null);

    public void Write(Terminal terminal)
    {
        var rich = new Rich(terminal);
        rich.Facts([
            ("source", $"{Source.Path}, {Rich.Bytes(Source.Weights.Tensors.Sum(tensor => tensor.ByteLength))}"),
            ("result", $"{Destination}, {Rich.Bytes(SizeOf(Destination))}"),
            ("written in", string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds:F1} s")),
        ]);
        rich.Table(["from", "to", ">tensors", ">numbers", ">error (rms)", ">largest"], Plan.Tensors
            .GroupBy(tensor => tensor.To)
            .Select(group => Row(string.Join(", ", group.SelectMany(tensor => tensor.From).Distinct().Order()), group.Key.ToString(), group.ToList())));
        foreach (var line in Substituted())
            terminal.Out.WriteLine(line);
        foreach (var note in Notes)
            terminal.Out.WriteLine(note);
        if (Found.Agreement is { } found)
        {
            var over = Found.IsText ? "a text" : "made-up ids, since there is no tokenizer";
            rich.Facts([
                ("compared on", $"{found.Tokens} tokens of {over}, both models in fp32"),
                ("logits", string.Create(CultureInfo.InvariantCulture, $"largest difference {found.LargestDifference:G4}, mean divergence {found.Divergence:G3} nats")),
                ("same best token", string.Create(CultureInfo.InvariantCulture, $"{100 * found.SameBest:F1} %")),
                ("mean NLL", string.Create(CultureInfo.InvariantCulture, $"{found.NllBefore:F4} before, {found.NllAfter:F4} after")),
            ]);
        }
        if (Found.Cosine is { } cosine)
            rich.Facts([("embeddings", string.Create(CultureInfo.InvariantCulture, $"smallest cosine {cosine:F6}"))]);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("source", Source.Path);
        json.WriteString("destination", Destination);
        json.WriteNumber("bytes", SizeOf(Destination));
        json.WriteSeconds("seconds", Time);
        json.WriteTexts("notes", Notes);
        json.WriteStartArray("substitutes");
        foreach (var tensor in Substitutes)
        {
            json.WriteStartObject();
            json.WriteString("tensor", tensor.Name);
            json.WriteString("type", tensor.To.ToString());
            json.WriteString("reason", tensor.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("errors");
        foreach (var error in Found.Errors ?? [])
        {
            json.WriteStartObject();
            json.WriteString("type", error.Type.ToString());
            json.WriteNumber("tensors", error.Tensors);
            json.WriteNumber("relativeRms", error.RelativeRms);
            json.WriteNumber("largest", error.Largest);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (Found.Agreement is { } found)
        {
            json.WriteNumber("tokens", found.Tokens);
            json.WriteNumber("largestLogitDifference", found.LargestDifference);
            json.WriteNumber("sameBest", found.SameBest);
            json.WriteNumber("divergence", found.Divergence);
            json.WriteNumber("meanNllBefore", found.NllBefore);
            json.WriteNumber("meanNllAfter", found.NllAfter);
        }
        if (Found.Cosine is { } cosine)
            json.WriteNumber("smallestCosine", cosine);
    }

    // the same tensor of all layers is one line
    private IEnumerable<string> Substituted() => Substitutes
        .GroupBy(tensor => (Name: LayerNumber().Replace(tensor.Name, ".N.", 1), tensor.To, tensor.Reason))
        .Select(group => group.Count() == 1
            ? $"{group.First().Name} is {group.Key.To}: {group.Key.Reason}."
            : $"{group.Key.Name} is {group.Key.To} in {group.Count()} layers: {group.Key.Reason}.");

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex LayerNumber();

    private IReadOnlyList<Spectre.Console.Rendering.IRenderable> Row(string from, string to, List<ConvertedTensor> tensors)
    {
        var error = Found.Errors?.FirstOrDefault(known => known.Type == tensors[0].To);
        string Number(double? value) => value is { } number ? (number == 0 ? "none" : number.ToString("G3", CultureInfo.InvariantCulture)) : "";
        return [
            Rich.Plain(from), Rich.Plain(to), Rich.Plain(Rich.Count(tensors.Count)),
            Rich.Plain(Rich.Count(tensors.Sum(tensor => tensor.Elements))),
            Rich.Plain(Number(error?.RelativeRms)), Rich.Plain(Number(error?.Largest)),
        ];
    }

    private static long SizeOf(string path) => File.Exists(path)
        ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
