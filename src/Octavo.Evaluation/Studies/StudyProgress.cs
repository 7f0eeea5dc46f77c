namespace Octavo.Evaluation.Studies;

/// <summary>How far a study is.</summary>
/// <param name="Done">Cells that this run has run.</param>
/// <param name="Total">Cells that it has to run; those of earlier runs are in neither.</param>
/// <param name="Cell">The one that ended last; null at the beginning.</param>
internal sealed record StudyProgress(int Done, int Total, StudyCell? Cell);
