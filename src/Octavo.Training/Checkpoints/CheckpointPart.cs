namespace Octavo.Training.Checkpoints;

/// <summary>A file of a checkpoint that is about to be written.</summary>
/// <param name="Name">Its name, such as <c>model.safetensors</c>.</param>
/// <param name="EstimatedBytes">How large it will about be; decides whether the disk has room.</param>
/// <param name="Write">Writes it, from beginning to end; the stream cannot seek. Called once.</param>
internal sealed record CheckpointPart(string Name, long EstimatedBytes, Action<Stream> Write)
{
    /// <summary>A part whose bytes are there.</summary>
    public static CheckpointPart Of(string name, byte[] bytes) => new(name, bytes.Length, stream => stream.Write(bytes));

    /// <summary>Whether a file of a checkpoint may be called so: one name, in the folder itself.</summary>
    public static bool IsName(string name) => name is { Length: > 0 } and not ("." or "..") && name.IndexOfAny(['/', '\\', '\0', ':']) < 0;
}
