using Octavo.Bench.Tokenizers;

// usage: [KIND] [--rounds N]; without a kind all of them. Run from the repository; OCTAVO_MODELS leads to the tokenizers.
var words = args.ToList();
var rounds = 7;
if (words.IndexOf("--rounds") is var at and >= 0)
{
    if (at + 1 == words.Count || !int.TryParse(words[at + 1], out rounds) || rounds < 1)
    {
        Console.Error.WriteLine("--rounds takes the number of runs of each contender, 1 or more.");
        return 2;
    }
    words.RemoveRange(at, 2);
}
if (Environment.GetEnvironmentVariable("OCTAVO_MODELS") is not { } models || !Directory.Exists(Path.Combine(models, "tokenizers")))
{
    Console.Error.WriteLine("OCTAVO_MODELS does not lead to a folder with tokenizers/ in it; set it.");
    return 3;
}
var scratch = Directory.CreateTempSubdirectory("octavo-bench-").FullName;
var contenders = new Contenders(Environment.CurrentDirectory, models, scratch);
Dictionary<string, Func<Contender[]>> kinds = new()
{
    ["gpt2"] = contenders.Gpt2,
    ["llama3"] = contenders.Llama3,
    ["llama2"] = contenders.Llama,
    ["clip"] = contenders.Clip,
    ["wordpiece"] = contenders.WordPiece,
    ["unigram"] = contenders.Unigram,
    ["spm-bpe"] = () => contenders.SentencePiece("bpe-bytes.model"),
    ["spm-unigram"] = () => contenders.SentencePiece("unigram-bytes.model"),
};
if (words.Count > 0 && !kinds.ContainsKey(words[0]))
{
    Console.Error.WriteLine($"There is no kind '{words[0]}'; there are {string.Join(", ", kinds.Keys)}.");
    return 2;
}
foreach (var (kind, make) in kinds)
{
    if (words.Count > 0 && words[0] != kind)
        continue;
    var racers = make();
    foreach (var corpus in Corpus.All(Environment.CurrentDirectory))
        Race.Run(kind, corpus, racers, rounds);
}
Directory.Delete(scratch, recursive: true);
return 0;
