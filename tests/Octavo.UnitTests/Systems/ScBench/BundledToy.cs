using Octavo.Engine;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Toy;
using Octavo.TestKit;

namespace Octavo.UnitTests.Systems.ScBench;

/// <summary>The toy that comes with Octavo, in fp32 on one thread.</summary>
internal static class BundledToy
{
    public static string Path => Repository.At("models", ToyModel.Id);

    public static LanguageModel Load() => LanguageModel.Load(Path, new EngineOptions { Threads = 1, KvType = KvType.F32 });

    public static SharedPrompt Prompt(LanguageModel model, PromptOptions options, int row = 0, ulong seed = 11) =>
        new PromptBuilder(model.Tokenizer, null).Build(ToyTask.Make(seed, row), TaskRules.Of(ToyTask.Name), options with { RequestReserve = 0 });
}
