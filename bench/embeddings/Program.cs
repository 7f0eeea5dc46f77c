using Octavo.Bench.Embeddings;
using Octavo.Engine;

const string usage = """
    dotnet run -c Release --project bench/embeddings -- [options]     from the root of the repository; README.md says what is measured

      --onnx FILE     the model as export.py writes it (artifacts/minilm.onnx)
      --sentences N   how many (1000)
      --threads A,B   threads to compute with (1,2)
      --batch N       texts in a batch of ONNX Runtime (32)
      --rounds N      how often each contender is timed (7)
      --only NAME     runs one contender, without comparison: octavo, onnx
      --json FILE     writes every round's figure there
    $OCTAVO_MODELS leads to the folder that has all-MiniLM-L6-v2.
    """;
var options = new Dictionary<string, string>
{
    ["--onnx"] = "artifacts/minilm.onnx", ["--sentences"] = "1000", ["--threads"] = "1,2",
    ["--batch"] = "32", ["--rounds"] = "7", ["--only"] = "", ["--json"] = "",
};
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || !options.ContainsKey(args[i]))
        return Fail($"{args[i]}: no option, or one without its value.\n{usage}", 2);
    options[args[i]] = args[i + 1];
}
if (options["--only"] is not ("" or "octavo" or "onnx"))
    return Fail("--only takes octavo or onnx.", 2);
if (!int.TryParse(options["--rounds"], out var rounds) || rounds < 1 || !int.TryParse(options["--sentences"], out var count) || count < 1
    || !int.TryParse(options["--batch"], out var batch) || batch < 1)
    return Fail("--rounds, --sentences and --batch take numbers from 1 on.", 2);
var threads = options["--threads"].Split(',').Select(text => int.TryParse(text, out var number) ? number : 0).ToArray();
if (threads.Any(number => number < 1))
    return Fail("--threads takes numbers from 1 on, with commas between.", 2);
var model = Path.Combine(Environment.GetEnvironmentVariable("OCTAVO_MODELS") ?? "", "all-MiniLM-L6-v2");
if (!Directory.Exists(model))
    return Fail("The model is in no repository: set OCTAVO_MODELS to the folder that has all-MiniLM-L6-v2.", 3);
if (options["--only"] != "octavo" && !File.Exists(options["--onnx"]))
    return Fail($"There is no {options["--onnx"]}. Make it: python3 bench/embeddings/export.py {model} {options["--onnx"]}", 3);

using var first = new OctavoContender(model, threads[0]);
var (texts, ids) = Sentences.Make(Environment.CurrentDirectory, first.Encoder.Model.Tokenizer, count);
List<IContender> contenders = [];
foreach (var number in threads)
{
    if (options["--only"] != "onnx")
        contenders.Add(number == threads[0] ? first : new OctavoContender(model, number));
    if (options["--only"] != "octavo")
        contenders.Add(new OnnxContender(options["--onnx"], number, batch));
}
var some = ids.Take(100).ToArray();
if (!await IsGenerator(texts.Take(100), first.Embed(some)))
    return Fail("OctavoEmbeddingGenerator gives other embeddings for the texts than the encoder for their ids; nothing is timed.", 1);
var report = new Report
{
    InstructionSet = first.Encoder.Model.InstructionSet,
    Sentences = count,
    Tokens = ids.Sum(text => text.Length),
    Batch = batch,
    LeastCosine = Agreement.OfAll([first, .. contenders], some),
    LeastCosineWithGolden = contenders.Min(contender => Agreement.WithGolden(contender, Environment.CurrentDirectory)),
    Rows = Race.Run([.. contenders], ids, rounds),
};
Console.WriteLine(
    $"{count} sentences, {report.Tokens} tokens; cosines at least {report.LeastCosine:F7}, with the golden {report.LeastCosineWithGolden:F7}");
report.Print(Console.Out);
if (options["--json"].Length > 0)
    report.Write(options["--json"]);
contenders.ForEach(contender => contender.Dispose());
return 0;

async Task<bool> IsGenerator(IEnumerable<string> some, float[][] expected)
{
    using var generator = new OctavoEmbeddingGenerator(first.Encoder);
    var embeddings = await generator.GenerateAsync(some);
    return embeddings.Zip(expected).All(pair => pair.First.Vector.Span.SequenceEqual(pair.Second));
}

static int Fail(string message, int code)
{
    Console.Error.WriteLine(message);
    return code;
}
