namespace Octavo.Models;

/// <summary>How checkpoints are laid out on the disk.</summary>
public enum ModelFormat
{
    /// <summary>A folder with <c>config.json</c>, safetensors and the tokenizer's files.</summary>
    Hub,
    /// <summary>One <c>.gguf</c> file.</summary>
    Gguf,
}
