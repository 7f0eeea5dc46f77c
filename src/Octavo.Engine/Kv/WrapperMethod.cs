namespace Octavo.Engine.Kv;

/// <summary>A method around one that rates tokens: it changes how many are kept, where or when, and needs what that one needs.</summary>
/// <param name="Inner">What rates the tokens.</param>
public abstract record WrapperMethod(ScoredMethod Inner) : KvMethod
{
    /// <summary>What the wrapper itself is called.</summary>
    protected abstract string Wrapper { get; }

    /// <summary>The wrapper with its method in brackets, as <see cref="KvMethods.Parse"/> reads it.</summary>
    public sealed override string Name => $"{Wrapper}({Inner.Name})";

    /// <inheritdoc/>
    public sealed override KvNeeds Needs => Inner.Needs;

    /// <inheritdoc/>
    public sealed override bool StoresQueryHeads => Inner.StoresQueryHeads;

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems) => Inner.Validate();
}
