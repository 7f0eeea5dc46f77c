using Octavo.Core;
using Octavo.Engine.Kv;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kv;

public class KvMethodsTests
{
    [Fact]
    public void Parse_EveryName_GivesTheMethodOfThatName()
    {
        foreach (var name in KvMethods.Names)
        {
            var text = name is "adakv" or "chunkkv" or "decoding" or "rerotated" ? $"{name}(knorm:budget=9)" : name;
            KvMethods.Parse(text).Name.ShouldBe(name is "adakv" or "chunkkv" or "decoding" or "rerotated" ? $"{name}(knorm)" : name);
        }
    }

    [Fact]
    public void Parse_Options_AreThoseOfTheMethod()
    {
        KvMethods.Parse("snapkv:budget=1024,window=16,kernel=7").ShouldBe(new SnapKv { Budget = 1024, Window = 16, Kernel = 7 });
        KvMethods.Parse("snapkv").ShouldBe(new SnapKv { Budget = 4096 });
        KvMethods.Parse("knorm:compression_ratio=0.5").ShouldBe(new Knorm { CompressionRatio = 0.5 });
        KvMethods.Parse("adakv(h2o:budget=64,per_query_head=true):safeguard=0.3")
            .ShouldBe(new AdaKv(new H2O { Budget = 64, PerQueryHead = true }) { Safeguard = 0.3 });
        KvMethods.Parse("streamingllm:preset=paper").ShouldBe(StreamingLlm.Paper);
        KvMethods.Parse("streamingllm:init=4").ShouldBe(new StreamingLlm { Init = 4 });
    }

    [Theory]
    [InlineData("snapk", "Did you mean 'snapkv'?")]
    [InlineData("snapkv:bugdet=3", "Did you mean 'budget'?")]
    [InlineData("snapkv:budget", "no OPTION=VALUE")]
    [InlineData("snapkv:budget=many", "whole number")]
    [InlineData("snapkv:budget=64,budget=65", "given twice")]
    [InlineData("snapkv:budget=64,compression_ratio=0.5", "either budget")]
    [InlineData("snapkv:budget=8", "window")]
    [InlineData("snapkv:per_query_head=yes", "true or false")]
    [InlineData("streamingllm:preset=mine", "code or paper")]
    [InlineData("snapkv:preset=paper", "no option 'preset'")]
    [InlineData("snapkv(h2o):budget=64", "wraps no other")]
    [InlineData("streamingllm:budget=64", "leaves no last token")]
    [InlineData("streamingllm:budget=640,local=4", "give one of them")]
    [InlineData("decoding(h2o:budget=64)", "cannot be used while")]
    [InlineData("decoding(pyramidkv:budget=64)", "cannot be used while")]
    [InlineData("adakv", "name it in brackets")]
    [InlineData("adakv(full)", "rate tokens")]
    [InlineData("adakv(snapkv", "bracket")]
    [InlineData("full:budget=3", "no option 'budget'")]
    public void Parse_WhatIsNotThere_IsRefusedByName(string text, string told) =>
        Should.Throw<ConfigException>(() => KvMethods.Parse(text)).Message.ShouldContain(told);
}
