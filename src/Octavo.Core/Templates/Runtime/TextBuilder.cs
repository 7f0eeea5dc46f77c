using System.Text;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Runtime;

/// <summary>Makes a text piece by piece and stops before it outgrows its limit.</summary>
/// <param name="context">Pays the steps, and knows the line for the error.</param>
/// <param name="isOutput">True for the render's own text, which is limited in bytes and costs no steps.</param>
internal sealed class TextBuilder(RenderContext context, bool isOutput = false)
{
    private readonly StringBuilder _text = new();
    private long _bytes;

    public int Length => _text.Length;

    public bool IsOutput => isOutput;

    public TextBuilder Append(string piece)
    {
        Reserve(piece);
        _text.Append(piece);
        return this;
    }

    public TextBuilder Append(ReadOnlySpan<char> piece)
    {
        Reserve(piece);
        _text.Append(piece);
        return this;
    }

    public TextBuilder Append(char character) => Append(new ReadOnlySpan<char>(in character));

    /// <summary>Appends one character many times; the count is checked before anything is made.</summary>
    public TextBuilder Append(char character, long count)
    {
        if (count <= 0) return this;
        context.RequireTextLength(_text.Length + count);
        context.ChargeText(count);
        if (isOutput) _bytes += count;
        _text.Append(character, (int)count);
        return this;
    }

    /// <summary>Appends a value as <c>str()</c> shows it.</summary>
    public TextBuilder AppendText(Value value)
    {
        value.WriteText(this, context);
        return this;
    }

    /// <summary>Appends a value as <c>repr()</c> shows it; nested values are guarded against deep recursion.</summary>
    public TextBuilder AppendRepresentation(Value value)
    {
        var line = context.Enter();
        value.WriteRepresentation(this, context);
        context.Leave(line);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Reserve(ReadOnlySpan<char> piece)
    {
        if (isOutput)
        {
            _bytes += Encoding.UTF8.GetByteCount(piece);
            if (_bytes > TemplateLimits.OutputBytes)
                throw context.Fail($"the text grows beyond {TemplateLimits.OutputBytes >> 20} MiB");
            return;
        }
        context.RequireTextLength((long)_text.Length + piece.Length);
        context.ChargeText((long)piece.Length + TemplateLimits.Piece);
    }
}
