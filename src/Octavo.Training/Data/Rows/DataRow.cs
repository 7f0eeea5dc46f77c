using System.Text.Json;

namespace Octavo.Training.Data.Rows;

/// <summary>A row of a data file.</summary>
/// <param name="Number">Its line in a JSONL file, else its row; from 1.</param>
/// <param name="Value">Its columns: a JSON object.</param>
internal readonly record struct DataRow(long Number, JsonElement Value);
