using System.Buffers;
using Octavo.Evaluation.TextMetrics;
using Octavo.Evaluation.Verifiers;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// Zh.QA: F1 over characters, the best of the gold texts, without case, blanks and punctuation. The released list of Chinese
/// punctuation lacks the opening double angle bracket, and a gold text that is no list is taken for the list of its characters.
/// Strictly, all punctuation and symbols of Unicode go, and a gold text stays whole.
/// </summary>
internal sealed class ChineseAnswerScorer : Scorer
{
    private static readonly SearchValues<char> _released = SearchValues.Create(
        "！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》"
        + "「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏");

    public override string Name => "longbook_qa_chn";

    public override double Parity(string prediction, GoldAnswer gold) =>
        Best(prediction, gold.IsList ? gold.Texts : Characters.Of(gold.Said), letter => IsAsciiMark(letter) || _released.Contains(letter));

    public override double Strict(string prediction, GoldAnswer gold) =>
        Best(prediction, gold.Texts, letter => char.IsPunctuation(letter) || char.IsSymbol(letter));

    private static double Best(string prediction, IReadOnlyList<string> golds, Func<char, bool> isMark)
    {
        var characters = Plain(prediction, isMark);
        return golds.Select(gold => TokenF1.Of(characters, Plain(gold, isMark))).DefaultIfEmpty().Max();
    }

    private static IReadOnlyList<string> Plain(string text, Func<char, bool> isMark) =>
        Characters.Of(string.Concat(PythonText.Lower(text).Where(letter => !isMark(letter) && !PythonText.IsBlank(letter))));

    private static bool IsAsciiMark(char letter) => char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter));
}
