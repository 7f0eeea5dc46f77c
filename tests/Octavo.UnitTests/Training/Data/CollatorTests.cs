using System.Runtime.InteropServices;
using CsCheck;
using Octavo.Core.Safetensors;
using Octavo.TestKit;
using Octavo.Training.Data;
using Shouldly;

namespace Octavo.UnitTests.Training.Data;

public class CollatorTests
{
    private static readonly Gen<Example> _example = Gen.Select(Gen.Int[0, 9].Array[1, 12], Gen.Bool.Array[12, 12])
        .Select((ids, targets) => new Example(ids, targets[..ids.Length], "x.jsonl", 1));

    // pad = eos = bos: token 0 is all of them, and lengths alone decide
    [Fact]
    public void Pad_TokensEqualToPadding_StayTokens()
    {
        var batch = Collator.Pad([Of([0, 0, 5, 0], 2, 3), Of([7, 0], 1), Of([0, 0, 0, 0, 0, 0], 5)]);
        (batch.Rows, batch.Length, batch.Targets, batch.Tokens).ShouldBe((3, 6, 4, 12));
        batch.Ids.ShouldBe([0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        batch.Labels.ShouldBe([-100, -100, 5, 0, -100, -100, -100, 0, -100, -100, -100, -100, -100, -100, -100, -100, -100, 0]);
        batch.Positions.ShouldBe([0, 1, 2, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]);
        batch.Documents.ShouldBe([1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
        batch.PaddingShare.ShouldBe(1 / 3.0, 1e-12);
    }

    [Fact]
    public void Pack_AnyExamples_KeepsEachWhole() =>
        _example.Array[1, 30].Sample(examples =>
        {
            var packer = new Packer(12, 4);
            var rows = new List<PackedRow>();
            for (var i = 0; i < examples.Length; i++)
            {
                if (packer.Add(i, examples[i].Ids.Length) is { } full)
                    rows.Add(full);
                packer.Open.Count.ShouldBeLessThanOrEqualTo(4);
            }
            while (packer.TakeOldest() is { } row)
                rows.Add(row);
            rows.SelectMany(row => row.Indexes).Order().ShouldBe(Enumerable.Range(0, examples.Length));
            var batch = Collator.Pack([.. rows.Select(row => (IReadOnlyList<Example>)[.. row.Indexes.Select(i => examples[i])])], 12);
            batch.Tokens.ShouldBe(examples.Sum(example => example.Ids.Length));
            batch.Targets.ShouldBe(examples.Sum(example => example.Targets));
            batch.Targets.ShouldBe(batch.Labels.Count(label => label != Collator.Ignored));
            for (var row = 0; row < rows.Count; row++)
                CheckRow(batch, row, [.. rows[row].Indexes.Select(i => examples[i])]);
        }, iter: 300, threads: 1);

    [Fact]
    public void Add_FirstFit_FillsTheOldestRowThatHasRoom()
    {
        var packer = new Packer(10, 2);
        packer.Add(0, 6).ShouldBeNull();
        packer.Add(1, 7).ShouldBeNull();
        packer.Add(2, 3).ShouldBeNull();
        packer.Add(3, 3)!.Indexes.ShouldBe([1, 3]);
        packer.Add(4, 8).ShouldBeNull();
        packer.Add(5, 9)!.Indexes.ShouldBe([0, 2]);
        packer.Open.Select(row => row.Used).ShouldBe([8, 9]);
        Should.Throw<ArgumentOutOfRangeException>(() => packer.Add(6, 11));
    }

    [Fact]
    public void Pack_GoldenDocuments_HasTheReferencesLayout()
    {
        using var file = SafetensorsSource.Open(Repository.At("golden", "training", "packing", "io.safetensors"));
        var (ids, documents) = (Read(file, "in.input_ids"), Read(file, "in.doc_ids"));
        var (labels, positions) = (Read(file, "in.labels"), Read(file, "in.position_ids"));
        var examples = new List<Example>();
        for (var at = 0; at < ids.Length;)
        {
            var end = at;
            while (end < ids.Length && documents[end] == documents[at])
                end++;
            // the reference masks the first token of a document; here it is a target, and the collator has to mask it
            var isTarget = Enumerable.Range(at, end - at).Select(i => i == at || labels[i] != Collator.Ignored);
            examples.Add(new Example(ids[at..end], [.. isTarget], "golden", 1));
            at = end;
        }
        var batch = Collator.Pack([examples], ids.Length);
        examples.Count.ShouldBe(3);
        batch.Ids.ShouldBe(ids);
        batch.Labels.ShouldBe(labels);
        batch.Positions.ShouldBe(positions);
        batch.Documents.ShouldBe(documents.Select(document => document - documents[0] + 1));
    }

    private static int[] Read(SafetensorsSource file, string name)
    {
        file.TryGet(name, out var tensor).ShouldBeTrue();
        return [.. MemoryMarshal.Cast<byte, long>(tensor!.Bytes(0, (int)tensor.ByteLength)).ToArray().Select(value => (int)value)];
    }

    private static void CheckRow(Batch batch, int row, Example[] examples)
    {
        var at = row * batch.Length;
        for (var document = 0; document < examples.Length; document++)
        {
            var example = examples[document];
            for (var i = 0; i < example.Ids.Length; i++, at++)
            {
                (batch.Ids[at], batch.Positions[at], batch.Documents[at]).ShouldBe((example.Ids[i], i, document + 1));
                batch.Labels[at].ShouldBe(i > 0 && example.IsTarget[i] ? example.Ids[i] : Collator.Ignored);
            }
        }
        for (; at < (row + 1) * batch.Length; at++)
            (batch.Labels[at], batch.Documents[at]).ShouldBe((Collator.Ignored, 0));
    }

    private static Example Of(int[] ids, params int[] targets) =>
        new(ids, [.. Enumerable.Range(0, ids.Length).Select(targets.Contains)], "x.jsonl", 1);
}
