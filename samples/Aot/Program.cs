using System.Diagnostics;
using System.Globalization;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Samples.Aot;

try
{
    Answer(Question.Parse(args));
    return 0;
}
catch (OctavoException error)
{
    Console.Error.WriteLine($"octavo-aot: {error.Message}");
    return error switch
    {
        ConfigException => 2,
        InputFileException => 3,
        ResourceException => 4,
        UnsupportedException => 6,
        _ => 1,
    };
}

static void Answer(Question question)
{
    using var model = LanguageModel.Load(question.FindModel(), new EngineOptions { InstructionSet = question.InstructionSet });
    Console.Error.WriteLine(
        $"[instruction set {model.InstructionSet}; compiled {(InstructionSets.CompiledFor is { } set ? $"for {set}" : "at run time")}]");
    var prompt = ChatPrompt.Of(model).Encode([("user", question.Text)]);
    using var session = model.NewSession();
    var generator = new Generator(model, session, new GenerationOptions { MaxTokens = question.MaxTokens });
    var first = TimeSpan.Zero;
    foreach (var token in generator.Run(prompt))
    {
        if (first == TimeSpan.Zero)
            first = SinceStart();
        Console.Out.Write(token.Text);
        Console.Out.Flush();
    }
    Console.Out.WriteLine();
    var timings = generator.Timings;
    var rate = (timings.CompletionTokens - 1) / (timings.Total - timings.FirstToken).TotalSeconds;
    Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"[first token {first.TotalMilliseconds:F0} ms after the start; {timings.CompletionTokens} tokens, {rate:F1} tokens/s]"));
}

static TimeSpan SinceStart()
{
    using var process = Process.GetCurrentProcess();
    return TimeProvider.System.GetUtcNow() - process.StartTime;
}
