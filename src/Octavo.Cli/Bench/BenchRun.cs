using System.Diagnostics;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Benchmarks;

namespace Octavo.Cli.Bench;

/// <summary>Carries out a plan: loads the model for each number of threads, runs the tests, then measures the machine.</summary>
/// <param name="plan">What is measured.</param>
/// <param name="status">Where progress is shown, between repetitions only.</param>
/// <param name="cancellationToken">Looked at once per token or block.</param>
internal sealed class BenchRun(BenchPlan plan, StatusLine status, CancellationToken cancellationToken)
{
    private readonly List<TestResult> _results = [];
    private readonly BenchTest[] _tests = [.. Tests(plan)];
    private double? _loadSeconds;
    private string _kv = "";
    private int _activationBits;
    private string _instructionSet = "";
    private long _weightBytes;

    public BenchReport Run()
    {
        var commit = SourceCommit.Read();
        var date = TimeProvider.System.GetUtcNow();
        var load = Machine.LoadAverage();
        foreach (var threads in plan.Threads)
            RunTests(threads);
        // The probes' buffer is as large as the weights: it must not count.
        var peak = Machine.PeakResidentBytes();
        var (limits, pingPong) = plan.Probes ? MeasureLimits() : ([], null);
        return new BenchReport
        {
            Version = RootHelp.Version,
            Commit = commit,
            Date = date,
            Model = ModelFiles.Name(plan.Path),
            FileBytes = ModelFiles.Bytes(plan.Path),
            InstructionSet = _instructionSet,
            Exact = plan.Exact,
            Threads = plan.Threads.Max(),
            Kv = _kv,
            ActivationBits = _activationBits,
            Processor = Machine.Processor(),
            LoadSeconds = _loadSeconds.GetValueOrDefault(),
            PeakResidentBytes = peak,
            Results = _results,
            Limits = limits,
            PingPongSeconds = pingPong,
            Load = (load, Machine.LoadAverage()),
        };
    }

    private (IReadOnlyList<MachineLimits> Limits, double? PingPongSeconds) MeasureLimits()
    {
        status.Report("measuring this machine's limits …");
        var threads = plan.Threads.Append(1).Distinct().OrderDescending();
        MachineLimits[] limits = [.. threads.Select(count => LimitProbe.Measure(_instructionSet, count, _weightBytes, cancellationToken))];
        return (limits, PingPong.Measure(cancellationToken));
    }

    private void RunTests(int threads)
    {
        status.Report($"loading {ModelFiles.Name(plan.Path)} …");
        var start = Stopwatch.GetTimestamp();
        using var model = LanguageModel.Load(plan.Path, new EngineOptions
        {
            Threads = threads,
            Exact = plan.Exact,
            KvType = plan.Kv,
            ActivationBits = plan.ActivationBits,
            PrefixCacheBytes = 0,
            InstructionSet = plan.InstructionSet,
            MemoryMap = plan.MemoryMap,
        });
        _loadSeconds ??= Stopwatch.GetElapsedTime(start).TotalSeconds;
        (_instructionSet, _kv, _activationBits) = (model.InstructionSet, EngineFlags.NameOf(model.KvType), model.ActivationBits);
        if (plan.Probes)
            PeakKernels.Of(_instructionSet); // refuses now what could not be measured at the end
        CheckContext(model);
        var workload = new Workload(model.Checkpoint, model.IsExact, model.KvType);
        _weightBytes = workload.WeightBytes;
        using var session = model.NewSession();
        var context = new BenchContext(model, session, new BenchTokens(model.VocabularySize), status, cancellationToken);
        foreach (var test in _tests)
            _results.Add(Measure(test, context, workload));
    }

    private static IEnumerable<BenchTest> Tests(BenchPlan plan) =>
    [
        .. plan.Prompts.Select(prompt => new PrefillTest(prompt)),
        .. plan.Depths.SelectMany(depth => plan.Batches.Select(batch => Decode(depth, plan.Tokens, batch))),
    ];

    private static BenchTest Decode(int depth, int tokens, int batch) => batch == 1
        ? new DecodeTest(depth, tokens)
        : new BatchTest(depth, tokens, batch);

    private void CheckContext(LanguageModel model)
    {
        var longest = _tests.Max(test => (long)test.Positions);
        if (longest > model.ContextLength)
            throw new ResourceException($"a test takes {longest} tokens, and the context of {plan.Path} is {model.ContextLength}. Give smaller --prompt, --depth or --tokens.");
    }

    private TestResult Measure(BenchTest test, BenchContext context, Workload workload)
    {
        var key = new TestKey(test.Kind, test.Tokens, test.Depth, test.Batch, context.Model.Threads, _kv);
        var seconds = new double[plan.Repetitions];
        for (var repetition = -1; repetition < seconds.Length; repetition++)
        {
            status.Report($"{key.Label}, threads {key.Threads}: "
                + (repetition < 0 ? "warm-up" : $"repetition {repetition + 1} of {seconds.Length}"));
            test.Prepare(context);
            var start = Stopwatch.GetTimestamp();
            test.Run(context);
            if (repetition >= 0)
                seconds[repetition] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        test.Finish(context);
        var total = (double)test.Tokens * test.Batch;
        return new TestResult(key, Statistic.Of(seconds.Select(time => total / time)), Statistic.Of(seconds), test.Bytes(workload), test.Compute(workload));
    }
}
