using Octavo.Models;
using Octavo.TestKit;
using Octavo.UnitTests.Models.Adapters;
using Shouldly;

namespace Octavo.UnitTests.Cli.Adapters;

/// <summary>Adapters from the command line: which one is used, and merging one for good.</summary>
public sealed class AdapterVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public AdapterVerbTests()
    {
        _model = TinyModels.WriteLlama(_folder.File("tiny"));
        using var checkpoint = Checkpoint.Open(_model);
        TinyAdapter.Make(checkpoint.Model, 1, TinyAdapter.All() with { BaseModel = "someone/tiny" }).Write(_folder.File("first"));
        TinyAdapter.Make(checkpoint.Model, 2, TinyAdapter.All(dora: true) with { BaseModel = "someone/else" }).Write(_folder.File("second"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Logits_WithAdapters_AreThoseOfTheOneInUse()
    {
        var (first, second) = (_folder.File("first"), _folder.File("second"));
        var (alone, with1, with2) = (Logits(), Logits("--adapter", first), Logits("--adapter", second));
        new[] { alone, with1, with2 }.Distinct().Count().ShouldBe(3);
        Logits("--adapter", first, "--adapter", second, "--use", "first").ShouldBe(with1);
        Logits("--adapter", first, "--adapter", $"two={second}", "--use", "two").ShouldBe(with2);
        Logits("--adapter", first, "--adapter", second, "--use", "none").ShouldBe(alone);
    }

    [Theory]
    [InlineData("say with --use NAME", "--adapter", "first", "--adapter", "second")]
    [InlineData("the adapters given are first", "--adapter", "first", "--use", "third")]
    [InlineData("two adapters are called", "--adapter", "first", "--adapter", "first=second")]
    [InlineData("no effect without --adapter", "--use", "first")]
    [InlineData("cannot be an adapter's name", "--adapter", "none=first")]
    [InlineData("NAME=DIR", "--adapter", "name=")]
    public void Logits_OptionsThatDoNotGoTogether_AreRefused(string said, params string[] options)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["logits", "--model", _model, "--ids", "1", .. options.Select((option, i) => i > 0 && options[i - 1] == "--use" ? option : Placed(option))]).ShouldBe(2);
        terminal.Error.ShouldContain(said);
    }

    [Fact]
    public void Logits_AdapterOfAnotherBase_IsToldAndRun()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("logits", "--model", _model, "--ids", "1", "--adapter", _folder.File("second")).ShouldBe(0);
        terminal.Error.ShouldContain("someone/else");
        using var fitting = new FakeTerminal();
        fitting.Run("logits", "--model", _model, "--ids", "1", "--adapter", _folder.File("first")).ShouldBe(0);
        fitting.Error.ShouldBeEmpty();
    }

    [Fact]
    public void Logits_FolderThatIsNone_IsABadInput()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("logits", "--model", _model, "--ids", "1", "--adapter", _model).ShouldBe(3);
        terminal.Error.ShouldContain("adapter_config.json");
    }

    [Theory]
    [InlineData("first", "merged")]
    [InlineData("second", "merged")]
    [InlineData("first", "merged.gguf", "--type", "f32")]
    public void MergeLora_Adapter_IsAModelOfItsOwn(string adapter, string result, params string[] options)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["merge-lora", _model, _folder.File(adapter), "-o", _folder.File(result), .. options]).ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("added to 14 matrices");
        terminal.Out.ShouldContain("same best token");
        var merged = Numbers("--model", _folder.File(result), "--exact");
        var beside = Numbers("--model", _model, "--exact", "--adapter", _folder.File(adapter));
        merged.Select(pair => pair.Id).ShouldBe(beside.Select(pair => pair.Id));
        foreach (var (one, other) in merged.Zip(beside))
            one.Logit.ShouldBe(other.Logit, 2e-4);
    }

    [Theory]
    [InlineData(2, "give a MODEL and an ADAPTER", "tiny")]
    [InlineData(2, "give -o", "tiny", "first")]
    [InlineData(2, "something already", "tiny", "first", "-o", "second")]
    [InlineData(6, "cannot be written with --type q8_0", "tiny", "first", "-o", "out", "--type", "q8_0")]
    [InlineData(3, "adapter_config.json", "tiny", "tiny", "-o", "out")]
    public void MergeLora_WhatCannotBe_IsRefusedAndNothingIsWritten(int exit, string said, params string[] arguments)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["merge-lora", .. arguments.Select(Placed)]).ShouldBe(exit);
        terminal.Error.ShouldContain(said);
        Directory.GetFileSystemEntries(_folder.Path).Length.ShouldBe(3);
    }

    // names of the test's own folder as paths
    private string Placed(string argument) => argument switch
    {
        "tiny" or "first" or "second" or "out" => _folder.File(argument),
        "first=second" => $"first={_folder.File("second")}",
        "none=first" => $"none={_folder.File("first")}",
        _ => argument,
    };

    private string Logits(params string[] options)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["logits", "--model", _model, "--ids", "1,2,3", .. options]).ShouldBe(0, terminal.Error);
        return terminal.Out;
    }

    private static List<(int Id, double Logit)> Numbers(params string[] options)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["logits", "--ids", "1,2,3", .. options]).ShouldBe(0, terminal.Error);
        return [.. terminal.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(parts => (int.Parse(parts[0], null), double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)))];
    }
}
