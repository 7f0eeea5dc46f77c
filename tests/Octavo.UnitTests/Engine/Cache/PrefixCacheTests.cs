using Octavo.Core;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Cache;

/// <summary>Reuse changes no bit: cold, warm and from disk give the same logits.</summary>
public sealed class PrefixCacheTests : IDisposable
{
    private static readonly GenerationOptions _options = new() { MaxTokens = 8, LogProbabilities = 3, IgnoreEnd = true, WithoutText = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_BundledModelLongContext_ColdWarmAndReloadedAreBitEqual()
    {
        var context = Tokens(1500, 40000);
        int[] first = [.. context, 11, 12];
        int[] second = [.. context, 21, 22, 23];
        List<string> cold;
        using (var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { Threads = 2, PrefixCacheBytes = 0 }))
            cold = Run(model, second, reused: 0);
        using (var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { Threads = 2 }))
        {
            Run(model, first, reused: 0);
            Run(model, second, reused: 1472).ShouldBe(cold);
            model.PrefixCache.SaveFolder(_folder.Path);
        }
        using (var model = LanguageModel.Load(Repository.BundledModel, new EngineOptions { Threads = 1 }))
        {
            model.PrefixCache.OpenFolder(_folder.Path);
            model.PrefixCache.Statistics.Bytes.ShouldBe(0);
            Run(model, second, reused: 1472).ShouldBe(cold);
            model.PrefixCache.TakeNotes().ShouldBeEmpty();
        }
    }

    [Fact]
    public void Run_OtherWeightsOrSettings_FindNothing()
    {
        var prompt = Tokens(200, 160);
        using (var model = Tiny(new EngineOptions { Threads = 1 }))
        {
            Run(model, prompt, reused: 0);
            model.PrefixCache.SaveFolder(_folder.File("cache"));
            Directory.GetFiles(_folder.File("cache")).Length.ShouldBe(1);
        }
        void Expect(int reused, string? note, EngineOptions options, ulong seed = 1)
        {
            using var model = Tiny(options, seed);
            model.PrefixCache.OpenFolder(_folder.File("cache"));
            Run(model, prompt, reused);
            var notes = model.PrefixCache.TakeNotes();
            notes.Count.ShouldBe(note is null ? 0 : 1);
            if (note is not null)
                notes[0].ShouldContain(note);
        }
        Expect(192, null, new EngineOptions { Threads = 2 });
        Expect(0, "1 files of others", new EngineOptions { Exact = true });
        Expect(0, "1 files of others", new EngineOptions { InstructionSet = "scalar" });
        Expect(0, "1 files of others", new EngineOptions(), seed: 2);
        var file = Directory.GetFiles(_folder.File("cache")).Single();
        using var other = Tiny(new EngineOptions(), seed: 2);
        other.PrefixCache.Open(file).ShouldBeFalse();
        other.PrefixCache.TakeNotes().Single().ShouldContain("another model");
        Should.Throw<ConfigException>(() => other.PrefixCache.OpenFolder(file)).Message.ShouldContain("needs a folder");
    }

    [Fact]
    public void Run_DamagedFile_ComputesAndSaysSo()
    {
        var prompt = Tokens(200, 160);
        List<string> cold;
        using (var model = Tiny(new EngineOptions()))
        {
            cold = Run(model, prompt, reused: 0);
            model.PrefixCache.SaveFolder(_folder.Path);
        }
        var file = Directory.GetFiles(_folder.Path, "*.prefix").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var again = Tiny(new EngineOptions());
        again.PrefixCache.OpenFolder(_folder.Path);
        Run(again, prompt, reused: 128).ShouldBe(cold);
        again.PrefixCache.TakeNotes().Single().ShouldContain("damaged");
    }

    [Fact]
    public void SaveFolder_OverADamagedFile_WritesWhatIsWhole()
    {
        using (var model = Tiny(new EngineOptions()))
        {
            Run(model, Tokens(200, 160), reused: 0);
            model.PrefixCache.SaveFolder(_folder.Path);
        }
        var file = Directory.GetFiles(_folder.Path, "*.prefix").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        using (var model = Tiny(new EngineOptions()))
        {
            model.PrefixCache.OpenFolder(_folder.Path);
            Run(model, Tokens(100, 160, 9), reused: 0);
            model.PrefixCache.SaveFolder(_folder.Path);
            model.PrefixCache.TakeNotes().Single().ShouldContain("damaged");
        }
        using var again = Tiny(new EngineOptions());
        again.PrefixCache.OpenFolder(_folder.Path);
        again.PrefixCache.TakeNotes().ShouldBeEmpty();
        Run(again, Tokens(100, 160, 9), reused: 64);
    }

    [Fact]
    public void SaveFolder_NothingNew_WritesNothing()
    {
        using var model = Tiny(new EngineOptions());
        model.PrefixCache.SaveFolder(_folder.File("cache"));
        Directory.Exists(_folder.File("cache")).ShouldBeFalse();
        Run(model, Tokens(200, 160), reused: 0);
        model.PrefixCache.SaveFolder(_folder.File("cache"));
        var file = Directory.GetFiles(_folder.File("cache")).Single();
        File.Delete(file);
        model.PrefixCache.SaveFolder(_folder.File("cache"));
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public void SaveFolder_SecondFolder_IsWrittenToo()
    {
        using var model = Tiny(new EngineOptions());
        Run(model, Tokens(200, 160), reused: 0);
        model.PrefixCache.SaveFolder(_folder.File("a"));
        model.PrefixCache.SaveFolder(_folder.File("b"));
        Directory.GetFiles(_folder.File("b")).Length.ShouldBe(1);
    }

    [Fact]
    public void SaveFolder_AnotherProcessWroteMeanwhile_KeepsBoth()
    {
        var (one, two) = (Tokens(200, 160), Tokens(200, 160, 9));
        var path = TinyModels.WriteLlama(_folder.File("model"));
        using (var first = LanguageModel.Load(path))
        using (var second = LanguageModel.Load(path))
        {
            Run(first, one, reused: 0);
            Run(second, two, reused: 0);
            first.PrefixCache.SaveFolder(_folder.Path);
            second.PrefixCache.SaveFolder(_folder.Path);
        }
        using var model = LanguageModel.Load(path);
        model.PrefixCache.OpenFolder(_folder.Path);
        Run(model, one, reused: 192);
        Run(model, two, reused: 192);
        model.PrefixCache.TakeNotes().ShouldBeEmpty();
    }

    [Fact]
    public void SaveFolder_LeftByAKilledProcess_IsCleared()
    {
        var (old, young) = (_folder.File("x.prefix.0.incomplete"), _folder.File("y.prefix.1.incomplete"));
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-1));
        using var model = Tiny(new EngineOptions());
        Run(model, Tokens(200, 160), reused: 0);
        model.PrefixCache.SaveFolder(_folder.Path);
        File.Exists(old).ShouldBeFalse();
        File.Exists(young).ShouldBeTrue();
    }

    [Fact]
    public void SaveFolder_ModelDisposed_IsRefusedAndKeepsTheFile()
    {
        var model = Tiny(new EngineOptions());
        Run(model, Tokens(200, 160), reused: 0);
        model.PrefixCache.SaveFolder(_folder.Path);
        Run(model, Tokens(200, 160, 9), reused: 0);
        model.Dispose();
        var length = new FileInfo(Directory.GetFiles(_folder.Path, "*.prefix").Single()).Length;
        Should.Throw<ObjectDisposedException>(() => model.PrefixCache.SaveFolder(_folder.Path));
        new FileInfo(Directory.GetFiles(_folder.Path, "*.prefix").Single()).Length.ShouldBe(length);
    }

    [Fact]
    public void SaveFolder_ManyModels_KeepsTheFolderBounded()
    {
        var options = new EngineOptions { Threads = 1, KvType = KvType.F32, PrefixCacheBytes = 400_000 };
        for (ulong seed = 1; seed <= 4; seed++)
        {
            using var model = Tiny(options, seed);
            Run(model, Tokens(1000, 160), reused: 0);
            model.PrefixCache.Statistics.Bytes.ShouldBeInRange(300_000, 400_000);
            model.PrefixCache.SaveFolder(_folder.File("cache"));
        }
        Directory.GetFiles(_folder.File("cache")).Sum(file => new FileInfo(file).Length).ShouldBeLessThanOrEqualTo(800_000);
    }

    [Fact]
    public void Save_OneBeginning_BringsItBackAlone()
    {
        var (prompt, other) = (Tokens(200, 160), Tokens(150, 160, 9));
        var file = _folder.File("talk.prefix");
        using (var model = Tiny(new EngineOptions()))
        {
            Run(model, prompt, reused: 0);
            Run(model, other, reused: 0);
            model.PrefixCache.Save(file, prompt).ShouldBe(192);
        }
        using var again = Tiny(new EngineOptions());
        again.PrefixCache.Open(file).ShouldBeTrue();
        again.PrefixCache.Statistics.Pages.ShouldBe(3);
        Run(again, prompt, reused: 192);
        Run(again, other, reused: 0);
    }

    [Fact]
    public void Run_KeysThatDependOnTheLength_AreNeverShared()
    {
        using var model = LanguageModel.Load(TinyModels.WriteLlama(_folder.File("dynamic"), contextLength: 128, changes: config =>
        {
            config["rope_scaling"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "dynamic", ["factor"] = 4.0 };
        }), new EngineOptions());
        Run(model, Tokens(100, 160), reused: 0);
        Run(model, Tokens(100, 160), reused: 64);
        Run(model, Tokens(200, 160), reused: 0);
        model.PrefixCache.Statistics.Pages.ShouldBe(1);
    }

    [Fact]
    public void Pin_StoredBeginning_TellsHowMuch()
    {
        using var model = Tiny(new EngineOptions());
        Run(model, Tokens(200, 160), reused: 0);
        model.PrefixCache.Pin(Tokens(150, 160)).ShouldBe(128);
        model.PrefixCache.Pin(Tokens(150, 160, 8)).ShouldBe(0);
        model.PrefixCache.Unpin(Tokens(150, 160));
        model.PrefixCache.Clear();
        model.PrefixCache.Statistics.Bytes.ShouldBe(0);
        model.Pages.PagesInUse.ShouldBe(0);
    }

    private LanguageModel Tiny(EngineOptions options, ulong seed = 1) =>
        LanguageModel.Load(TinyModels.WriteLlama(_folder.File($"tiny-{seed}"), seed), options);

    private static List<string> Run(LanguageModel model, int[] prompt, int reused)
    {
        using var session = model.NewSession();
        var generator = new Generator(model, session, _options);
        // Log-probabilities of three tokens, as bits: equal tokens alone would prove little.
        List<string> steps = [.. generator.Run(prompt).Select(token =>
            string.Join(' ', token.Top!.Select(pair => $"{pair.Id}:{BitConverter.SingleToUInt32Bits(pair.LogProbability):x}")))];
        generator.Timings.ReusedTokens.ShouldBe(reused);
        return steps;
    }

    private static int[] Tokens(int count, int vocabulary, ulong seed = 5)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }
}
