namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Steps one after another.</summary>
internal sealed class SequenceDecoder(DecoderStep[] steps) : DecoderStep
{
    public override bool Fuses => steps.Any(step => step.Fuses);

    public override DecoderStage Start(DecoderStage next, bool continues, bool fused)
    {
        for (var i = steps.Length - 1; i >= 0; i--)
            next = steps[i].Start(next, continues, fused || steps.Take(i).Any(step => step.Fuses));
        return next;
    }
}
