using System.Text.Json;
using System.Text.Json.Serialization;
using Octavo.Core;

namespace Octavo.Training.Data;

/// <summary>A place in a stream of examples.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Index">The row of the epoch's order that is read next, from 0.</param>
/// <param name="Fingerprint">Tells the data and how they are encoded from others.</param>
internal sealed record StreamPosition(int Epoch, int Index, string Fingerprint);

/// <summary>A place in a stream of batches: between two of them.</summary>
/// <param name="Stream">The place in the examples.</param>
/// <param name="Full">Rows that are complete and not given out yet, each as the places of its examples in the epoch's order.</param>
/// <param name="Open">Rows that are not full yet, in the same way.</param>
/// <param name="CutIndex">With documents over several rows: the one that was cut last, or -1.</param>
/// <param name="CutOffset">How many of its tokens are given out.</param>
internal sealed record BatchPosition(StreamPosition Stream, int[][] Full, int[][] Open, int CutIndex = -1, int CutOffset = 0)
{
    /// <summary>The place as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PositionJson.Default.BatchPosition);

    /// <summary>Reads a place.</summary>
    /// <exception cref="InputFileException">It is none.</exception>
    public static BatchPosition FromJson(string json)
    {
        try
        {
            var position = JsonSerializer.Deserialize(json, PositionJson.Default.BatchPosition);
            if (position is { Stream.Fingerprint: not null, Full: not null, Open: not null })
                return position;
        }
        catch (JsonException error)
        {
            throw new InputFileException($"the saved place in the data is not valid: {error.Message}", error);
        }
        throw new InputFileException("the saved place in the data is not complete.");
    }
}

/// <summary>Writes and reads places without reflection.</summary>
[JsonSerializable(typeof(BatchPosition))]
[JsonSerializable(typeof(StreamPosition))]
internal sealed partial class PositionJson : JsonSerializerContext;
