namespace Octavo.Models.Conversion;

/// <summary>What a stored tensor is for, as far as it decides how it is stored.</summary>
internal enum TensorRole
{
    /// <summary>A matrix of a layer: takes the type that is asked for.</summary>
    Matrix,
    /// <summary>The embedding table or a head: may have a type of its own.</summary>
    Table,
    /// <summary>Small and read number by number, or deciding where rows go: GGUF files hold it in F32.</summary>
    Delicate,
}

/// <summary>
/// Rows of a stored tensor that come from rows of another one. A norm or a bias that is taken whole is one row; a bias of which parts are
/// taken has rows of one number.
/// </summary>
/// <param name="From">Where the numbers come from.</param>
/// <param name="FromRow">The stored row of each row that is meant.</param>
/// <param name="To">Where they go.</param>
/// <param name="ToRow">The stored row there.</param>
/// <param name="Rows">How many rows are meant.</param>
/// <param name="Shift">What is added to each number.</param>
/// <param name="Role">What the tensor is for.</param>
internal sealed record TensorPart(
    View From, Func<int, int> FromRow, View To, Func<int, int> ToRow, int Rows, float Shift = 0, TensorRole Role = TensorRole.Matrix);

/// <summary>A stored tensor that the other side holds as numbers of its configuration.</summary>
/// <param name="To">Where they go.</param>
/// <param name="Numbers">The numbers.</param>
internal sealed record ComputedTensor(View To, float[] Numbers);
