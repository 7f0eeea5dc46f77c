using Octavo.Cli.Parity;
using Octavo.Cli.Parity.Kinds;
using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.ParityTests;

/// <summary>Goldens of adapters, whose gradients come from whoever trains; everything else is computed here.</summary>
public class AdapterGoldenTests
{
    private const string Gradient = "grad.";

    private static readonly ParityContext _context = new(new EngineOptions { Exact = true, Threads = 2 }, CancellationToken.None) { WithTraining = true };

    public static TheoryData<string> Names => ["lora", "lora-rslora", "lora-dora"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_GradientsGiven_EveryOutputIsComparedAndHolds(string name)
    {
        var golden = Golden.Read(Repository.At("golden", "training", name));
        var checks = new LoraRunner((asked, tensors, _) => asked.Outputs.Keys.Where(output => output.StartsWith(Gradient, StringComparison.Ordinal))
            .ToDictionary(output => output[Gradient.Length..], output => tensors.Floats("out." + output))).Run(golden, _context);
        checks.Select(check => check.Name).Order(StringComparer.Ordinal).ShouldBe(golden.Outputs.Keys.Order(StringComparer.Ordinal));
        checks.Where(check => !check.Holds).Select(check => $"{check.Name}: {check.Detail}").ShouldBeEmpty();
    }

    [Fact]
    public void Run_NoGradients_SaysThatTheOthersHold() =>
        Should.Throw<UnsupportedException>(() => new LoraRunner(null).Run(Golden.Read(Repository.At("golden", "training", "lora")), _context))
            .Message.ShouldContain("other outputs hold");

    [Fact]
    public void Run_WrongGradients_Fail()
    {
        var checks = new LoraRunner((_, _, _) => new Dictionary<string, float[]>()).Run(Golden.Read(Repository.At("golden", "training", "lora")), _context);
        checks.Where(check => !check.Holds).ShouldAllBe(check => check.Name.StartsWith(Gradient));
        checks.Count(check => !check.Holds).ShouldBe(4);
    }
}
