using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Scoring;
using Shouldly;

namespace Octavo.UnitTests.Systems.ScBench.Scoring;

/// <summary>Cases that the quirks of the released scorers get wrong, with the strict score beside. The golden has more of the
/// released ones.</summary>
public class ScorerTests
{
    [Theory]
    // recited, part of a longer text, one of two answers
    [InlineData("kv_retrieval", "{\"k\": \"v1\", \"l\": \"v2\"}", "v1", 1, 0)]
    [InlineData("kv_retrieval", "xa1b2-c3y", "a1b2-c3", 1, 0)]
    [InlineData("kv_retrieval", "not a1b2-c3 but zzz", "a1b2-c3", 1, 0)]
    [InlineData("kv_retrieval", "anything", "", 1, 0)]
    [InlineData("kv_retrieval", "a1b2-c3\n\nKey: \"k\"", "a1b2-c3", 1, 1)]
    [InlineData("kv_retrieval", "The value is \"a1b2-c3\".", "a1b2-c3", 1, 1)]
    [InlineData("kv_retrieval", "Key: `a1b2-c3`", "a1b2-c3", 1, 1)]
    [InlineData("kv_retrieval", "Ab[C]`d", "Ab[C]`d", 1, 1)]
    [InlineData("kv_retrieval", "Ab[C]`d`", "Ab[C]`d", 1, 0)]
    [InlineData("kv_retrieval", "A1B2-C3", "a1b2-c3", 0, 0)]
    [InlineData("passkey", "The pass key is 71432.", "71432", 1, 1)]
    [InlineData("passkey", "71432 or 55", "71432", 1, 0)]
    [InlineData("passkey", "-71432", "71432", 1, 0)]
    [InlineData("passkey", "71432.5", "71432", 1, 0)]
    [InlineData("passkey", "key71432x", "71432", 1, 0)]
    [InlineData("passkey", "71432, that is 71432", "71432", 1, 1)]
    [InlineData("longdialogue_qa_eng", "memorandum", "Mora", 1, 0)]
    [InlineData("longdialogue_qa_eng", "a", "Captain Mora", 1, 0)]
    [InlineData("longdialogue_qa_eng", "It was the captain, Mora!", "Captain Mora", 1, 1)]
    [InlineData("scbench_many_shot", "The answer is (C).", "A", 1, 0)]
    [InlineData("scbench_many_shot", "none of these", "E", 1, 0)]
    [InlineData("scbench_many_shot", "b", "B", 1, 0)]
    [InlineData("scbench_many_shot", "(B)", "B", 1, 1)]
    [InlineData("scbench_many_shot", "B\n\nQuestion: Today is", "B", 1, 1)]
    [InlineData("scbench_many_shot", "Answer: (G)", "G", 1, 1)]
    [InlineData("scbench_many_shot", "Answer: G", "(G)", 1, 1)]
    [InlineData("longbook_qa_eng", "bridge, red", "red bridge", 1, 0)]
    [InlineData("longbook_qa_eng", "The red bridge!", "red bridge", 1, 1)]
    [InlineData("scbench_summary", "نص عربي قصير", "نص عربي قصير", 0, 1)]
    public void Score_OfAText_ParityAndStrict(string scorer, string prediction, string gold, double parity, double strict) =>
        Check(scorer, prediction, GoldAnswer.Of(gold), parity, strict);

    [Theory]
    [InlineData("answer:B", 0, 1)]
    [InlineData("Answer: B", 0, 1)]
    [InlineData("(B)", 0, 1)]
    [InlineData("B)", 1, 1)]
    [InlineData("**B**", 0, 1)]
    [InlineData("The Red Door", 0, 1)]
    [InlineData("It is the red door.", 0, 1)]
    [InlineData("Because of rain", 1, 0)]
    [InlineData("I say AB", 0, 0)]
    [InlineData("I say B or C", 1, 0)]
    [InlineData("The answer is A, not B.", 0, 0)]
    [InlineData("B. the red door", 1, 1)]
    [InlineData("", 0, 0)]
    public void Score_OfAChoice_ParityAndStrict(string prediction, double parity, double strict) =>
        Check("longbook_choice_eng", prediction, GoldAnswer.OfList(["the red door", "B"]), parity, strict);

    [Theory]
    [InlineData("991.7", 991, 1, 0)]
    [InlineData("-991", 991, 1, 0)]
    [InlineData("991 of 30000", 991, 1, 0)]
    [InlineData("1,000", 1000, 0, 1)]
    [InlineData("The largest is 991.", 991, 1, 1)]
    [InlineData("none", 991, 0, 0)]
    public void Score_OfANumber_ParityAndStrict(string prediction, long gold, double parity, double strict) =>
        Check("math_find", prediction, GoldAnswer.Of(gold), parity, strict);

    [Theory]
    [InlineData("XAQWE, PLMNB and ZZTOP", 1, 1)]
    [InlineData("VAR XAQWE, VAR PLMNB, VAR ZZTOP", 1, 1)]
    [InlineData("XAQWE, PLMNB, ZZTOP, QQQQQ", 1, 0)]
    [InlineData("xaqwe plmnb zztop", 1, 0)]
    [InlineData("XAQWEPLMNBZZTOP", 1, 0)]
    [InlineData("XAQWE, PLMNB", 0.67, 0)]
    public void Score_OfNames_ParityAndStrict(string prediction, double parity, double strict) =>
        Check("scbench_vt", prediction, GoldAnswer.OfList(["XAQWE", "PLMNB", "ZZTOP"]), parity, strict);

    [Fact]
    public void Score_OfChinese_ParityAndStrict()
    {
        // the list of marks lacks one, and a gold text that is no list is taken to pieces
        Check("longbook_qa_chn", "《小桥》", GoldAnswer.OfList(["小桥"]), 0.8, 1);
        Check("longbook_qa_chn", "桥", GoldAnswer.Of("小桥"), 1, 2.0 / 3);
        Check("longbook_qa_chn", "小桥，在 村口。", GoldAnswer.OfList(["小桥在村口"]), 1, 1);
    }

    [Fact]
    public void Of_UnknownName_ListsThem() => Should.Throw<UnsupportedException>(() => Scorers.Of("tea")).Message.ShouldContain("kv_retrieval");

    private static void Check(string scorer, string prediction, GoldAnswer gold, double parity, double strict)
    {
        Scorers.Of(scorer).Parity(prediction, gold).ShouldBe(parity, 1e-12, "parity");
        Scorers.Of(scorer).Strict(prediction, gold).ShouldBe(strict, 1e-12, "strict");
    }
}
