namespace Octavo.Core;

/// <summary>The base of every error that Octavo raises on purpose. A message says what happened, to which input, and what to do.</summary>
public abstract class OctavoException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened, which input, what to do.</param>
    /// <param name="inner">The cause, if another exception was.</param>
    protected OctavoException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A command line, an option or a configuration is wrong. The command exits with 2.</summary>
public sealed class ConfigException(string message, Exception? inner = null) : OctavoException(message, inner);

/// <summary>An input file is bad. The command exits with 3.</summary>
public class InputFileException(string message, Exception? inner = null) : OctavoException(message, inner);

/// <summary>A checkpoint is bad: its header, a shard, its keys or its shapes. The command exits with 3.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : InputFileException(message, inner);

/// <summary>A resource ran out: disk, memory, or the model's context. The message carries the numbers. The command exits with 4.</summary>
public sealed class ResourceException(string message, Exception? inner = null) : OctavoException(message, inner);

/// <summary>Something is not supported; the message names it and says what is. The command exits with 6.</summary>
public class UnsupportedException(string message, Exception? inner = null) : OctavoException(message, inner);

/// <summary>A policy refused the request. The command exits with 7.</summary>
public sealed class RefusedException(string message, Exception? inner = null) : OctavoException(message, inner);

/// <summary>Two shapes do not fit; the message names the arguments and both shapes. The command exits with 1.</summary>
public sealed class ShapeException(string message, Exception? inner = null) : OctavoException(message, inner);

/// <summary>An evaluation could not be done, or a check did not hold. The command exits with 1.</summary>
public sealed class EvaluationException(string message, Exception? inner = null) : OctavoException(message, inner);
