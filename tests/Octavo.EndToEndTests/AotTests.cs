using System.Diagnostics;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class AotTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(20);

    [Fact(Explicit = true)]
    [Trait("Long", "aot")]
    public void Sample_Aot_AnswersOnWhatItWasCompiledForAndRefusesMore()
    {
        Publish();
        var program = Repository.At("artifacts", "aot", "octavo-aot");

        var answer = OctavoProgram.Finish(OctavoProgram.Start(program, ["What is the capital of France?"]));
        answer.Exit.ShouldBe(0, answer.Error);
        answer.Out.ShouldBe("The capital of France is Paris.\n");
        answer.Error.ShouldContain("[instruction set avx2; compiled for avx2]");

        var refused = OctavoProgram.Finish(OctavoProgram.Start(program, ["--isa", "avx512", "Hi"]));
        refused.Exit.ShouldBe(6);
        refused.Out.ShouldBeEmpty();
        refused.Error.ShouldContain("compiled ahead of time for avx2 and has avx2, v128, scalar");
    }

    private static void Publish()
    {
        // Its streams are the test's own: the compiler says nothing where it has nothing to warn of.
        using var publish = Process.Start("dotnet", ["publish", Repository.At("samples", "Aot"), "-c", "Release", "-v", "q", "-nodeReuse:false"]);
        if (!publish.WaitForExit(_patience))
        {
            publish.Kill(entireProcessTree: true);
            throw new TimeoutException($"the publishing did not end within {_patience}.");
        }
        publish.ExitCode.ShouldBe(0);
    }
}
