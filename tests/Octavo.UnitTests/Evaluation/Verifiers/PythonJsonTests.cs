using Octavo.Evaluation.Verifiers;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Verifiers;

public class PythonJsonTests
{
    [Theory]
    [InlineData("\"x\"")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData(" {\"a\": [1, -2.5e3, true, null], \"a\": {}} ")]
    [InlineData("\"\\ud800\\n\"")]
    [InlineData("[]")]
    public void Accepts_WhatPythonLoads(string text) => PythonJson.Accepts(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("[1,]")]
    [InlineData("{'a': 1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("\"a\nb\"")]
    [InlineData("nul")]
    [InlineData("1 2")]
    [InlineData("\"\\x\"")]
    public void Accepts_NotWhatPythonRefuses(string text) => PythonJson.Accepts(text).ShouldBeFalse();

    [Fact]
    public void Accepts_Depth_EndsWhereRecursionWould()
    {
        PythonJson.Accepts(new string('[', 500) + new string(']', 500)).ShouldBeTrue();
        PythonJson.Accepts(new string('[', 100_000) + new string(']', 100_000)).ShouldBeFalse();
    }
}
