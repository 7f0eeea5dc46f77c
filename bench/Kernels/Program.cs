using Octavo.Bench.Kernels;
using Octavo.Engine.Kernels;

// usage: [SET] [all|start|products|attend|rows] [COLUMNS] [TYPE] [--json FILE]; without a set every one that the machine has
var words = args.ToList();
string? json = null;
if (words.IndexOf("--json") is var at and >= 0)
{
    if (at + 1 == words.Count)
    {
        Console.Error.WriteLine("--json has no value; it takes the file to write.");
        return 2;
    }
    json = words[at + 1];
    words.RemoveRange(at, 2);
}
var sets = words.Count > 0 && words[0] != "all" ? [KernelSets.Select(words[0])] : KernelSets.Available;
var part = words.Count > 1 ? words[1] : "all";
var columns = words.Count > 2 ? int.Parse(words[2]) : 576;
var type = words.Count > 3 ? words[3] : null;
var report = new Report();
foreach (var set in sets)
{
    if (part is "all" or "start")
        StartBench.Run(set);
    if (part != "start")
        report.Add(Limits.Measure(set));
    if (part is "all" or "products")
        ProductBench.Run(set, columns, type, report);
    if (part is "all" or "attend")
    {
        AttentionBench.Run(set, 3, 64, report);
        AttentionBench.Run(set, 4, 128, report);
    }
    if (part is "all" or "rows")
        SmallBench.Elementwise(set, 1536, report);
    if (part != "start")
        report.Add(Limits.Measure(set));
}
if (json is not null)
    report.Write(json);
return 0;
