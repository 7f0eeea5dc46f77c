"""String similarity, ranking, number words, Arabic normalisation, error rates, agreement and significance statistics.
python scripts/text_metrics.py --out DIR --seed N [--held] [--only NAME,...]"""
import datetime, math, random, warnings
import numpy as np
import scipy, scipy.stats
import rapidfuzz
from rapidfuzz import fuzz, distance, process, utils as rutils
from gold_numpy import arguments, write, SplitMix64, plain

warnings.filterwarnings("ignore")
a = arguments(4201)
H = a.held
SCRIPT = "text_metrics.py"
ONLY = set(filter(None, a.only.split(",")))
G = SplitMix64(a.seed)


def put(name, about, libs, cases=None, **kw):
    if ONLY and name not in ONLY:
        return
    write(a.out, name, kind=kw.pop("kind", f"text.{name}"), about=about, seed=a.seed, script=SCRIPT, libs=libs, cases=cases, **kw)


PAIRS = [("", ""), ("", "a"), ("a", ""), (" ", ""), ("a", "a"), ("a", "b"), ("ab", "ba"), ("kitten", "sitting"), ("Saturday", "Sunday"), ("MARTHA", "MARHTA"), ("DWAYNE", "DUANE"), ("DIXON", "DICKSONX"),
    ("Bold", "Bold"), ("Bold", "bold"), ("Bold (Ctrl+B)", "Bold"), ("Bold", "Bold (Ctrl+B)"), ("Text Highlight Color", "Highlight"), ("Highlighting Color", "Text Highlight Color"), ("Insert Table...", "Insert Table"), ("Insert Table", "Table"),
    ("Save", "Save As..."), ("Save As", "Save"), ("Font Size", "Size"), ("Font Name", "Font Size"), ("Increase Indent", "Decrease Indent"), ("Align Left", "Align Right"), ("Page Number", "Number of Pages"), ("Find & Replace", "Find and Replace"), ("report.docx - Word", "report.docx"), ("report_final.docx - LibreOffice Writer", "report final"),
    ("Untitled 1 — LibreOffice Writer", "LibreOffice"), ("Document1 - Word", "Word Document1"), ("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear"), ("fuzzy was a bear", "fuzzy fuzzy was a bear"), ("New York Mets vs Atlanta Braves", "Atlanta Braves vs New York Mets"), ("New York Mets", "New York Yankees"), ("mets", "New York Mets at Braves"), ("great is scala", "java is great"),
    ("aaaa", "aa"), ("abcabcabc", "abc"), ("xxxabcxxx", "abd"), ("abcd", "XXXbcdeEEE"), ("this is a test", "this is a test!"), ("this is a test", "THIS IS A TEST"), ("a b c d e f", "f e d c b a"), ("the quick brown fox", "the quick brown fox jumped over the lazy dog"), ("lazy dog", "the quick brown fox jumped over the lazy dog"),
    ("naïve café", "naive cafe"), ("Ünïcödé", "unicode"), ("straße", "strasse"), ("ﬁnd", "find"), ("é", "e\u0301"), ("😀 smile", "smile 😀"), ("👨‍👩‍👧", "👨‍👩‍👦"), ("a\u00a0b", "a b"), ("tab\tsep", "tab sep"), ("line\nbreak", "line break"), ("音楽", "音樂"), ("東京都", "京都"), ("Привет", "привет"), ("İstanbul", "istanbul"),
    ("القلب", "قلب"), ("مستشفى", "مستشفي"), ("كِتَابٌ", "كتاب"), ("أحمد", "احمد"), ("الصورة تظهر كسرا", "كسر في الصورة"), ("نعم، يوجد كسر.", "نعم"), ("مدرسة", "مدرسه"), ("١٢٣", "123"), ("chest x-ray أشعة الصدر", "أشعة الصدر"), ("ـــكتـــاب", "كتاب"),
    ("12345", "54321"), ("1.5-3.0 seconds", "1.5 - 3.0 seconds"), ("a-b_c", "a b c"), ("C#", "C++"), ("!!!", "???"), ("!!!", ""), ("  leading", "leading  "), ("word", "word word word"), ("ab" * 40, "ba" * 40), ("x" * 70, "x" * 69 + "y"), ("needle", "hay" * 30 + "neddle" + "stack" * 20), ("one two three", "four five six"), ("cafe", "face"), ("aab", "baa"), ("Wrap Text", "Wrap"), ("OK", "O.K."), ("Cancel", "Close"), ("tab tab tab", "tab"), ("Zoom 100%", "100% Zoom"), ("menu item 12", "menu item 21")]
HELD_PAIRS = [("", ""), ("Italic", "Italics"), ("Underline (Ctrl+U)", "Underline"), ("Heading 2", "Heading 3"), ("Export as PDF", "PDF Export"), ("Close Document", "Close"), ("صدر", "الصدر"), ("أشعة سينية", "اشعة سينيه"), ("kernel", "colonel"), ("abcxyz", "xyzabc"), ("résumé.docx", "resume.docx"), ("🎵 music", "music"), ("Insert Rows Above", "Insert Rows Below"), ("a" * 65 + "b", "a" * 66), ("Spelling and Grammar", "Grammar & Spelling"), ("x", "xyz"), ("page", "Page Break"), ("three two one", "one two three"), ("ab", "abab"), ("ﷺ", "صلى"), ("no match", "%%%"), ("Superscript", "Subscript"), ("tooth fairy", "fairy tooth!"), ("1234567890", "0987654321"), ("aXbXc", "abc")]


def fuzzy():
    import fuzzywuzzy.fuzz as fw, thefuzz.fuzz as tf
    rows = []
    for s, t in (HELD_PAIRS if H else PAIRS):
        r = dict(a=s, b=t)
        r["rapidfuzz"] = {n: round(getattr(fuzz, n)(s, t), 9) for n in ("ratio", "partial_ratio", "token_sort_ratio", "token_set_ratio", "partial_token_sort_ratio", "partial_token_set_ratio", "WRatio", "QRatio")}
        r["thefuzz"] = {n: getattr(tf, n)(s, t) for n in ("ratio", "partial_ratio", "token_sort_ratio", "token_set_ratio", "WRatio", "QRatio")}
        r["fuzzywuzzy_difflib"] = {n: getattr(fw, n)(s, t) for n in ("ratio", "partial_ratio", "token_sort_ratio", "token_set_ratio", "WRatio")}
        al = fuzz.partial_ratio_alignment(s, t)
        r["partial_alignment"] = None if al is None else [al.src_start, al.src_end, al.dest_start, al.dest_end]
        r["processed"] = [rutils.default_process(s), rutils.default_process(t)]
        rows.append(r)
    put("fuzzy", "Fuzzy ratios 0..100 over Unicode code points. rapidfuzz (floats, no preprocessing), thefuzz (integers from rapidfuzz, rounded half to even; token ratios and WRatio preprocess, ratio and partial_ratio do not), and the older fuzzywuzzy without python-Levenshtein (difflib's blocks: other numbers; the agent's dataflow imports fuzzywuzzy). "
        "rapidfuzz 3: ratio = indel similarity 100*(1-(ins+del)/(len a+len b)), two empty strings 100; partial_ratio slides the shorter string's window over the longer, windows hanging over both ends included; for equal lengths both directions. One empty string gives 0, two give 100 (token_set_ratio and WRatio 0). ratio and partial_ratio are case-sensitive (`save as` picks `Save`, not `Save As...`). `processed` = rapidfuzz default_process (non-alphanumerics to space, lower, strip). partial_alignment = [a start, a end, b start, b end]; where several windows share the best score any of them will do.",
        (rapidfuzz, __import__("thefuzz"), __import__("fuzzywuzzy")), rows, options=dict(atol=1e-6))


def distances():
    rows = []
    D = distance
    for s, t in (HELD_PAIRS if H else PAIRS):
        rows.append(dict(a=s, b=t, levenshtein=D.Levenshtein.distance(s, t), levenshtein_normalized_similarity=D.Levenshtein.normalized_similarity(s, t), levenshtein_w112=D.Levenshtein.distance(s, t, weights=(1, 1, 2)), osa=D.OSA.distance(s, t), damerau=D.DamerauLevenshtein.distance(s, t),
                         indel=D.Indel.distance(s, t), lcs=D.LCSseq.similarity(s, t), hamming_padded=D.Hamming.distance(s, t), prefix=D.Prefix.similarity(s, t), postfix=D.Postfix.similarity(s, t), jaro=D.Jaro.similarity(s, t), jaro_winkler=D.JaroWinkler.similarity(s, t), jaro_winkler_02=D.JaroWinkler.similarity(s, t, prefix_weight=0.2)))
    put("edit-distance", "rapidfuzz.distance over code points (a UTF-16 implementation counts emoji twice): Levenshtein, weights (1,1,2), OSA, Damerau-Levenshtein, Indel, LCS, Hamming (pad), prefix, postfix, Jaro, Jaro-Winkler (prefix at most 4, weight 0.1, only where Jaro > 0.7), the same with weight 0.2. Two empty strings: Jaro 1, normalised similarity 1.", (rapidfuzz,), rows, options=dict(atol=1e-9))


def match_control():
    controls = ["Bold", "Italic", "Underline", "Text Highlight Color", "Font Color", "Font Name", "Font Size", "Bullets", "Numbering", "Increase Indent", "Decrease Indent", "Align Left", "Center", "Align Right", "Justify", "Insert Table...", "Insert Image...", "Save", "Save As...", "Print Directly", "Export as PDF", "Find and Replace", "Spelling", "Undo", "Redo", ""]
    queries = ["bold", "Bold", "highlight color", "Text Highlight", "Insert a table", "table", "save as", "Save the document", "pdf", "find & replace", "align center", "indent", "Font", "size", "bullet list", "Redo last", "printing", "xyz", ""]
    if H: queries = ["Colour of font", "Undo typing", "Insert picture", "Numbered list", "justify text", "spell check", "Left"]
    rows = []
    for q in queries:
        sc = [fuzz.partial_ratio(c, q) for c in controls]
        b = int(np.argmax(sc))
        sc2 = [fuzz.ratio(c.lower(), q.lower()) for c in controls]
        rows.append(dict(query=q, partial_ratio=[round(x, 6) for x in sc], best=controls[b], best_score=round(sc[b], 6), at_least_70=bool(sc[b] >= 70), contains=[c for c in controls if q.lower() in c.lower()], lower_ratio_best=controls[int(np.argmax(sc2))],
                         extract=[[m, round(s, 6), i] for m, s, i in process.extract(q, controls, scorer=fuzz.WRatio, processor=rutils.default_process, limit=4)]))
    put("match-control", "Choosing a control by name (description LAM 3: argmax of partial_ratio(control text, plan text), first of equals, window threshold 70; case-sensitive): rapidfuzz scores against options.controls; process.extract = WRatio after default_process, best first, stable.", (rapidfuzz,), rows, options=dict(controls=controls, atol=1e-5))


CORPUS = ["slow bossa nova guitar with soft drums and a calm mood", "fast techno with heavy bass and synthesizer", "calm piano ballad, sad and slow", "happy folk guitar and fiddle dance", "epic orchestral march with brass and drums", "blues guitar with a slow swing feel",
    "ambient synthesizer pad, dreamy and calm", "energetic rock guitar with fast drums", "piano and strings, romantic waltz", "ska with brass and an offbeat guitar", "lullaby with music box", "drums drums drums", "a", "", "calm calm guitar", "موسيقى هادئة مع بيانو", "guitar", "hip hop beat with deep bass"]
QUERIES = ["calm guitar", "fast drums", "slow piano ballad", "synthesizer", "unknown words only", "", "guitar guitar", "and with", "موسيقى بيانو", "brass march drums"]


def bm25():
    import rank_bm25
    tok = lambda s: s.lower().replace(",", " ").split()
    corpus = [tok(c) for c in (CORPUS[::-1][:14] if H else CORPUS)]
    qs = ["dreamy piano", "deep bass beat", "slow guitar with brass"] if H else QUERIES
    M = {"okapi": rank_bm25.BM25Okapi(corpus), "okapi_k2_b05": rank_bm25.BM25Okapi(corpus, k1=2.0, b=0.5, epsilon=0.1), "l": rank_bm25.BM25L(corpus), "plus": rank_bm25.BM25Plus(corpus)}
    rows = [dict(query=q, tokens=tok(q), **{k: m.get_scores(tok(q)) for k, m in M.items()}, okapi_top3=[int(i) for i in np.argsort(-M["okapi"].get_scores(tok(q)), kind="stable")[:3]]) for q in qs]
    put("bm25", "rank_bm25: Okapi (k1 1.5, b .75, idf ln((N-n+.5)/(n+.5)), NEGATIVE idf replaced by epsilon .25 times the mean idf), BM25L (delta .5), BM25Plus (delta 1). Repeated query tokens count repeatedly; documents are options.corpus, lower-cased, commas to spaces, split on white space. An empty document has length 0. idf lists Okapi's.", (rank_bm25,), rows,
        options=dict(corpus=[" ".join(c) for c in corpus], average_length=M["okapi"].avgdl, idf=M["okapi"].idf, atol=1e-9))


def tfidf():
    import sklearn
    from sklearn.feature_extraction.text import TfidfVectorizer
    docs = CORPUS[2:] if H else CORPUS
    qs = ["rock drums", "calm strings"] if H else QUERIES
    rows = []
    for o in (dict(), dict(sublinear_tf=True, ngram_range=(1, 2)), dict(analyzer="char_wb", ngram_range=(3, 3), norm="l2"), dict(smooth_idf=False, norm=None), dict(token_pattern=r"(?u)\S+", min_df=2)):
        v = TfidfVectorizer(**o)
        X = v.fit_transform(docs)
        Q = v.transform(qs)
        S = (Q @ X.T).toarray()
        names = v.get_feature_names_out()
        rows.append(dict(options={k: list(x) if isinstance(x, tuple) else x for k, x in o.items()}, features=len(names), first_features=list(names[:12]), last_features=list(names[-5:]), idf_first=v.idf_[:12], document0={str(names[j]): float(X[0, j]) for j in X[0].indices}, scores={q: np.round(S[i], 9) for i, q in enumerate(qs)}))
    put("tfidf", "sklearn TfidfVectorizer: lower case, tokens \\w\\w+ (single characters vanish), idf ln((1+N)/(1+n))+1 (smooth) or ln(N/n)+1, L2 rows; scores = dot product of query and document rows (cosine when L2; an all-zero row gives 0). sublinear: 1+ln tf. char_wb: 3-grams within words padded by one space. Features are sorted by code point.", (sklearn,), rows, options=dict(documents=docs, atol=1e-8))


def numbers():
    import num2words as nw
    n = nw.num2words
    ints = list(range(0, 131)) + [199, 200, 201, 210, 219, 300, 345, 399, 400, 500, 555, 600, 666, 700, 777, 800, 888, 900, 999, 1000, 1001, 1010, 1011, 1099, 1100, 1101, 1110, 1199, 1200, 1234, 1900, 1999, 2000, 2001, 2010, 2019, 2100, 2345, 3000, 3003, 4096, 5000, 5555, 6789, 8192, 9000, 9009, 9090, 9900, 9990, 9999, 10000, 10005, 10752, 12345, 16384, 20000, 99999, 100000, 100001, 101000, 110011, 123456, 999999, 1000000, 1000001, 1001000, 1234567, 10**7, 10**9, 10**12 + 1, 10**15, 10**18, 10**21, 10**24, -1, -7, -21, -100, -1234]
    g = [int(v) for v in G.below(9999, 60 if H else 120)]
    ints = (g if H else ints + g)
    rows = [dict(number=i if abs(i) < 2**53 else str(i), words=n(i)) for i in ints]
    rows += [dict(number=i, to="ordinal", words=n(i, to="ordinal")) for i in ([17, 82, 340, 2012] if H else list(range(0, 41)) + [50, 60, 99, 100, 101, 102, 103, 111, 112, 113, 120, 121, 200, 212, 1000, 1001, 1002, 1100, 1234, 1000000])]
    rows += [dict(number=i, to="ordinal_num", words=n(i, to="ordinal_num")) for i in ([47, 512] if H else [0, 1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 101, 111, 112, 113, 1011, 1012])]
    rows += [dict(number=i, to="year", words=n(i, to="year")) for i in ([1776, 2038] if H else [0, 5, 99, 100, 476, 1000, 1066, 1100, 1492, 1900, 1905, 1984, 2000, 2001, 2009, 2010, 2024, 2100, -44])]
    rows += [dict(decimal=s, words=n(float(s))) for s in (["7.25", "0.9"] if H else ["0.0", "0.5", "1.0", "1.5", "2.05", "3.14159", "10.10", "0.001", "12.0", "100.25", "-0.5", "-3.75", "1e-05", "123456.789", "0.1", "0.3"])]
    rows += [dict(number=i, lang="ar", words=n(i, lang="ar")) for i in ([13, 31, 150] if H else list(range(0, 22)) + [25, 30, 99, 100, 101, 200, 300, 1000, 2000, 2024])]
    put("number-words", "num2words, English (lang en: British `and`, commas between thousands groups: 1234 -> one thousand, two hundred and thirty-four; 2100 -> two thousand, one hundred), as Apollo's prompts use it (description Apollo 5); ordinals, years, decimals (from Python floats, digit by digit after the point; num2words loses the sign of -0.5), and Arabic as a reference only. Numbers over 2^53 are strings.", (nw,), rows)
    rows = []
    for x in ([0.25, 45.5, 3661.0, 7325.125, 86399.9999996] if H else [0.0, 0.04, 0.5, 1.0, 9.96, 10.0, 10.01, 12.5, 12.345678912, 59.999999, 59.9999999, 60.0, 61.25, 3599.999, 3600.0, 5025.1, 86399.0, 86400.0, 129600.0, 172800.5, 7156.4333333, 1e-7, 5e-7, 1.5e-6, 2.5e-6, 3.5e-6, 0.0000005001, -1.0, -0.5]):
        rows.append(dict(seconds=x, timedelta=str(datetime.timedelta(seconds=x))))
    for x in ([0.85, 2.25, 77.77] if H else [0.0, 0.04, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.05, 1.25, 1.4014, 1.4667, 2.675, 2.7333, 8.1748, 9.5762, 41.8333, 43.25, 56.7333, 99.95, 99.949999, 1e15, 123456.05, -0.05, -0.04, -1.25, 5e-324]):
        rows.append(dict(value=x, round1=str(round(x, 1)), round2=str(round(x, 2)), f1=f"{x:.1f}", text=str(x)))
    for x in ([1.5, 6.5, -2.5] if H else [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 4503599627370497.5]):
        rows.append(dict(value=x, round0=round(x)))
    for x in ([2.5e-5, 1e17] if H else [1e16, 9999999999999998.0, 1e-4, 0.0001234, 1e-5, 123456789012345680.0, 0.1 + 0.2, 1 / 3, 100.0, 1e22, 1.7976931348623157e308]):
        rows.append(dict(value=x, text=str(x)))
    put("python-text", "CPython: str(timedelta(seconds=x)) (rounded half to even on microseconds; negative: `-1 day, 23:59:59`), str(round(x,1)) and f'{x:.1f}' (correctly rounded from the binary value: round(0.25,1)=0.2, round(0.35,1)=0.3, round(2.675,2)=2.67), round(x) to integer half to even, str(float) (shortest repr, exponent from 1e16 and below 1e-4, `.0` kept). Needed byte for byte in Apollo's prompts.", (), rows, kind="text.python-format")


def arabic():
    import pyarabic, pyarabic.araby as A, pyarabic.normalize as N, pyarabic.trans as T, unicodedata
    texts = ["السَّلَامُ عَلَيْكُمْ", "كِتَابٌ جَدِيدٌ", "مُسْتَشْفَى", "إِنَّ الطَّبِيبَ أَكَّدَ أَنَّ الأَشِعَّةَ سَلِيمَةٌ", "آلام في الرأس", "المدرسة الكبيرة", "ـــكتـــاب", "لا إله إلا الله", "رأى المريض مرآة", "مسؤول وشئون", "هٰذَا", "الرَّحْمٰن", "نَعَم، يوجد كسر.", "عمر المريض ٤٥ سنة", "۱۲۳ فارسی", "نسبة ٪٩٥٫٥", "chest أشعة x-ray", "", "hello", "قرآن", "ﻻ ﷲ ﷺ", "ى ي ئ", "ة ه ۃ", "ٱلْحَمْدُ", "گچپژ", "سؤال؟ نعم؛ لا!", "123 ٤٥٦", "بسم\u200cالله\u200f", "وَالْقَلْبُ", "مِئَةٌ"]
    if H: texts = ["الفَقَرَاتُ القَطَنِيَّةُ", "أُذُنٌ وأَنْفٌ", "رِئَتَانِ", "١٠ ملم إلى ٢٠ ملم", "ســــلام", "إصابة مرئية", "لآلئ", "C6-C7 فقرة"]
    def fold(s, ya=True, ta=True):      # imitated: the judge's option of the description
        s = "".join(c for c in s if not ("\u064b" <= c <= "\u0652" or c in "\u0653\u0654\u0655\u0670\u0640"))
        s = s.translate({ord(c): "ا" for c in "أإآٱ"})
        if ya: s = s.replace("ى", "ي")
        if ta: s = s.replace("ة", "ه")
        return s
    rows = []
    for s in texts:
        rows.append(dict(text=s, strip_tashkeel=A.strip_tashkeel(s), strip_tatweel=A.strip_tatweel(s), strip_diacritics=A.strip_diacritics(s), strip_harakat=A.strip_harakat(s), strip_shadda=A.strip_shadda(s), normalize_hamza=A.normalize_hamza(s), normalize_hamza_tasheel=A.normalize_hamza(s, method="tasheel"),
                         normalize_ligature=A.normalize_ligature(s), normalize_alef=A.normalize_alef(s), normalize_teh=A.normalize_teh(s), normalize_searchtext=N.normalize_searchtext(s), tokenize=A.tokenize(s), is_vocalized=bool(A.is_vocalized(s)), is_arabicrange=bool(A.is_arabicrange(s)),
                         digits_to_latin=T.normalize_digits(s, source="all", out="west"), digits_to_eastern=T.normalize_digits(s, source="all", out="east"), digits_to_persian=T.normalize_digits(s, source="all", out="persian"),
                         fold=fold(s), fold_keep_ya_ta=fold(s, False, False), nfc=unicodedata.normalize("NFC", s), nfkc=unicodedata.normalize("NFKC", s), strip_mn=[c for c in unicodedata.normalize("NFD", s) if unicodedata.category(c) != "Mn"] and "".join(c for c in unicodedata.normalize("NFD", s) if unicodedata.category(c) != "Mn"),
                         arabic_letters=sum(1 for c in s if unicodedata.name(c, "").startswith("ARABIC LETTER"))))
    chars = []
    for c in "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670\u0621\u0622\u0623\u0624\u0625\u0626\u0627\u0629\u0649\u064a\u0671\u0660\u0669\u06f0\u06f9\u066a\u066b\u066c\u060c\u061b\u061f\ufefb\ufdf2":
        chars.append(dict(character=c, code=f"U+{ord(c):04X}", name=unicodedata.name(c), category=unicodedata.category(c), combining=unicodedata.combining(c), is_tashkeel=bool(A.is_tashkeel(c)), is_haraka=bool(A.is_haraka(c)), digit=unicodedata.digit(c, None), nfkc=unicodedata.normalize("NFKC", c)))
    put("arabic", "pyarabic's normalisers on Modern Standard Arabic (what each strips is pyarabic's choice: strip_tashkeel keeps dagger alef U+0670 and madda/hamza marks; normalize_alef turns alef maqsura into alef: رأى -> راا; see `kind: character` rows), its digit conversion, and `fold`, the description's judge option (imitated: strips U+064B-0655, U+0670 and tatweel, alef forms to bare alef, alef maqsura to ya, ta marbuta to ha). strip_mn = NFD without category Mn: NOTE it also turns أ into ا and ؤ into و.",
        (pyarabic,), [dict(kind="text", **r) for r in rows] + ([] if H else [dict(kind="character", **c) for c in chars]))


def wer():
    import jiwer
    P = [("the cat sat on the mat", "the cat sat on mat"), ("hello world", "hello beautiful world"), ("a b c d", "a x c"), ("same text", "same text"), ("one", "two three four"), ("there is no pleural effusion", "there is pleural effusion"), ("نعم يوجد كسر في الضلع", "لا يوجد كسر بالضلع"), ("Chest X-Ray, normal.", "chest x ray normal"), ("a a a b", "a b a a"), ("heart size is normal", ""), ("  spaced   out  ", "spaced out"), ("x", "x x x")]
    if H: P = [("no acute fracture", "acute fracture"), ("القلب طبيعي", "القلب غير طبيعي"), ("left lower lobe", "lower left lobe"), ("mild cardiomegaly is seen", "there is mild cardiomegaly seen")]
    rows = []
    for r, h in P:
        w, c = jiwer.process_words(r, h), jiwer.process_characters(r, h)
        rows.append(dict(reference=r, hypothesis=h, wer=w.wer, mer=w.mer, wil=w.wil, hits=w.hits, substitutions=w.substitutions, deletions=w.deletions, insertions=w.insertions, cer=c.cer))
    w = jiwer.process_words([p[0] for p in P], [p[1] for p in P])
    rows.append(dict(corpus=True, wer=w.wer, mer=w.mer, wil=w.wil, cer=jiwer.cer([p[0] for p in P], [p[1] for p in P])))
    put("error-rates", "jiwer word error rate (strip, collapse spaces, split; case and punctuation kept), match error rate, word information lost, character error rate (spaces count); last row: corpus level = summed edits / summed reference lengths. Counts of substitutions, deletions, insertions: another optimal alignment may split them differently; wer may not.", (jiwer,), rows, options=dict(atol=1e-12))


def statistics():
    import sklearn.metrics as skm, sklearn, statsmodels, statsmodels.api as sm, krippendorff
    from statsmodels.stats.proportion import proportion_confint
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.inter_rater import fleiss_kappa
    from statsmodels.stats.multitest import multipletests
    g = SplitMix64(a.seed + 1)
    rows = []
    xs = [[1, 2, 3, 4, 5.0], list(np.round(g.normals(21), 4)), [1, 1, 2, 2, 3, 3, 3.0], list(np.round(g.normals(12), 3))]
    ys = [[2, 4, 5, 4, 5.0], None, [3, 1, 2, 2, 5, 4, 4.0], None]
    ys[1] = list(np.round(np.array(xs[1]) * 0.8 + 0.3 * g.normals(21), 4)); ys[3] = list(np.round(g.normals(12), 3))
    if H: xs, ys = xs[1::2], ys[1::2]
    for x, y in zip(xs, ys):
        p, s, k = scipy.stats.pearsonr(x, y), scipy.stats.spearmanr(x, y), scipy.stats.kendalltau(x, y)
        l = scipy.stats.linregress(x, y)
        ci = p.confidence_interval(0.95)
        rows.append(dict(kind="correlation", x=x, y=y, pearson=p.statistic, pearson_p=p.pvalue, pearson_ci95_fisher=[ci.low, ci.high], spearman=s.statistic, spearman_p=s.pvalue, kendall_tau_b=k.statistic, r2=p.statistic ** 2, r2_sklearn=skm.r2_score(y, l.intercept + l.slope * np.array(x)), slope=l.slope, intercept=l.intercept, slope_stderr=l.stderr))
    for n, cats in ((10, 2), (40, 3), (60, 5)):
        u = g.below(cats, n); v = np.where(g.uniforms(n) < 0.6, u, g.below(cats, n))
        rows.append(dict(kind="kappa", a=u, b=v, kappa=skm.cohen_kappa_score(u, v), linear=skm.cohen_kappa_score(u, v, weights="linear"), quadratic=skm.cohen_kappa_score(u, v, weights="quadratic"), accuracy=skm.accuracy_score(u, v), mcc=skm.matthews_corrcoef(u, v), macro_f1=skm.f1_score(u, v, average="macro"), balanced_accuracy=skm.balanced_accuracy_score(u, v)))
    rows.append(dict(kind="kappa", a=[1, 1, 1, 0], b=[1, 1, 1, 1], kappa=skm.cohen_kappa_score([1, 1, 1, 0], [1, 1, 1, 1])))
    M = np.array([[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]])
    if not H: rows.append(dict(kind="fleiss", counts=M, kappa=fleiss_kappa(M)))
    R = [[1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3], [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]]
    if H: R = [[1, 2, None, 4, 4], [1, 2, 3, 3, 4], [2, 2, 3, 4, None]]
    RR = np.array([[np.nan if v is None else v for v in r] for r in R], float)
    rows.append(dict(kind="krippendorff", ratings=R, **{lv: krippendorff.alpha(reliability_data=RR, level_of_measurement=lv) for lv in ("nominal", "ordinal", "interval", "ratio")}))
    for k, n in (((3, 17), (88, 91)) if H else ((0, 10), (1, 10), (5, 10), (10, 10), (50, 100), (97, 100), (311, 435), (496, 2284), (0, 1), (1, 1))):
        rows.append(dict(kind="proportion", successes=k, n=n, **{m: proportion_confint(k, n, 0.05, m) for m in ("wilson", "normal", "beta", "agresti_coull", "jeffreys")}, wilson99=proportion_confint(k, n, 0.01, "wilson")))
    for b, c in (((4, 11),) if H else ((0, 0), (1, 0), (0, 5), (3, 9), (10, 10), (2, 20), (40, 60), (121, 59))):
        t = [[50, b], [c, 30]]
        e, ch, cc = mcnemar(t, exact=True), mcnemar(t, exact=False, correction=False), mcnemar(t, exact=False, correction=True)
        rows.append(dict(kind="mcnemar", only_a=b, only_b=c, exact_p=e.pvalue, chi2=ch.statistic if b + c else None, chi2_p=ch.pvalue if b + c else None, corrected_chi2=cc.statistic if b + c else None, corrected_p=cc.pvalue if b + c else None))
    x, y = np.round(g.normals(15), 3), np.round(g.normals(15) + 0.5, 3)
    rows.append(dict(kind="two-sample", x=x, y=y, t=scipy.stats.ttest_ind(x, y).statistic, t_p=scipy.stats.ttest_ind(x, y).pvalue, welch_p=scipy.stats.ttest_ind(x, y, equal_var=False).pvalue, paired_t=scipy.stats.ttest_rel(x, y).statistic, paired_p=scipy.stats.ttest_rel(x, y).pvalue, wilcoxon_exact_p=scipy.stats.wilcoxon(x, y, method="exact").pvalue, wilcoxon_statistic=scipy.stats.wilcoxon(x, y).statistic,
                     mannwhitney_u=scipy.stats.mannwhitneyu(x, y).statistic, mannwhitney_exact_p=scipy.stats.mannwhitneyu(x, y, method="exact").pvalue, ks=scipy.stats.ks_2samp(x, y).statistic, ks_p=scipy.stats.ks_2samp(x, y).pvalue))
    for k, n, p0 in ((14, 20, 0.5), (3, 30, 0.25)):
        rows.append(dict(kind="binomial", successes=k, n=n, p=p0, two_sided=scipy.stats.binomtest(k, n, p0).pvalue, greater=scipy.stats.binomtest(k, n, p0, alternative="greater").pvalue))
    pv = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.5]
    rows.append(dict(kind="multiple", p=pv, **{m: multipletests(pv, method=m)[1] for m in ("bonferroni", "holm", "fdr_bh")}))
    for pr, ref in (([.7, .2, .1], [.5, .3, .2]), ([.1, .6, .3], [.1, .6, .3]), ([0, .5, .5], [.3, .3, .4])):
        m = (np.array(pr) + np.array(ref)) / 2
        rows.append(dict(kind="information", p=pr, q=ref, entropy=scipy.stats.entropy(pr), entropy2=scipy.stats.entropy(pr, base=2), kl=scipy.stats.entropy(pr, ref), js=(scipy.stats.entropy(pr, m) + scipy.stats.entropy(ref, m)) / 2))
    # auc
    s, t = np.round(g.uniforms(30), 2), g.below(2, 30)
    fpr, tpr, thr = skm.roc_curve(t, s, drop_intermediate=False)
    rows.append(dict(kind="ranking", scores=s, labels=t, roc_auc=skm.roc_auc_score(t, s), average_precision=skm.average_precision_score(t, s), log_loss=skm.log_loss(t, np.clip(s, .01, .99)), brier=float(np.mean((s - t) ** 2))))
    put("statistics", "scipy, sklearn, statsmodels, krippendorff: correlation (Fisher interval; r2 = squared Pearson = R² of the least-squares line, as Apollo's scaling-consistency R² is defined: x=1..5, y=2,4,5,4,5 gives 0.6), Cohen's kappa (plain, linear, quadratic weights), Fleiss, Krippendorff's alpha (null = missing), proportion intervals (95 %, wilson99 at 99 %; beta = Clopper-Pearson), McNemar (exact two-sided binomial, capped at 1; chi² with and without continuity correction), t, Wilcoxon, Mann-Whitney, KS, binomial, Bonferroni/Holm/BH, entropies (nats; entropy2 bits), AUC. `nan`, `inf` are strings.",
        (scipy, sklearn, statsmodels, krippendorff), rows, kind="text.statistics", options=dict(rtol=1e-7, atol=1e-10))


def bootstrap():
    g = SplitMix64(a.seed + 2)
    n, B = (25, 500) if H else (40, 2000)
    x = np.round(g.normals(n) + 0.3, 4)
    y = (g.uniforms(n) < 0.7).astype(int)
    rows = []
    for name, f, data in (("mean", lambda v: v.mean(-1), x), ("median", lambda v: np.median(v, -1), x), ("accuracy", lambda v: v.mean(-1), y)):
        r = SplitMix64(a.seed + 50)
        idx = r.below(n, n * B).reshape(B, n)
        st = f(np.asarray(data, float)[idx])
        q = np.quantile(st, [0.025, 0.975])
        z = []
        for m in ("percentile", "basic", "BCa"):
            b = scipy.stats.bootstrap((np.asarray(data, float),), lambda v, axis=-1: np.median(v, axis) if name == "median" else np.mean(v, axis), n_resamples=9999, method=m, rng=np.random.default_rng(a.seed), vectorized=True)
            z.append([m, b.confidence_interval.low, b.confidence_interval.high])
        rows.append(dict(statistic=name, data=data, seed=a.seed + 50, resamples=B, percentile_ci=q, mean_of_statistics=st.mean(), stderr=st.std(ddof=1), first_statistics=st[:5], first_indices=idx[0], scipy_ci=z))
    # paired difference, jackknife
    u, v = np.round(g.normals(n), 3), np.round(g.normals(n) + 0.2, 3)
    r = SplitMix64(a.seed + 51); idx = r.below(n, n * B).reshape(B, n); dd = (v - u)[idx].mean(1)
    rows.append(dict(statistic="paired-mean-difference", x=u, y=v, seed=a.seed + 51, resamples=B, percentile_ci=np.quantile(dd, [0.025, 0.975]), share_at_most_0=float((dd <= 0).mean())))
    r = SplitMix64(a.seed + 52); P = 1000
    sg = np.where(r.uniforms(n * P).reshape(P, n) < 0.5, -1, 1)
    obs = (v - u).mean()
    rows.append(dict(statistic="sign-permutation", x=u, y=v, seed=a.seed + 52, permutations=P, observed=obs, p_two_sided=float((1 + (np.abs((sg * (v - u)).mean(1)) >= abs(obs) - 1e-12).sum()) / (P + 1))))
    q = np.round(g.normals(11), 3)
    rows.append(dict(statistic="quantiles", data=q, quantiles={str(p): float(np.quantile(q, p)) for p in (0, .025, .1, .25, .5, .9, .975, 1)}))
    put("bootstrap", "Percentile bootstrap by formula (numpy): resample i uses indices floor(uniform*n), n at a time, of the stated generator seeded with `seed`; quantiles are numpy's linear interpolation. scipy_ci: scipy.stats.bootstrap with 9,999 resamples of its own generator: a check within about 0.03 only. sign-permutation: sign -1 where uniform < .5, row by row, p=(1+hits)/(1+P). " + SplitMix64.RULE, (scipy,), rows, kind="text.bootstrap", options=dict(atol=1e-9))


def bradley_terry():
    import statsmodels, statsmodels.api as sm
    g = SplitMix64(a.seed + 3)
    names = ["VMB", "SAO", "MusicGen", "AudioLDM", "M2UGen"][: 4 if H else 5]
    k = len(names)
    strength = np.array([1.0, 0.6, 0.2, -0.8, -0.3])[:k]
    W = np.zeros((k, k), int)
    for i in range(k):
        for j in range(i + 1, k):
            n = 12 + 3 * ((i + j) % 4)
            w = int((g.uniforms(n) < 1 / (1 + np.exp(strength[j] - strength[i]))).sum())
            W[i, j], W[j, i] = w, n - w
    y, X = [], []
    for i in range(k):
        for j in range(i + 1, k):
            r = np.zeros(k); r[i], r[j] = 1, -1
            X.append(r); y.append([W[i, j], W[j, i]])
    X, y = np.array(X), np.array(y)
    fit = sm.GLM(y, X[:, 1:], family=sm.families.Binomial()).fit(tol=1e-14)
    beta = np.concatenate([[0], fit.params]); beta = beta - beta.mean()
    p = np.exp(beta) / np.exp(beta).sum()
    se = np.sqrt(np.diag(fit.cov_params()))
    # Elo, sequential
    games = [(int(i), int(j), int(w)) for i, j, w in zip(g.below(k, 30), (g.below(k - 1, 30)), g.below(3, 30))]
    elo = [1000.0] * k; log = []
    for i, j, w in games:
        j = j + 1 if j >= i else j
        s = [0.0, 0.5, 1.0][w]
        e = 1 / (1 + 10 ** ((elo[j] - elo[i]) / 400))
        elo[i] += 32 * (s - e); elo[j] -= 32 * (s - e)
        log.append([i, j, s])
    put("bradley-terry", "Bradley-Terry maximum likelihood from a table of wins (row beats column): statsmodels binomial GLM on difference vectors (the same likelihood); log_strength is centred to mean 0, probability = softmax; stderr is relative to the first player (fixed at 0). Elo by formula: K 32, start 1000, scale 400, score 0/.5/1, in the given order.", (statsmodels,),
        [dict(kind="bradley-terry", players=names, wins=W, log_strength=beta, probability=p, stderr_vs_first=se, log_likelihood=float(np.sum(y[:, 0] * np.log(1 / (1 + np.exp(-X @ beta))) + y[:, 1] * np.log(1 / (1 + np.exp(X @ beta)))))), dict(kind="elo", players=k, games=log, ratings=elo)], kind="text.bradley-terry", options=dict(atol=1e-6))


for f in (fuzzy, distances, match_control, bm25, tfidf, numbers, arabic, wer, statistics, bootstrap, bradley_terry):
    try:
        f()
    except Exception:
        import traceback; traceback.print_exc()
