namespace Octavo.Models;

/// <summary>
/// A text architecture as data: what it consists of and under which names its weights are stored. It computes nothing;
/// engines lower it once, at load.
/// </summary>
/// <param name="Architecture">The checkpoint's own class name, such as <c>LlamaForCausalLM</c>.</param>
/// <param name="VocabularySize">Rows of the embedding table.</param>
/// <param name="HiddenSize">Width of the residual stream (C).</param>
/// <param name="ContextLength">The longest sequence that the model was made for.</param>
/// <param name="Stacks">One language model; some architectures have a second stack behind it.</param>
public sealed record TextModel(
    string Architecture, int VocabularySize, int HiddenSize, int ContextLength, IReadOnlyList<Stack> Stacks);

/// <summary>A run of layers with its input and its heads; each stack has a cache of its own.</summary>
/// <param name="Name">Names the stack where a model has several.</param>
/// <param name="Input">What turns a token into a row.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="Final">The norm after the last layer.</param>
/// <param name="Heads">What is read off the final rows, each by its name (<c>lm_head</c>, <c>score</c>).</param>
public sealed record Stack(
    string Name, Embed Input, IReadOnlyList<Layer> Layers, Norm? Final, IReadOnlyList<Head> Heads);

/// <summary>What a token begins as: Norm(Scale · Table[token] + Positions[position + FirstPosition] + Types[type]).</summary>
/// <param name="Table">Shape [vocabulary, C].</param>
/// <param name="Scale">What each row is multiplied with.</param>
/// <param name="Positions">Learned positions [FirstPosition + longest, C].</param>
/// <param name="FirstPosition">The row of the first position.</param>
/// <param name="Types">Learned types of a token: which text of a pair it belongs to [types, C].</param>
/// <param name="Norm">The norm of the sum.</param>
public sealed record Embed(
    View Table, float Scale = 1, View? Positions = null, int FirstPosition = 0, View? Types = null, Norm? Norm = null);

/// <summary>One layer: its residual parts, in order.</summary>
/// <param name="Parts">Usually attention, then the feed-forward part.</param>
public sealed record Layer(IReadOnlyList<Residual> Parts);

/// <summary>x = Post(x + Out(Mix(Pre(x)))): Llama has <paramref name="Pre"/> only.</summary>
/// <param name="Pre">Norm of the part's input.</param>
/// <param name="Mix">Attention or a feed-forward part.</param>
/// <param name="Out">Norm of the part's output.</param>
/// <param name="Post">Norm of the sum.</param>
public sealed record Residual(Norm? Pre, Mixer Mix, Norm? Out = null, Norm? Post = null);

/// <summary>What a residual part computes.</summary>
public abstract record Mixer;

/// <summary>Softmax attention with grouped key and value heads.</summary>
/// <param name="Heads">Query heads (H).</param>
/// <param name="KvHeads">Key and value heads (Hkv); H is a multiple.</param>
/// <param name="HeadDim">Width of one head (Dh).</param>
/// <param name="Q">[H·Dh, C]</param>
/// <param name="K">[Hkv·Dh, C]</param>
/// <param name="V">[Hkv·Dh, C]</param>
/// <param name="O">[C, H·Dh]</param>
/// <param name="Order">How positions enter; null means they do not.</param>
/// <param name="Visible">Which keys a query sees.</param>
/// <param name="Scale">What scores are multiplied with, usually 1/√Dh.</param>
/// <param name="QkNorm">Norms of queries and keys before the rotation.</param>
/// <param name="Softcap">Scores become cap · tanh(score / cap); 0 leaves them.</param>
/// <param name="Bias">What is added to scores by distance.</param>
public sealed record Attention(
    int Heads, int KvHeads, int HeadDim, Linear Q, Linear K, Linear V, Linear O, Rotary? Order, Visible Visible, float Scale,
    QkNorm? QkNorm = null, float Softcap = 0, DistanceBias? Bias = null) : Mixer;

/// <summary>
/// A learned number per head and bucket of distances, added to scores (T5's encoder): half of the buckets for keys before the query, half for
/// those behind it; of each half the first half for single distances, the rest for ever wider ranges up to <paramref name="MaxDistance"/>.
/// </summary>
/// <param name="Table">[buckets, H]</param>
/// <param name="MaxDistance">From there on all distances share the last bucket.</param>
public sealed record DistanceBias(View Table, int MaxDistance);

/// <summary>Norms of queries and keys: of each head where the weights have Dh numbers, of all heads together where they have all.</summary>
/// <param name="Q">[Dh] or [H·Dh]</param>
/// <param name="K">[Dh] or [Hkv·Dh]</param>
public sealed record QkNorm(Norm Q, Norm K);

/// <summary>Down(act(Gate(x)) · Up(x)), or Down(act(Up(x))) where there is no gate.</summary>
/// <param name="Gate">[F, C]</param>
/// <param name="Up">[F, C]</param>
/// <param name="Down">[C, F]</param>
/// <param name="Act">The activation.</param>
public sealed record Mlp(Linear? Gate, Linear Up, Linear Down, Activation Act) : Mixer;

/// <summary>
/// A mixture of experts: softmax(Router(x)) chooses the <paramref name="Active"/> best for each row, and their outputs are added with these
/// weights, divided by their sum.
/// </summary>
/// <param name="Router">[experts, C]</param>
/// <param name="Each">The experts.</param>
/// <param name="Active">How many of them a row goes through.</param>
public sealed record Experts(Linear Router, IReadOnlyList<Mlp> Each, int Active) : Mixer;

/// <summary>Activations of the feed-forward part.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x).</summary>
    Silu,
    /// <summary>½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
    GeluTanh,
    /// <summary>x Φ(x), by the error function.</summary>
    Gelu,
}

/// <summary>
/// Root-mean-square norm: x / √(mean(x²) + ε) · (w + offset). Where there is a <paramref name="B"/> it is a layer norm: (x − mean) / √(var + ε) · w + b.
/// </summary>
/// <param name="W">Shape [C].</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Offset">What is added to each stored weight.</param>
/// <param name="B">Shape [C].</param>
public sealed record Norm(View W, float Epsilon, float Offset = 0, View? B = null);

/// <summary>y = W x + b.</summary>
/// <param name="W">Shape [out, in], or of what it is a part of.</param>
/// <param name="B">Shape [out], or of what it is a part of.</param>
/// <param name="Rows">Which rows of the stored matrix and bias are meant; null means all.</param>
public sealed record Linear(View W, View? B = null, Rows? Rows = null)
{
    /// <summary>How many outputs there are.</summary>
    public int Outputs => Rows is null ? W.Shape[0] : Rows.Count * Rows.Repeats;
}

/// <summary>
/// Some rows of a stored matrix, whose leading dimensions count as one: <paramref name="Repeats"/> runs of <paramref name="Count"/> rows
/// that begin <paramref name="Stride"/> apart.
/// </summary>
/// <param name="Start">The first row.</param>
/// <param name="Count">Rows of a run.</param>
/// <param name="Stride">Rows from one run to the next.</param>
/// <param name="Repeats">How many runs.</param>
public sealed record Rows(int Start, int Count, int Stride = 0, int Repeats = 1);

/// <summary>Something read off the final rows.</summary>
/// <param name="Name">How callers ask for it: <c>lm_head</c>, <c>score</c>.</param>
/// <param name="Projection">[out, C]</param>
/// <param name="Softcap">Outputs become cap · tanh(output / cap); 0 leaves them.</param>
/// <param name="IsOptional">Whether checkpoints may lack it; callers then cannot ask for it.</param>
public sealed record Head(string Name, Linear Projection, float Softcap = 0, bool IsOptional = false);

/// <summary>Which keys a query at position p sees: those at p and before, the last <paramref name="Window"/> of them (p counted) where given.</summary>
/// <param name="Window">Width of a sliding window, the current token included.</param>
/// <param name="IsCausal">False lets every query see the whole sequence.</param>
public sealed record Visible(int? Window = null, bool IsCausal = true);

/// <summary>A stored tensor as the model means it.</summary>
/// <param name="Name">The checkpoint's name.</param>
/// <param name="Shape">Slowest dimension first.</param>
/// <param name="Gguf">Its name in a GGUF file.</param>
/// <param name="GgufRows">How a GGUF file orders the rows.</param>
public sealed record View(string Name, IReadOnlyList<int> Shape, string Gguf, RowOrder GgufRows = RowOrder.Same);

/// <summary>How a file orders the rows of a query or key projection.</summary>
public enum RowOrder
{
    /// <summary>As the checkpoint has them.</summary>
    Same,
    /// <summary>Within each head, rows i and i + Dh/2 are neighbours, so the rotary pairs lie side by side.</summary>
    RotaryPairs,
}
