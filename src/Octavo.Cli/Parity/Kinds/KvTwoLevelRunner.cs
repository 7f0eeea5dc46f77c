using Octavo.Core;
using Octavo.Engine;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Golden history: what was generated is taken back, the right answer and the next question follow as one block.</summary>
internal sealed class KvTwoLevelRunner : GoldenRunner
{
    public override string Kind => "kv.two_level";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        using var model = LanguageModel.Load(golden.Folder, context.Engine);
        using var session = model.NewSession();
        using var tensors = new GoldenTensors(golden);
        session.Forward([.. tensors.Wholes("in.context"), .. tensors.Wholes("in.question1")]);
        var turn = session.Tokens.Length;
        List<float> generated = [];
        foreach (var token in tensors.Wholes("in.generated"))
            generated.AddRange(session.Forward([token]));
        session.Rollback(turn);
        var second = session.ForwardAll([.. tensors.Wholes("in.golden"), .. tensors.Wholes("in.question2")]);
        return [.. golden.Outputs.Select(output => output.Key switch
        {
            "logits_generated" => Numbers(output.Key, [.. generated]),
            "logits_turn2" => Numbers(output.Key, second),
            _ => throw new UnsupportedException($"the output '{output.Key}' of golden history is not supported yet."),
        })];

        OutputCheck Numbers(string name, float[] actual)
        {
            var expected = tensors.Floats("out." + name);
            // the reference may have kept the last rows only
            return OutputCheck.Numbers(name, actual.AsSpan(Math.Max(0, actual.Length - expected.Length)), expected, golden.Outputs[name]);
        }
    }
}
