namespace Octavo.Evaluation.Requests;

/// <summary>Answers requests: the engine, or a table in tests.</summary>
internal interface IRequestRunner
{
    /// <summary>Runs requests and yields each result with its request's place, in the order in which they are done.</summary>
    IEnumerable<(int Index, RequestResult Result)> Run(IReadOnlyList<EvaluationRequest> requests, CancellationToken cancellationToken);
}
