using Octavo.Core;
using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>Builds the blocks of a description. Each stored tensor is read once, whoever shares it.</summary>
internal sealed class BlockBuilder(
    WeightReader reader, DecoderOptions options, Dictionary<string, Weight> weights, Dictionary<string, List<LinearBlock>> linears,
    Dictionary<Rotary, RotaryFactors> factors)
{
    /// <summary>A tensor that is kept as it is: embeddings, norms, biases.</summary>
    public Weight Dense(View view) => Once(view, () =>
    {
        // frozen norms and biases are small and computed with in fp32
        var isHalf = options.TrainWeights ? options.Trained == NumberType.Bf16 : options.Frozen != NumberType.Fp32 && view.Shape.Count > 1;
        var type = isHalf ? ScalarType.BFloat16 : ScalarType.Float32;
        using var scope = NewDisposeScope();
        var value = reader.Read(view);
        return new DenseWeight(view, type == ScalarType.Float32 ? value : value.to(type), options.TrainWeights);
    });

    public LayerBlock Layer(Layer layer) => new([.. layer.Parts.Select(part =>
        new ResidualBlock(Norm(part.Pre), Mixer(part.Mix), Norm(part.Out), Norm(part.Post)))]);

    public NormBlock? Norm(Norm? norm) => norm is null ? null : new(norm, Dense(norm.W), norm.B is null ? null : Dense(norm.B));

    /// <summary>A head stays as dense as the embeddings that it may be tied to.</summary>
    public LinearBlock Head(Linear linear) => Linear(linear, Dense(linear.W), isAdaptable: false);

    private MixerBlock Mixer(Mixer mixer) => mixer switch
    {
        Attention attention => AttentionPart(attention),
        Mlp mlp => MlpPart(mlp),
        Experts experts => new ExpertsBlock(Linear(experts.Router), [.. experts.Each.Select(MlpPart)], experts.Active),
        _ => throw new UnsupportedException($"a {mixer.GetType().Name} part cannot be trained yet; Attention, Mlp and Experts can."),
    };

    private AttentionBlock AttentionPart(Attention attention)
    {
        if (attention.Bias is not null)
            throw new UnsupportedException("attention with learned distances cannot be trained yet.");
        if (attention.Order is { } order && !factors.ContainsKey(order))
            factors[order] = RotaryFactors.Of(order, reader.ReadFloats);
        return new AttentionBlock(attention, Linear(attention.Q), Linear(attention.K), Linear(attention.V), Linear(attention.O),
            Norm(attention.QkNorm?.Q), Norm(attention.QkNorm?.K));
    }

    private MlpBlock MlpPart(Mlp mlp) => new(mlp.Gate is null ? null : Linear(mlp.Gate), Linear(mlp.Up), Linear(mlp.Down), mlp.Act);

    private LinearBlock Linear(Linear linear) => Linear(linear, Matrix(linear.W), isAdaptable: true);

    private LinearBlock Linear(Linear linear, Weight weight, bool isAdaptable)
    {
        var block = new LinearBlock(linear, weight, linear.B is null ? null : Dense(linear.B));
        if (!isAdaptable)
            return block;
        if (!linears.TryGetValue(linear.W.Name, out var sharing))
            linears[linear.W.Name] = sharing = [];
        sharing.Add(block);
        return block;
    }

    private Weight Matrix(View view) => options is { TrainWeights: false, Frozen: NumberType.Nf4 }
        ? Once(view, () =>
        {
            using var scope = NewDisposeScope();
            return new Nf4Weight(view, reader.Read(view));
        })
        : Dense(view);

    private Weight Once(View view, Func<Weight> make) => weights.TryGetValue(view.Name, out var known) ? known : weights[view.Name] = make();
}
