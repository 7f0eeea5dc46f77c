using Octavo.Cli.Output;
using Octavo.Engine;

namespace Octavo.Cli.Bench;

/// <summary>What tests run on.</summary>
/// <param name="Model">The model, with the plan's threads.</param>
/// <param name="Session">One sequence that all tests use in turn: a deeper decode test goes on from what a shallower one has filled.</param>
/// <param name="Tokens">The text.</param>
/// <param name="Status">Where progress is shown, outside of what is timed.</param>
/// <param name="CancellationToken">Looked at once per token or block.</param>
internal sealed record BenchContext(
    LanguageModel Model, Session Session, BenchTokens Tokens, StatusLine Status, CancellationToken CancellationToken);
