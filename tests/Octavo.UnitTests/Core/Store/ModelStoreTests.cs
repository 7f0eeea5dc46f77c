using Octavo.Core;
using Octavo.Core.Store;
using Shouldly;

namespace Octavo.UnitTests.Core.Store;

public sealed class ModelStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("octavo-").FullName;

    private string Models => Path.Combine(_root, "models");

    private string More => Path.Combine(_root, "more");

    private string Hub => Path.Combine(_root, "hub");

    private ModelStore Store => new([Models, More, Path.Combine(_root, "absent")], Hub);

    [Fact]
    public void Resolve_ExistingPath_IsTakenAsItIs()
    {
        var file = Touch("elsewhere/a.gguf");
        Store.Resolve(file).ShouldBe(file);
        Store.Resolve(Path.GetDirectoryName(file)!).ShouldBe(file);
        var folder = Path.GetDirectoryName(Touch("tokenizer/tokenizer.json"))!;
        Store.Resolve(folder).ShouldBe(folder);
    }

    [Theory]
    [InlineData("smollm2-135m-instruct")]
    [InlineData("SmolLM2-135M-Instruct")]
    [InlineData("HuggingFaceTB/SmolLM2-135M-Instruct")]
    public void Resolve_Id_FindsTheFoldersFirstPart(string id)
    {
        Touch("models/smollm2-135m-instruct/smol-00002-of-00002.gguf");
        var first = Touch("models/smollm2-135m-instruct/smol-00001-of-00002.gguf");
        Store.Resolve(id).ShouldBe(first);
    }

    [Theory]
    [InlineData("tiny.Q4_0.gguf")]
    [InlineData("TINY.q4_0")]
    [InlineData("owner/tiny.Q4_0")]
    public void Resolve_FileNameOrStem_FindsTheFile(string id)
    {
        var file = Touch("more/tiny.Q4_0.gguf");
        Store.Resolve(id).ShouldBe(file);
    }

    [Fact]
    public void Resolve_NestedOwner_GoesBeforeABareName()
    {
        Touch("models/name/model.safetensors");
        Touch("models/Owner/name/model.safetensors");
        Store.Resolve("owner/NAME").ShouldBe(Path.Combine(Models, "Owner", "name"));
        Store.Resolve("other/name").ShouldBe(Path.Combine(Models, "name"));
    }

    [Fact]
    public void Resolve_SeveralPlaces_TheFirstWins()
    {
        Touch("more/same.gguf");
        Store.Resolve("same").ShouldBe(Path.Combine(More, "same.gguf"));
        Touch("models/same.gguf");
        Store.Resolve("same").ShouldBe(Path.Combine(Models, "same.gguf"));
    }

    [Fact]
    public void Resolve_SeveralGgufsInAFolder_NamesThem()
    {
        Touch("models/many/a.gguf");
        Touch("models/many/b-00001-of-00002.gguf");
        Touch("models/many/b-00002-of-00002.gguf");
        var message = Should.Throw<ConfigException>(() => Store.Resolve("many")).Message;
        message.ShouldContain("2 GGUF models");
        message.ShouldContain("a.gguf");
        message.ShouldContain("b-00001-of-00002.gguf");
        Store.Resolve("many/a").ShouldBe(Path.Combine(Models, "many", "a.gguf"));
    }

    [Fact]
    public void Resolve_NamesThatDifferInCase_TakesTheExactOneOrRefuses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file system that tells cases apart");
        Touch("models/Twin.gguf");
        Touch("models/twin.gguf");
        Store.Resolve("twin").ShouldBe(Path.Combine(Models, "twin.gguf"));
        Should.Throw<ConfigException>(() => Store.Resolve("TWIN")).Message.ShouldContain("2 models");
    }

    [Fact]
    public void Resolve_HubCache_FollowsTheMainReference()
    {
        Touch("hub/models--org--name/snapshots/abc123/model.safetensors");
        Touch("hub/models--org--name/snapshots/older/model.safetensors");
        Should.Throw<ConfigException>(() => Store.Resolve("org/name"));
        Touch("hub/models--org--name/refs/main", "abc123\n");
        Store.Resolve("org/name").ShouldBe(Path.Combine(Hub, "models--org--name", "snapshots", "abc123"));
    }

    [Theory]
    [InlineData("../../elsewhere")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Resolve_HubReferenceThatIsNoName_IsRefused(string reference)
    {
        Touch("hub/models--org--name/snapshots/abc123/model.safetensors");
        Touch("elsewhere/model.safetensors");
        Touch("hub/models--org--name/refs/main", reference);
        Should.Throw<ConfigException>(() => Store.Resolve("org/name")).Message.ShouldContain("does not name a snapshot");
    }

    [Theory]
    [InlineData("../models/a")]
    [InlineData("a..b")]
    [InlineData("a/../b")]
    [InlineData("/absent/path")]
    [InlineData("a/b/c")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a\n")]
    [InlineData("")]
    [InlineData("a/")]
    [InlineData("\u001b[2J")]
    public void Resolve_NeitherPathNorId_IsRefused(string model)
    {
        Touch("models/a/x.gguf");
        var message = Should.Throw<ConfigException>(() => Store.Resolve(model)).Message;
        message.ShouldContain("neither a file or folder");
        message.ShouldNotContain("\u001b");
    }

    [Fact]
    public void Resolve_Absent_ListsThePlaces()
    {
        var message = Should.Throw<ConfigException>(() => Store.Resolve("org/absent")).Message;
        foreach (var place in Store.Places)
            message.ShouldContain(place);
        message.ShouldContain("octavo pull");
    }

    [Fact]
    public void List_AllPlaces_GivesIdsThatResolve()
    {
        Touch("models/split/s-00001-of-00002.gguf", "12345");
        Touch("models/split/s-00002-of-00002.gguf", "123");
        Touch("models/many/a.gguf");
        Touch("models/many/b.gguf");
        Touch("models/owner/deep/config.json");
        Touch("models/owner/deep/model.safetensors", "1234567");
        Touch("models/torch/config.json");
        Touch("models/torch/pytorch_model.bin", "123456");
        Touch("models/torch/training_args.bin", "123456");
        Touch("models/torch-and-gguf/config.json");
        Touch("models/torch-and-gguf/pytorch_model.bin");
        Touch("models/torch-and-gguf/c.gguf", "1");
        Touch("models/not-a-model/pytorch_model.bin");
        Touch("more/file.Q8_0.gguf");
        Touch("hub/models--org--name/refs/main", "abc");
        Touch("hub/models--org--name/snapshots/abc/config.json");
        Touch("hub/models--org--name/snapshots/abc/model.safetensors", "12");

        var models = Store.List();

        models.Select(model => model.Id).ShouldBe(["many/a", "many/b", "owner/deep", "split", "torch", "torch-and-gguf", "file.Q8_0", "org/name"]);
        models.Single(model => model.Id == "split").Bytes.ShouldBe(8);
        models.Single(model => model.Id == "owner/deep").Bytes.ShouldBe(7);
        models.Single(model => model.Id == "torch").Bytes.ShouldBe(6);
        models.Single(model => model.Id == "torch-and-gguf").Path.ShouldEndWith("c.gguf");
        models.Single(model => model.Id == "org/name").Place.ShouldBe(Hub);
        foreach (var model in models)
            Store.Resolve(model.Id).ShouldBe(model.Path, model.Id);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Touch(string name, string text = "x")
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
