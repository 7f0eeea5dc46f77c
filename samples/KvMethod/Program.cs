using EverySecondToken;
using Octavo.Engine;

using var model = LanguageModel.Load(args[0]);
var prompt = model.Tokenizer.Encode(string.Concat(Enumerable.Repeat("The sea is blue and the sand is white. ", 50)) + "The sea is").Select(token => token.Id).ToList();
foreach (var method in new EverySecond?[] { null, new EverySecond { CompressionRatio = 0.5 } })
{
    using var session = model.NewSession(null, method);
    var options = new GenerationOptions { MaxTokens = 16, KvMethod = method };
    var answer = string.Concat(new Generator(model, session, options).Run(prompt).Select(token => token.Text));
    Console.WriteLine($"{method?.Name ?? "full"}: {session.KvBytes / 1024} KiB for {session.Tokens.Length} tokens:{answer}");
}
