using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Compression while tokens are generated: logits and the stored length after each.</summary>
internal sealed class KvDecodingRunner : GoldenRunner
{
    public override string Kind => "kv.press_decoding";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        if (golden.Option("press").GetString() is var press && press != "knorm")
            throw new UnsupportedException($"the method '{press}' of a golden of decoding is not supported yet; supported is knorm.");
        var inner = new Knorm { Budget = golden.Option("target_size").GetInt32() };
        var method = new DecodingKv(inner) { CompressionInterval = golden.Option("compression_interval").GetInt32() };
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        using var session = model.NewSession(null, method);
        using var tensors = new GoldenTensors(golden);
        session.Forward(tensors.Wholes("in.input_ids"));
        List<float> logits = [];
        List<int> lengths = [];
        foreach (var token in tensors.Wholes("in.follow_ids"))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            logits.AddRange(session.Forward([token]));
            lengths.Add(session.Cache.StoredTokens(0, 0));
        }
        return
        [
            OutputCheck.Numbers("logits", [.. logits], tensors.Floats("out.logits"), golden.Outputs["logits"]),
            OutputCheck.Wholes("lengths", [.. lengths], tensors.Wholes("out.lengths")),
        ];
    }
}
