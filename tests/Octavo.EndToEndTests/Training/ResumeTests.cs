using System.Diagnostics;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests.Training;

/// <summary>A run that is killed goes on as if it had not been.</summary>
public class ResumeTests
{
    private const int Attempts = 5;

    [Theory]
    [InlineData("packing: true\nmax_seq_length: 512")]
    [InlineData("use_lora: true\nlora_dropout: 0.2\nmax_seq_length: 512")]
    public void Train_KilledAfterTenOfTwentySteps_EndsAsOneThatWasNot(string settings)
    {
        using var folder = new TemporaryFolder();
        var training = new TinyTraining(folder.Path, $"""
            per_device_train_batch_size: 8
            gradient_accumulation_steps: 2
            max_train_steps: 20
            checkpointing_steps: 10
            {settings}
            """, words: 60);
        var whole = training.Run("whole");
        whole.Exit.ShouldBe(0, whole.Error);

        var name = KilledAfterTen(training);
        var rest = training.Run(name);
        rest.Exit.ShouldBe(0, rest.Error);
        rest.Error.ShouldContain("going on from checkpoint-10");
        training.RequireSame("whole", name);
    }

    // the rest takes longer than seeing the folder; on a machine that is busy elsewhere it may not
    private static string KilledAfterTen(TinyTraining training)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var name = $"killed-{attempt}";
            using (var process = training.Start(name))
            {
                var patience = Stopwatch.StartNew();
                while (training.Checkpoints(name).Count == 0 && !process.HasExited && patience.Elapsed < TimeSpan.FromMinutes(2))
                    Thread.Sleep(1);
                process.Kill();
                process.WaitForExit();
            }
            if (training.Checkpoints(name) is [10])
                return name;
        }
        throw new InvalidOperationException($"{Attempts} runs were over before they could be killed between steps 10 and 20.");
    }
}
