using Octavo.Bench.Tokenizers;

const string usage = """
    dotnet run -c Release --project bench/tokenizers -- [options]     from the root of the repository; README.md says what is measured

      --kinds A,B     tokenizer files by name; all by default
      --texts A,B     English, code, Arabic, mixed; all by default
      --rounds N      how often each contender is timed (11); the test `first` half as often
      --json FILE     writes every round's figure there
    $OCTAVO_MODELS leads to the tokenizer files; without it only the bundled model's own is raced.
    """;
var options = new Dictionary<string, string> { ["--kinds"] = "", ["--texts"] = "", ["--rounds"] = "11", ["--json"] = "" };
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || !options.ContainsKey(args[i]))
        return Fail($"{args[i]}: no option, or one without its value.\n{usage}", 2);
    options[args[i]] = args[i + 1];
}
if (!int.TryParse(options["--rounds"], out var rounds) || rounds < 1)
    return Fail("--rounds takes a number from 1 on.", 2);

var models = Environment.GetEnvironmentVariable("OCTAVO_MODELS");
var scratch = Directory.CreateTempSubdirectory("octavo-bench-").FullName;
var kinds = new Kinds(Environment.CurrentDirectory, models ?? "", scratch).All;
var texts = Corpus.All(Environment.CurrentDirectory);
var chosen = options["--kinds"].Length > 0 ? options["--kinds"].Split(',') : models is null ? ["smollm2"] : [.. kinds.Keys];
if (chosen.FirstOrDefault(name => !kinds.ContainsKey(name)) is { } unknown)
    return Fail($"There is no kind '{unknown}'; there are {string.Join(", ", kinds.Keys)}.", 2);
if (options["--texts"].Length > 0)
    texts = [.. texts.Where(text => options["--texts"].Split(',').Contains(text.Name))];
if (models is null && chosen is not ["smollm2"])
    return Fail("These tokenizer files are in no repository: set OCTAVO_MODELS to the folder that has them.", 3);
if (models is null)
    Console.Error.WriteLine("OCTAVO_MODELS is not set: only the bundled model's own tokenizer is raced.");

List<Row> rows = [];
Report.PrintHead(Console.Out);
foreach (var name in chosen)
{
    foreach (var row in new Race(kinds[name](), rounds).Run(texts))
    {
        rows.Add(row);
        Report.Print(row, Console.Out);
    }
}
Directory.Delete(scratch, recursive: true);
if (options["--json"].Length > 0)
    new Report { Rounds = rounds, Rows = rows }.Write(options["--json"]);
return 0;

static int Fail(string message, int code)
{
    Console.Error.WriteLine(message);
    return code;
}
