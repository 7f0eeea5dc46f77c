using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Core.Tokenizers.Training;

namespace Octavo.Cli.TokenizerTraining;

/// <summary>A training of a tokenizer, for people and for programs.</summary>
internal sealed class TrainingReport
{
    private const double Million = 1e6;

    private readonly TrainedTokenizer _trained;
    private readonly string _folder;
    private readonly int _wanted;
    private readonly TimeSpan _time;

    private TrainingReport(TrainedTokenizer trained, string folder, int wanted, TimeSpan time) =>
        (_trained, _folder, _wanted, _time) = (trained, folder, wanted, time);

    private double Rate => _trained.TrainingBytes / Million / _time.TotalSeconds;

    private double TokensPerByte => (double)_trained.MeasuredTokens / _trained.MeasuredBytes;

    /// <summary>Trains and writes.</summary>
    public static TrainingReport Run(
        IReadOnlyList<string> paths, TokenizerTrainingOptions options, string folder, bool overwrite, StatusLine status, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var trained = TokenizerTrainer.Train(paths, options, new Shown(status), cancellationToken);
        var time = Stopwatch.GetElapsedTime(start);
        trained.Write(folder, overwrite);
        return new TrainingReport(trained, folder, options.VocabularySize, time);
    }

    public void WriteText(TextWriter writer)
    {
        var size = _trained.Tokenizer.VocabularySize;
        writer.WriteLine(Line($"learnt from {_trained.TrainingBytes / Million:F1} MB in {_trained.Files} files, {_trained.Words} distinct words"));
        writer.WriteLine(Line($"vocabulary  {size} entries, {_trained.Merges} merges; the last pair occurred {_trained.LastFrequency} times"));
        if (size < _wanted)
            writer.WriteLine(Line($"            {_wanted} were wanted, but no further pair occurs often enough; give more text"));
        writer.Write(_trained.IsHeldOut ? "held-out    " : "same texts  ");
        writer.Write(Line($"{_trained.MeasuredBytes / Million:F2} MB take {1 / TokensPerByte:F2} bytes per token, "));
        writer.WriteLine(Line($"{TokensPerByte:F3} tokens per byte; all came back unchanged"));
        if (!_trained.IsHeldOut)
            writer.WriteLine("            there was too little text to hold some out; give --held-out FILE");
        if (_trained.LeftOut.Count > 0)
            writer.WriteLine($"left out    {_trained.LeftOut.Count} files of folders, no text or not to their end; the first: {_trained.LeftOut[0]}");
        writer.WriteLine(Line($"time        {_time.TotalSeconds:F1} s, {Rate:F1} MB/s"));
        writer.WriteLine($"written to  {_folder}");
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("folder", _folder);
        json.WriteNumber("vocabulary", _trained.Tokenizer.VocabularySize);
        json.WriteNumber("wanted", _wanted);
        json.WriteNumber("merges", _trained.Merges);
        json.WriteNumber("last_frequency", _trained.LastFrequency);
        json.WriteNumber("files", _trained.Files);
        json.WriteNumber("training_bytes", _trained.TrainingBytes);
        json.WriteNumber("training_tokens", _trained.TrainingTokens);
        json.WriteNumber("distinct_words", _trained.Words);
        json.WriteBoolean("held_out", _trained.IsHeldOut);
        json.WriteNumber("measured_bytes", _trained.MeasuredBytes);
        json.WriteNumber("measured_tokens", _trained.MeasuredTokens);
        json.WriteNumber("tokens_per_byte", Math.Round(TokensPerByte, 6));
        json.WriteTexts("left_out", _trained.LeftOut);
        json.WriteSeconds("seconds", _time);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // At once, on the thread that works; bytes in kB, so that they fit.
    private sealed class Shown(StatusLine status) : IProgress<TokenizerTrainingProgress>
    {
        private const int Kilo = 1000;

        public void Report(TokenizerTrainingProgress value)
        {
            if (value.What == "reading")
                status.Report("reading, kB", (int)(value.Done / Kilo), (int)Math.Max(1, value.Total / Kilo));
            else
                status.Report("vocabulary", (int)value.Done, (int)value.Total);
        }
    }
}
