using Octavo.Evaluation.Requests;
using Octavo.Evaluation.Tasks;

namespace Octavo.Evaluation.Running;

/// <summary>Runs one task: asks what was not asked before, judges, and writes each sample in the task's order.</summary>
/// <param name="runner">Who answers.</param>
/// <param name="progress">Told how many samples are done, and of how many.</param>
internal sealed class EvaluationRun(IRequestRunner runner, Action<int, int>? progress = null)
{
    /// <summary>All samples, those of earlier runs first.</summary>
    /// <param name="samples">The task's samples.</param>
    /// <param name="file">Where they go; null keeps them in memory only.</param>
    /// <param name="cancellationToken">Ends the run between tokens; what is written stays.</param>
    public IReadOnlyList<SampleRecord> Run(IReadOnlyList<EvaluationSample> samples, SampleFile? file, CancellationToken cancellationToken)
    {
        var records = new SampleRecord?[samples.Count];
        var earlier = file?.Earlier.ToDictionary(record => record.Id) ?? [];
        for (var i = 0; i < samples.Count; i++)
            records[i] = earlier.GetValueOrDefault(samples[i].Id);
        var open = Enumerable.Range(0, samples.Count).Where(i => records[i] is null).ToList();
        var requests = open.SelectMany(i => samples[i].Requests).ToList();
        var owners = open.SelectMany(i => Enumerable.Range(0, samples[i].Requests.Count).Select(at => (Sample: i, At: at))).ToList();
        var results = samples.Select(sample => new RequestResult?[sample.Requests.Count]).ToArray();
        var (written, done) = (0, samples.Count - open.Count);
        foreach (var (index, result) in runner.Run(requests, cancellationToken))
        {
            var (sample, at) = owners[index];
            results[sample][at] = result;
            if (results[sample].Contains(null))
                continue;
            records[sample] = Judge(samples[sample], [.. results[sample].OfType<RequestResult>()]);
            progress?.Invoke(++done, samples.Count);
            // answers end in any order; a file that is always in one order can be compared
            for (; written < open.Count && records[open[written]] is { } ready; written++)
                file?.Add(ready);
        }
        return [.. records.OfType<SampleRecord>()];
    }

    private static SampleRecord Judge(EvaluationSample sample, IReadOnlyList<RequestResult> results)
    {
        var judgement = sample.Judge(results);
        var generated = results.OfType<GeneratedResult>().ToList();
        return new SampleRecord(
            sample.Id, sample.Prompt, judgement.Output, judgement.Extracted, sample.Gold, judgement.Scores, judgement.Weight,
            generated.Count == 0 ? null : generated.All(result => result.Stopped), results.Sum(result => result.Tokens));
    }
}
