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

/// <summary>The embedding table: one row of width C per token.</summary>
/// <param name="Table">Shape [vocabulary, C].</param>
/// <param name="Scale">What each row is multiplied with.</param>
public sealed record Embed(View Table, float Scale = 1);

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
public sealed record Attention(
    int Heads, int KvHeads, int HeadDim, Linear Q, Linear K, Linear V, Linear O, Rotary? Order, Visible Visible, float Scale) : Mixer;

/// <summary>Down(act(Gate(x)) · Up(x)).</summary>
/// <param name="Gate">[F, C]</param>
/// <param name="Up">[F, C]</param>
/// <param name="Down">[C, F]</param>
/// <param name="Act">The activation.</param>
public sealed record Mlp(Linear Gate, Linear Up, Linear Down, Activation Act) : Mixer;

/// <summary>Activations of the feed-forward part.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x).</summary>
    Silu,
}

/// <summary>Root-mean-square norm: x / √(mean(x²) + ε) · w.</summary>
/// <param name="W">Shape [C].</param>
/// <param name="Epsilon">ε.</param>
public sealed record Norm(View W, float Epsilon);

/// <summary>y = W x + b.</summary>
/// <param name="W">Shape [out, in].</param>
/// <param name="B">Shape [out].</param>
public sealed record Linear(View W, View? B = null);

/// <summary>Something read off the final rows.</summary>
/// <param name="Name">How callers ask for it: <c>lm_head</c>, <c>score</c>.</param>
/// <param name="Projection">[out, C]</param>
public sealed record Head(string Name, Linear Projection);

/// <summary>Which keys a query at position p sees: those at p and before, the last <paramref name="Window"/> of them (p counted) where given.</summary>
/// <param name="Window">Width of a sliding window, the current token included.</param>
public sealed record Visible(int? Window = null);

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
