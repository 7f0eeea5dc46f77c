using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.Models.Checkpoints;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>What every entry of the registry must hold.</summary>
public class ArchitectureContractTests
{
    public static TheoryData<string> Hub => [.. Architectures.Supported];

    public static TheoryData<string> Gguf => [.. Architectures.SupportedGguf];

    [Theory]
    [MemberData(nameof(Hub))]
    public void Describe_EveryArchitecture_NamesEachTensorOnce(string architecture)
    {
        var model = TinyConfig.Hub(architecture).Describe();

        model.Architecture.ShouldBe(architecture);
        var views = ModelListing.Stored(model);
        views.ShouldAllBe(view => view.Shape.All(size => size > 0) && view.Name.Length > 0 && view.Gguf.Length > 0 && view.Gguf.Length <= 64);
        views.Select(view => view.Name).ShouldBeUnique();
        // files stack the experts of a layer
        if (!model.Stacks.Any(stack => stack.Layers.Any(layer => layer.Parts.Any(part => part.Mix is Experts))))
            views.Select(view => view.Gguf).ShouldBeUnique();
        ModelListing.ParameterCount(model).ShouldBe(views.Sum(view => view.Shape.Aggregate(1L, (a, b) => a * b)));
        // encoders norm behind each part
        model.Stacks.ShouldAllBe(stack => stack.Heads.Count > 0 && stack.Layers.Count == 2
            && (stack.Final != null || stack.Layers[1].Parts[1].Post != null));
    }

    [Theory]
    [MemberData(nameof(Hub))]
    public void Describe_EveryArchitecture_FitsItsOwnListingAndNothingLess(string architecture)
    {
        var config = TinyConfig.Hub(architecture);
        var views = ModelListing.Stored(config.Describe());
        var optional = config.Describe().Stacks[0].Heads.Where(head => head.IsOptional).SelectMany(head => (string?[])[head.Projection.W.Name, head.Projection.B?.Name]);
        foreach (var view in views.Where(view => !optional.Contains(view.Name)))
        {
            var source = FakeSource.For(config.Describe(), gguf: false).Remove(view.Name);
            Should.Throw<CheckpointException>(() => KeyCheck.Run(config.Describe(), source, gguf: false, [])).Message.ShouldContain(view.Name);
        }
        KeyCheck.Run(config.Describe(), FakeSource.For(config.Describe(), gguf: false), gguf: false, []).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Hub))]
    public void Describe_Twice_GivesNewObjects(string architecture) =>
        TinyConfig.Hub(architecture).Describe().Stacks[0].Layers[0].ShouldNotBeSameAs(TinyConfig.Hub(architecture).Describe().Stacks[0].Layers[0]);

    [Theory]
    [MemberData(nameof(Hub))]
    public void Describe_EveryArchitecture_RefusesAnEmptyConfigByEveryKey(string architecture)
    {
        var config = TinyConfig.Hub(architecture);
        foreach (var key in TinyConfig.SizeKeys(architecture))
            config.Remove(key);
        var message = Should.Throw<CheckpointException>(() => config.Describe()).Message;
        foreach (var key in TinyConfig.SizeKeys(architecture))
            message.ShouldContain($"{key} is missing");
        message.ShouldContain("6 things");
    }

    [Theory]
    [MemberData(nameof(Gguf))]
    public void FromGguf_EveryArchitecture_DescribesWhatConfigJsonDoes(string architecture)
    {
        var family = Architectures.Families.Single(f => f.GgufArchitecture == architecture && f.Claims is null);
        var hub = TinyConfig.Hub(family.Architectures[0]).Describe();
        var gguf = TinyConfig.Describe(TinyConfig.Gguf(architecture), new FakeSource().Add("output.weight", TensorType.F32, 40, 24));

        ModelListing.ParameterCount(gguf).ShouldBe(ModelListing.ParameterCount(hub));
        // its files have apart what the hub's have in one matrix
        if (architecture != "internlm2")
        {
            ModelListing.Keys(gguf).Select(key => $"{key.Name} {string.Join('x', key.Shape)}")
                .ShouldBe(ModelListing.Keys(hub).Select(key => $"{key.Name} {string.Join('x', key.Shape)}"));
        }
        gguf.ContextLength.ShouldBe(hub.ContextLength);
        gguf.AttentionOf(1).Order.ShouldBe(hub.AttentionOf(1).Order);
        (gguf.Stacks[0].Final ?? gguf.Stacks[0].Input.Norm)!.Epsilon.ShouldBe((hub.Stacks[0].Final ?? hub.Stacks[0].Input.Norm)!.Epsilon);
    }

    [Fact]
    public void Select_UnknownGguf_ListsWhatIsSupported()
    {
        var metadata = new GgufMetadata("model.gguf", TinyConfig.Gguf("mamba"));
        var message = Should.Throw<UnsupportedException>(() => Architectures.Select(metadata, new FakeSource(), out _)).Message;
        foreach (var name in Architectures.SupportedGguf)
            message.ShouldContain(name);
    }
}
