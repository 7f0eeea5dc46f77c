using Octavo.Engine;

namespace Octavo.TestKit;

/// <summary>The bundled model, loaded once for a class of tests.</summary>
public sealed class BundledModelFixture : IDisposable
{
    /// <summary>The model, on two threads.</summary>
    public LanguageModel Model { get; } = LanguageModel.Load(Repository.BundledModel, new EngineOptions { Threads = 2 });

    /// <summary>A user's question as tokens, the assistant's turn open.</summary>
    public IReadOnlyList<int> Ask(string question) => ChatPrompt.Of(Model).Encode([("user", question)]);

    /// <summary>Generates in a session of its own.</summary>
    public List<GeneratedToken> Run(IReadOnlyList<int> prompt, GenerationOptions options)
    {
        using var session = Model.NewSession();
        return [.. new Generator(Model, session, options).Run(prompt)];
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
