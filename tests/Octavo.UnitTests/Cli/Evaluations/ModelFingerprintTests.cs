using Octavo.Cli.Evaluations;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Evaluations;

public sealed class ModelFingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("m-00001-of-00002.gguf", true)]
    [InlineData("m-00002-of-00002.gguf", true)]
    [InlineData("m-00001-of-00003.gguf", false)]
    [InlineData("other.gguf", false)]
    public void WeightsOf_ASplit_DependsOnEachOfItsOwnParts(string changed, bool differs)
    {
        string[] names = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "m-00001-of-00003.gguf", "other.gguf"];
        foreach (var name in names)
            _folder.Write(name, new byte[100]);
        var before = ModelFingerprint.WeightsOf(_folder.File(names[0]));
        _folder.Write(changed, [.. new byte[99], 1]);
        (ModelFingerprint.WeightsOf(_folder.File(names[0])) != before).ShouldBe(differs);
    }

    [Theory]
    [InlineData("config.json", true)]
    [InlineData("model.safetensors", true)]
    [InlineData("README.md", false)]
    public void WeightsOf_AFolder_DependsOnWhatSaysSomethingOfTheModel(string changed, bool differs)
    {
        foreach (var name in new[] { "config.json", "model.safetensors", "README.md" })
            _folder.Write(name, new byte[100]);
        var before = ModelFingerprint.WeightsOf(_folder.Path);
        _folder.Write(changed, new byte[101]);
        (ModelFingerprint.WeightsOf(_folder.Path) != before).ShouldBe(differs);
    }

    [Fact]
    public void Of_AdapterAndArithmetic_AreTold_ThreadsAreNot()
    {
        var options = new EngineOptions { Threads = 1 };
        using var model = LanguageModel.Load(Repository.At("golden", "training", "lora"), options);
        model.AddAdapter(Repository.At("golden", "training", "lora"), "own");
        var (alone, with) = (ModelFingerprint.Of(model, options, null), ModelFingerprint.Of(model, options, "own"));
        with.ShouldStartWith(alone + "\nadapter ");
        ModelFingerprint.Of(model, options with { Threads = 2 }, null).ShouldBe(alone);
        ModelFingerprint.Of(model, options with { Exact = true }, null).ShouldNotBe(alone);
    }

    public void Dispose() => _folder.Dispose();
}
