using System.Globalization;
using System.Text.Json;
using Octavo.Bench.Kv;
using Octavo.Engine;

const string usage = """
    dotnet run -c Release --project bench/kv -- decode|prefill [options]     from the root of the repository; README.md says what is measured

      --model PATH    decode: a model's folder or file (models/smollm2-135m-instruct)
      --tokens N      tokens of the prompt (decode 7000, prefill 32000)
      --answer N      decode: tokens of each timed answer (32)
      --rounds N      how often each method is timed (5; prefill 3)
      --threads N     threads to compute with (2)
      --json FILE     writes every round's figure there
    """;
if (args is not [("decode" or "prefill") and var what, .. var rest])
    return Fail(usage);
var options = new Dictionary<string, string>
{
    ["--model"] = "models/smollm2-135m-instruct", ["--tokens"] = what == "decode" ? "7000" : "32000", ["--answer"] = "32",
    ["--rounds"] = what == "decode" ? "5" : "3", ["--threads"] = "2", ["--json"] = "",
};
for (var i = 0; i < rest.Length; i += 2)
{
    if (i + 1 == rest.Length || !options.ContainsKey(rest[i]))
        return Fail($"{rest[i]}: no option, or one without its value.\n{usage}");
    options[rest[i]] = rest[i + 1];
}
int Number(string name) => int.TryParse(options[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0;
string[] numbers = ["--tokens", "--answer", "--rounds", "--threads"];
if (numbers.FirstOrDefault(name => Number(name) == 0) is { } wrong)
    return Fail($"{wrong} is '{options[wrong]}'; give a number from 1 on.");
var rows = what == "decode"
    ? DecodeRace.Run(options["--model"], Number("--tokens"), Number("--answer"), Number("--rounds"), Number("--threads"))
    : PrefillRace.Run(Number("--tokens"), Number("--rounds"), Number("--threads"));
Row.Print(rows, what == "decode" ? "tokens/s" : "seconds");
if (options["--json"].Length > 0)
    File.WriteAllText(options["--json"], JsonSerializer.Serialize(new { what, tokens = Number("--tokens"), threads = Number("--threads"), isa = InstructionSets.Available[0], load = Row.Load(), rows }, Row.Json));
return 0;

static int Fail(string text)
{
    Console.Error.WriteLine(text);
    return 2;
}
