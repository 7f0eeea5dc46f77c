using Octavo.Bench.Kernels;
using Octavo.Engine.Kernels;

// usage: [SET] [all|start|products|attend|rows] [COLUMNS] [TYPE]; without a set every one that the machine has
var sets = args.Length > 0 && args[0] != "all" ? [KernelSets.Select(args[0])] : KernelSets.Available;
var part = args.Length > 1 ? args[1] : "all";
var columns = args.Length > 2 ? int.Parse(args[2]) : 576;
var type = args.Length > 3 ? args[3] : null;
foreach (var set in sets)
{
    if (part is "all" or "start")
        StartBench.Run(set);
    if (part is "all" or "products")
        ProductBench.Run(set, columns, type);
    if (part is "all" or "attend")
    {
        AttentionBench.Limits();
        AttentionBench.Run(set, 3, 64);
        AttentionBench.Run(set, 4, 128);
    }
    if (part is "all" or "rows")
        SmallBench.Elementwise(set, 1536);
}
