"""Goldens for the evaluation harness: scorers, verifiers, prompts, metrics, log-likelihoods.

python scripts/evaluation.py --out DIR --seed N     (lm-eval 0.4.13, rouge-score, sacrebleu, langdetect, nltk with punkt_tab, scipy, torchmetrics)
Environment: GOLD_TEXTS    another texts module than evaluation_texts.py
             GOLD_SOURCES  folder with checkouts: MInference/scbench, open_instruct/if_functions.py (their cases are skipped without it)
             GOLD_MODEL    the SmolLM2-135M-Instruct GGUF file (log-likelihood cases are skipped without it)
             GOLD_ONLY     comma-separated function names
"""
import importlib.util
import json
import math
import os
import random
import re
import sys
import tempfile
import types

import langdetect
import transformers.utils.logging
transformers.utils.logging.disable_progress_bar()
import lm_eval
import nltk
import numpy as np
import rouge_score
import sacrebleu
import scipy
import torch
import transformers
from rouge_score import rouge_scorer
from safetensors.torch import load_file  # noqa: F401

from gold import arguments, write

for mod, ver in ((lm_eval, "0.4.13"), (langdetect, "1.0.9"), (rouge_score, "0.1.2")):
    mod.__version__ = getattr(mod, "__version__", ver)
HERE = os.path.dirname(os.path.abspath(__file__))
LME = os.path.dirname(lm_eval.__file__)
SCRIPT = "evaluation.py"
a = None


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    m = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(m)
    return m


T = load("golden_texts", os.environ.get("GOLD_TEXTS", os.path.join(HERE, "evaluation_texts.py")))
SRC = os.environ.get("GOLD_SOURCES")


def put(name, about, cases, libs, kind, **kw):
    def plain(x):
        if isinstance(x, dict):
            return {k: plain(v) for k, v in x.items()}
        if isinstance(x, (list, tuple)):
            return [plain(v) for v in x]
        if isinstance(x, (np.floating, np.integer, np.bool_)):
            return x.item()
        return x
    write(a.out, name, kind=kind, architecture="", about=about, seed=a.seed, script=SCRIPT, libs=libs, cases=plain(cases), **kw)


# ------------------------------------------------------------------------------------------------ IFEval
def ifeval_one(iid, kwargs, response, prompt=""):
    from lm_eval.tasks.ifeval import utils
    langdetect.DetectorFactory.seed = 0
    random.seed(0)
    full = {k: None for k in ("capital_frequency", "capital_relation", "end_phrase", "first_word", "forbidden_words", "frequency", "keyword", "keywords",
                              "language", "let_frequency", "let_relation", "letter", "nth_paragraph", "num_bullets", "num_highlights", "num_paragraphs",
                              "num_placeholders", "num_sections", "num_sentences", "num_words", "postscript_marker", "prompt_to_repeat", "relation",
                              "section_spliter")} | kwargs
    doc = dict(key=0, instruction_id_list=[iid], prompt=prompt, kwargs=[full])
    r = utils.process_results(doc, [response])
    return r["inst_level_strict_acc"][0], r["inst_level_loose_acc"][0]


def ifeval():
    def rows(table, common=True):
        out = []
        for iid, groups in table.items():
            for n, (kw, responses) in enumerate(groups):
                for resp in responses + (T.COMMON if n == 0 and common else []):
                    s, l = ifeval_one(iid, kw, resp)
                    out.append(dict(instruction_id=iid, kwargs=kw, response=resp, strict=s, loose=l))
        return out
    put("ifeval", "lm-eval's IFEval checkers, one instruction per case: strict and loose verdict of `response` (20 instruction types that need neither "
        "langdetect nor punkt). kwargs hold only the row's non-null values; a blank response fails everything.", rows(T.IFEVAL), (lm_eval,), "ifeval")
    put("ifeval-punkt", "lm-eval's IFEval checkers that use NLTK: number_sentences (punkt, English parameters of the public punkt_tab data) and "
        "capital_word_frequency (word_tokenize = punkt sentences + Treebank-style words).", rows(T.PUNKT), (lm_eval, nltk), "ifeval")
    put("ifeval-langdetect", "lm-eval's IFEval checkers that use langdetect (DetectorFactory.seed = 0): response_language, english_capital, english_lowercase; "
        "a detection failure (no letters) counts as followed.", rows(T.LANG_IFEVAL), (lm_eval, langdetect), "ifeval")
    # whole documents
    from lm_eval.tasks.ifeval import utils
    docs = []
    table = {**T.IFEVAL}
    ids = list(table)
    rng = random.Random(a.seed)
    for i in range(14):
        pick = rng.sample(ids, 3)
        kws = [table[p][0][0] for p in pick]
        resp = "Sure, here it is:\n" * (i % 2) + table[pick[0]][0][1][i % 3] + ("\n" + table[pick[1]][0][1][0] if i % 3 else "") + "\nThat was it." * (i % 4 == 0)
        langdetect.DetectorFactory.seed = 0
        r = utils.process_results(dict(key=i, instruction_id_list=pick, prompt="p", kwargs=kws), [resp])
        docs.append(dict(instruction_id_list=pick, kwargs=kws, response=resp, **r))
    total = {k: (float(np.mean([d[k] for d in docs])) if k.startswith("prompt") else utils.agg_inst_level_acc([d[k] for d in docs]))
             for k in ("prompt_level_strict_acc", "inst_level_strict_acc", "prompt_level_loose_acc", "inst_level_loose_acc")}
    put("ifeval-documents", "lm-eval's IFEval process_results on documents of three instructions, and the four aggregates over all cases in `options`.", docs,
        (lm_eval,), "ifeval.documents", options=dict(aggregates=total))
    spec_vectors()


def spec_vectors():
    """The vectors written in the SmolTulu description, executed."""
    E = {"keywords:existence": [({"keywords": ["cat", "do."]}, [("A Cat dog", True), ("cat do", False)])], "keywords:frequency": [({"keyword": "cat", "frequency": 2, "relation": "at least"}, [("concatenate cat", True)])],
         "keywords:forbidden_words": [({"forbidden_words": ["cat"]}, [("concatenate", True), ("the Cat sat", False)])], "keywords:letter_frequency": [({"letter": "E", "let_frequency": 3, "let_relation": "at least"}, [("Eee", True)])],
         "length_constraints:number_words": [({"num_words": 3, "relation": "less than"}, [("don't stop", False), ("one two", True), ("a-b c", False)])],
         "length_constraints:number_paragraphs": [({"num_paragraphs": 2}, [("a\n***\nb", True), ("***\na\n***\nb\n***", True), ("a\n***\n\n***\nb", False), ("a * * * b", False)])],
         "length_constraints:nth_paragraph_first_word": [({"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Hello"}, [("x\n\n\"Hello, y", True), ("x\n\nhello-world", False), ("x\n\n\n\nhello y", False), ("x\n\nHello.y z", True)])],
         "detectable_content:number_placeholders": [({"num_placeholders": 2}, [("[a] [b]", True), ("[a [b]]", False), ("[]  []", True)])],
         "detectable_content:postscript": [({"postscript_marker": "P.S."}, [("body p. s. x", True), ("PS hi", False)]), ({"postscript_marker": "P.P.S"}, [("x P.P.S. hi", True)])],
         "detectable_format:number_bullet_lists": [({"num_bullets": 2}, [("- a\n* b", True), ("** bold\n* a\n- b", True), ("* a\n  * b\n---", False), ("*\n* b", False)])],
         "detectable_format:number_highlighted_sections": [({"num_highlights": 2}, [("**a** x", False), ("**a** **b**", True), ("*a\nb* *c*", False)])],
         "detectable_format:multiple_sections": [({"section_spliter": "Section", "num_sections": 2}, [("Section A b Section B", False), ("intro Section1x Section2", True)])],
         "detectable_format:json_format": [({}, [("\"x\"", True), ("```json\nNaN\n```", True)])], "detectable_format:title": [({}, [("<<a\nb>>", False)])],
         "combination:two_responses": [({}, [("******a******b******", True), ("a******b******c", False)])], "combination:repeat_prompt": [({"prompt_to_repeat": "Say Hi."}, [("say hi. hi", True), ("Sure: Say Hi.", False)])],
         "startend:end_checker": [({"end_phrase": "The End"}, [("x the end", True), ("x The End.", False), ("\"x the end\"", True)])], "startend:quotation": [({}, [("\"", False), ("“x”", False)])],
         "change_case:english_capital": [({}, [("123", False)])], "punctuation:no_comma": [({}, [("a，b", True)])]}
    for iid, groups in E.items():
        for kw, rows in groups:
            for resp, want in rows:
                s, l = ifeval_one(iid, kw, resp)
                if s != want:
                    print("DESCRIPTION DIFFERS", iid, kw, repr(resp), "says", want, "ran", s, l)


def language():
    cases = []
    for lang, texts in T.LANGUAGES.items():
        for t in texts:
            langdetect.DetectorFactory.seed = 0
            try:
                p = langdetect.detect_langs(t)
                langdetect.DetectorFactory.seed = 0
                cases.append(dict(text=t, written_in=lang, detected=langdetect.detect(t), probabilities={x.lang: x.prob for x in p}))
            except langdetect.LangDetectException as e:
                cases.append(dict(text=t, written_in=lang, detected=None, error=str(e)))
    put("langdetect", "langdetect 1.0.9 with DetectorFactory.seed = 0 (7 randomised trials, CPython's Mersenne Twister: gauss for alpha, randrange for n-grams); "
        "probabilities listed are those above 0.1, best first; `detected` null = no features. Chinese is reported as zh-cn / zh-tw.", cases, (langdetect,), "langdetect",
        options=dict(probability_tolerance=0.02))


def tokenize():
    texts = [r for groups in T.PUNKT.values() for _, rs in groups for r in rs] + [x for x in T.COMMON if x.strip()] + T.ROLLING
    texts += ["Prof. Ito, Ph.D., spoke at 10 a.m. in St. Ives. It rained.", "See fig. 3. Then sec. 4.2. End.", "He paid $3.50. She paid 4.", "Mr. and Mrs. Oak vs. the U.N. No verdict.", "“Stop.” He ran. 'Go!' they said."]
    from lm_eval.tasks.ifeval import instructions_util as u
    put("nltk-tokenize", "NLTK punkt (English) sentences, word_tokenize tokens (TreebankWordTokenizer variant of NLTK), count of \\w+ words.",
        [dict(text=t, sentences=u._get_sentence_tokenizer().tokenize(t), count=u.count_sentences(t), tokens=nltk.word_tokenize(t), words=u.count_words(t)) for t in texts],
        (nltk,), "tokenize.nltk")


# ------------------------------------------------------------------------------------------------ answers
def yaml_task(path):
    from lm_eval.tasks._yaml_loader import load_yaml
    return dict(load_yaml(os.path.join(LME, "tasks", path), resolve_func=True))


def gsm():
    from lm_eval.api.metrics import exact_match_hf_evaluate
    from lm_eval.filters.extraction import RegexFilter
    import yaml

    def conf(f):
        return yaml.safe_load(open(os.path.join(LME, "tasks/gsm8k", f)))
    cases = []
    for name, f in (("gsm8k", "gsm8k.yaml"), ("gsm8k_cot", "gsm8k-cot.yaml")):
        c = conf(f)
        metric = next(m for m in c["metric_list"] if m["metric"] == "exact_match")
        for resp, gold in T.GSM8K:
            row = dict(task=name, response=resp, gold=gold)
            for flt in c["filter_list"]:
                args = {k: v for k, v in flt["filter"][0].items() if k != "function"}
                got = RegexFilter(**args).apply([[resp]], [{}])[0][0]
                em = exact_match_hf_evaluate([got], [gold], regexes_to_ignore=metric["regexes_to_ignore"], ignore_case=metric["ignore_case"],
                                             ignore_punctuation=metric["ignore_punctuation"])["exact_match"]
                row[flt["name"]] = dict(extracted=got, exact_match=float(em))
            cases.append(row)
    put("gsm8k", "lm-eval's gsm8k and gsm8k_cot filters (first match for strict, last match for flexible, `[invalid]` when none) and exact_match with the task's "
        "ignored regexes.", cases, (lm_eval,), "extract.gsm8k")
    strict = re.compile(r"#### (\-?[0-9\.\,]+)")

    def light(text):
        m = strict.search(text)
        return m.group(1).replace(",", "") if m else "[invalid]"
    cases = [dict(rule="lighteval", response=r, gold="#### " + g, extracted=light(r), correct=light(r) == light("#### " + g) and light(r) != "[invalid]") for r, g in T.GSM8K]

    def rlvr(pred, gold):
        p = re.sub(r"(\d),(\d)", r"\1\2", pred)
        n = re.findall(r"[-+]?\d*\.\d+|\d+", p)
        x = n[-1] if n else p
        return x, str(x).lower() == str(gold).lower()
    for r, g in T.RLVR_GSM + T.GSM8K:
        x, ok = rlvr(r, g)
        cases.append(dict(rule="rlvr", response=r, gold=g, extracted=x, correct=ok))
    put("gsm8k-rules", "GSM8K protocols of the description, imitated: `lighteval` (same #### regex on prediction and gold, commas removed) and `rlvr` (Tulu verifier: "
        "commas between digits removed pairwise, last match of [-+]?\\d*\\.\\d+|\\d+, lower-case string equality).", cases, (), "extract.gsm8k")


def math_():
    import sympy
    from lm_eval.tasks.hendrycks_math import utils as h
    from lm_eval.tasks.minerva_math import utils as m
    cases = []
    for x, y in T.MATH_STRINGS:
        row = dict(a=x, b=y, hendrycks_equiv=bool(h.is_equiv(x, y)))
        for k, s in (("a", x), ("b", y)):
            try:
                row[f"hendrycks_{k}"] = h.strip_string(s)
            except Exception as e:
                row[f"hendrycks_{k}"] = None
                row["hendrycks_error"] = type(e).__name__
            row[f"minerva_{k}"] = m.normalize_final_answer(s)
        row["minerva_string_equal"] = row["minerva_a"] == row["minerva_b"]
        row["minerva_equiv"] = bool(m.is_equiv(row["minerva_a"], row["minerva_b"]))
        cases.append(row)
    put("math-equivalence", "lm-eval: hendrycks_math strip_string/is_equiv (null where strip_string raises: is_equiv then compares the raw strings) and minerva_math "
        "normalize_final_answer with its equality; minerva_equiv also uses sympy's LaTeX parser, so an implementation without sympy may differ there.",
        cases, (lm_eval, sympy), "math.equivalence")
    boxed = []
    for s in T.MATH_SOLUTIONS:
        b = m.last_boxed_only_string(s)
        hb = h.last_boxed_only_string(s)
        assert b == hb, s
        try:
            r = m.remove_boxed(b) if b is not None else None
        except AssertionError:
            r = "[assertion]"
        boxed.append(dict(text=s, last_boxed=b, unboxed=r))
    put("math-boxed", "lm-eval last_boxed_only_string and remove_boxed; `[assertion]` where remove_boxed raises.", boxed, (lm_eval,), "math.boxed")
    outs = [dict(rule="minerva", output=o, extracted=m.get_unnormalized_answer(o), normalized=m.normalize_final_answer(m.get_unnormalized_answer(o))) for o in T.MINERVA_OUTPUTS]
    outs += [dict(rule="hendrycks", output=o, solution=s, exact_match=h.process_results(dict(solution=s), [o])["exact_match"]) for o, s in T.HENDRYCKS_OUTPUTS]
    put("math-extraction", "lm-eval answer extraction: minerva (`Final Answer: The final answer is … I hope it is correct.`, `[invalidanswer]` when absent) and hendrycks "
        "(text between the first and last $).", outs, (lm_eval,), "math.extraction")


def choices():
    from lm_eval.api.metrics import exact_match_hf_evaluate
    from lm_eval.filters.extraction import RegexFilter
    cases = []
    for r in T.MCQ:
        got = RegexFilter(regex_pattern=r"answer is \(?([ABCDEFGHIJ])\)?").apply([[r]], [{}])[0][0]
        cases.append(dict(task="mmlu_pro", response=r, extracted=got))
    import yaml
    path = next(p for p in ("tasks/bbh/cot_fewshot/_cot_fewshot_template_yaml", "tasks/bbh/cot_fewshot/_bbh_cot_fewshot_template_yaml") if os.path.exists(os.path.join(LME, p)))
    pattern = next(f["regex_pattern"] for fl in yaml.safe_load(open(os.path.join(LME, path)))["filter_list"] for f in fl["filter"] if f["function"] == "regex")
    for r in T.BBH:
        cases.append(dict(task="bbh_cot_fewshot", pattern=pattern, response=r, extracted=RegexFilter(regex_pattern=pattern).apply([[r]], [{}])[0][0]))
    put("answer-extraction", "lm-eval regex filters of mmlu_pro (first match) and bbh_cot_fewshot (pattern given).", cases, (lm_eval,), "extract.regex")
    opts = []
    for p, g in [("Yes", "yes"), ("Yes.", "yes"), ("1,000", "1000"), ("$5", "5"), ("a 1", "a 2"), ("x", "X"), ("«x»", "x"), ("x", "x "), ("#### 5", "5"), ("A: #### 7.", "7"), ("5.\n", "5")]:
        for kw in ({}, {"ignore_case": True}, {"ignore_punctuation": True}, {"ignore_numbers": True}, {"ignore_case": True, "ignore_punctuation": True},
                   {"regexes_to_ignore": [",", "\\$", "(?s).*#### ", "\\.$"]}):
            opts.append(dict(prediction=p, reference=g, options=kw, exact_match=float(exact_match_hf_evaluate([p], [g], **kw)["exact_match"])))
    put("exact-match", "lm-eval exact_match with its options (ignored punctuation is ASCII string.punctuation).", opts, (lm_eval,), "metric.exact_match")


# ------------------------------------------------------------------------------------------------ prompts
TASKS = [("arc", "arc/arc_easy.yaml", 0), ("arc", "arc/arc_easy.yaml", 2), ("piqa", "piqa/piqa.yaml", 0), ("piqa", "piqa/piqa.yaml", 2), ("hellaswag", "hellaswag/hellaswag.yaml", 0), ("mmlu", "mmlu/default/mmlu_astronomy.yaml", 0),
         ("mmlu", "mmlu/default/mmlu_astronomy.yaml", 2), ("mmlu", "mmlu/continuation/mmlu_astronomy.yaml", 0), ("truthfulqa", "truthfulqa/truthfulqa_mc1.yaml", 0), ("truthfulqa", "truthfulqa/truthfulqa_mc2.yaml", 0), ("gsm8k", "gsm8k/gsm8k.yaml", 0),
         ("gsm8k", "gsm8k/gsm8k.yaml", 2), ("mmlu_pro", "mmlu_pro/mmlu_pro_biology.yaml", 0), ("mmlu_pro", "mmlu_pro/mmlu_pro_biology.yaml", 2)]


def prompts():
    from lm_eval.api.task import ConfigurableTask
    cases = []
    for group, path, shots in TASKS:
        cfg = yaml_task(path)
        docs = T.DOCS[group]
        with tempfile.TemporaryDirectory() as tmp:
            os.environ["HF_DATASETS_CACHE"] = tmp
            f = os.path.join(tmp, "d.jsonl")
            with open(f, "w", encoding="utf-8") as o:
                for d in docs:
                    o.write(json.dumps(d, ensure_ascii=False) + "\n")
            split = {s: f for s in {cfg.get(k) for k in ("training_split", "validation_split", "test_split", "fewshot_split")} if s}
            cfg |= dict(dataset_path="json", dataset_name=None, dataset_kwargs=dict(data_files=split, cache_dir=tmp))
            fc = dict(cfg.get("fewshot_config") or {})
            fc["sampler"] = "first_n"
            cfg["fewshot_config"] = fc
            try:
                t = ConfigurableTask(config=cfg)
            except Exception as e:
                print("prompt task failed", path, type(e).__name__, e)
                continue
            eval_docs = list(t.eval_docs)
            for i, d in enumerate(eval_docs):
                ctx = t.fewshot_context(d, num_fewshot=shots)
                req = t.construct_requests(d, ctx, metadata=(cfg["task"], i, 1))
                req = req if isinstance(req, list) else [req]
                row = dict(task=cfg["task"], shots=shots, doc=docs[i] if len(docs) == len(eval_docs) else d, context=ctx)
                if t.OUTPUT_TYPE == "multiple_choice":
                    row |= dict(continuations=[r.args[1] for r in req], contexts_equal=all(r.args[0] == ctx for r in req), gold=t.doc_to_target(d), normalizing_choices=t.doc_to_choice(d))
                else:
                    row |= dict(target=t.doc_to_target(d), until=req[0].args[1].get("until"))
                cases.append(row)
    put("prompts", "lm-eval 0.4.13: the exact context and continuations built for own documents in each dataset's schema; few-shots are the first n documents of the same "
        "list (sampler first_n). acc_norm divides by the length in characters of normalizing_choices.",
        cases, (lm_eval,), "prompts")


# ------------------------------------------------------------------------------------------------ metrics
def metrics():
    from lm_eval.api import metrics as M
    rng = np.random.default_rng(a.seed)
    cases = []
    for i in range(12):
        n = int(rng.integers(2, 6))
        ll = [round(float(x), 4) for x in -rng.uniform(1, 40, n)]
        ch = ["".join(rng.choice(list("abcdeéжع漢 "), int(rng.integers(2, 18)))).strip() + "x" for _ in range(n)]
        if i % 4 == 3:
            ll[1] = ll[0]                  # a tie: the first wins
        ln = np.array([float(len(c)) for c in ch])
        by = np.array([float(len(c.encode("utf-8"))) for c in ch])
        cases.append(dict(kind="choice", loglikelihoods=ll, choices=ch, acc_pick=int(np.argmax(ll)), norm_chars_pick=int(np.argmax(np.array(ll) / ln)), norm_bytes_pick=int(np.argmax(np.array(ll) / by))))
    for i in range(6):
        n = int(rng.integers(2, 7))
        ll = [round(float(x), 3) for x in -rng.uniform(1, 30, n)]
        labels = [1] + [int(x) for x in rng.integers(0, 2, n - 2)] + [0]
        from lm_eval.tasks.truthfulqa.utils import process_results_mc2
        v = process_results_mc2(dict(mc2_targets=dict(labels=labels)), [(x, False) for x in ll])["acc"]
        cases.append(dict(kind="mc2", loglikelihoods=ll, labels=labels, value=float(v), mc1=float(int(np.argmax(ll)) == 0)))
    items = [(round(float(x), 3), int(w)) for x, w in zip(-rng.uniform(20, 300, 7), rng.integers(5, 90, 7))]
    bytes_ = [(x, w * 5 + 3) for x, w in items]
    cases += [dict(kind="weighted_perplexity", items=items, value=M.weighted_perplexity(items)), dict(kind="byte_perplexity", items=bytes_, value=M.weighted_perplexity(bytes_)),
              dict(kind="bits_per_byte", items=bytes_, value=M.bits_per_byte(bytes_)), dict(kind="perplexity", items=[x / 50 for x, _ in items], value=M.perplexity([x / 50 for x, _ in items]))]
    os.environ["DISABLE_MULTIPROC"] = "1"
    for n in (5, 40, 200):
        x = [float(v) for v in rng.integers(0, 2, n)]
        x[0], x[1] = 0.0, 1.0
        y = [round(float(v), 3) for v in rng.normal(0, 1, n)]
        cases += [dict(kind="mean_stderr", values=x, mean=M.mean(x), value=M.mean_stderr(x)), dict(kind="sample_stddev", values=y, value=M.sample_stddev(y)), dict(kind="pop_stddev", values=y, value=M.pop_stddev(y)), dict(kind="median", values=y, value=M.median(y))]
        if n == 40:
            cases += [dict(kind="bootstrap_stderr", statistic="median", values=y, iterations=2000, value=M.bootstrap_stderr(M.median, y, 2000), tolerance=0.0),
                      dict(kind="bootstrap_stderr", statistic="perplexity", values=y, iterations=1000, value=M.bootstrap_stderr(M.perplexity, y, 1000), tolerance=0.0)]
    se, sz = [0.01, 0.03, 0.02], [100, 40, 250]
    cases += [dict(kind="pooled_sample_stderr", stderrs=se, sizes=sz, value=M.pooled_sample_stderr(se, sz)), dict(kind="unweighted_mean_stderr", stderrs=se, value=M.unweighted_mean_stderr(se)),
              dict(kind="aggregate_subtasks", metrics=[0.5, 0.7, 0.2], sizes=sz, weighted=M.aggregate_subtask_metrics([0.5, 0.7, 0.2], sz, True), unweighted=M.aggregate_subtask_metrics([0.5, 0.7, 0.2], sz, False))]
    g, p = [int(x) for x in rng.integers(0, 2, 30)], [int(x) for x in rng.integers(0, 2, 30)]
    cases += [dict(kind="f1", gold=g, predicted=p, value=float(M.f1_score(list(zip(g, p))))), dict(kind="mcc", gold=g, predicted=p, value=float(M.matthews_corrcoef(list(zip(g, p)))))]
    pr = rng.dirichlet([1, 1, 1], 6).round(4)
    gold = [int(x) for x in rng.integers(0, 3, 6)]
    cases.append(dict(kind="brier", gold=gold, probabilities=pr.tolist(), value=float(M.brier_score(list(zip(gold, pr.tolist()))))))
    put("metrics", "lm-eval metrics and aggregations (choice picks as in its multiple_choice process_results: acc_norm divides by len(choice) in characters, acc_bytes by UTF-8 "
        "bytes, both without the leading space; mc2 by truthfulqa's process_results; bootstrap_stderr = CPython random.Random(chunk).choices, 1000 replicates per chunk, sample stddev).",
        cases, (lm_eval,), "metrics", options=dict(rtol=1e-9))


# ------------------------------------------------------------------------------------------------ SCBench
class Rouge:
    def compute(self, predictions, references, use_aggregator=False, **_):
        s = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"], use_stemmer=False)
        r = [s.score(t, p) for t, p in zip(references, predictions)]
        return {k: [x[k].fmeasure for x in r] for k in r[0]}


def scbench():
    if SRC and os.path.isdir(os.path.join(SRC, "MInference", "scbench")):
        sys.modules["evaluate"] = types.SimpleNamespace(load=lambda _: Rouge())
        sys.modules["args"] = types.SimpleNamespace(parse_args=None)
        sys.modules["repo_qa_utils"] = types.SimpleNamespace(compute_score=None)
        S = load("scbench_scores", os.path.join(SRC, "MInference", "scbench", "compute_scores.py"))
        cases = []
        for task, rows in T.SCBENCH.items():
            for pred, label in rows:
                try:
                    cases.append(dict(scorer=task, prediction=pred, label=label, score=S.get_score_one(pred, label, task, "m")))
                except Exception as e:
                    cases.append(dict(scorer=task, prediction=pred, label=label, error=type(e).__name__))
        for p, r in T.SUMMARIES:
            cases.append(dict(scorer="scbench_summary", prediction=p, label=r, score=S.get_score_one(p, r, "scbench_summary", "m")))
        put("scbench-scorers", "SCBench's released compute_scores.get_score_one (MInference head fb56c91), with `evaluate`'s rouge replaced by rouge-score called the same way. "
            "Names are the code's scorers: kv_retrieval serves kv, prefix_suffix; longdialogue_qa_eng serves qa_eng; longbook_qa_chn qa_chn; longbook_choice_eng choice_eng; "
            "math_find mf; longbook_qa_eng (token F1) is unused by SCBench.", cases, (rouge_score,), "scbench.scorers", options=dict(atol=1e-6))
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
    import warnings
    warnings.filterwarnings("ignore")
    cases = []
    for c, r in T.REPOQA:
        ct, rt = [x for x in re.split(r"\s+", c.strip()) if x] if c.strip() else [], r.split()
        cases.append(dict(candidate=c, reference=r, similarity=float(sentence_bleu([rt], ct, smoothing_function=SmoothingFunction().method4)) if ct else 0.0))
    put("repoqa-similarity", "RepoQA similarity: NLTK sentence_bleu (4-gram, method4) on whitespace tokens; an empty candidate is 0.", cases, (nltk,), "scbench.repoqa",
        options=dict(atol=1e-9))


def rouge():
    texts = list(T.SUMMARIES) + [(T.ROLLING[0], T.ROLLING[1]), (T.ROLLING[0], T.ROLLING[0].replace("keeper", "guard").replace("climbed", "climbs")),
                                 (" ".join(x[0] for x in T.BLEU), "\n".join(x[1][0] for x in T.BLEU)), (T.ROLLING[2], T.ROLLING[1])]
    cases = []
    for stem in (False, True):
        s = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"], use_stemmer=stem)
        for p, r in texts:
            x = s.score(r, p)
            cases.append(dict(prediction=p, reference=r, use_stemmer=stem, **{k: dict(precision=v.precision, recall=v.recall, fmeasure=v.fmeasure) for k, v in x.items()}))
    put("rouge", "rouge-score 0.1.2 with and without its Porter stemmer (words longer than 3); tokens = lower-cased [a-z0-9]+, so Arabic and Chinese vanish; rougeLsum splits on "
        "newlines only.", cases, (rouge_score,), "text.rouge", options=dict(atol=1e-9))


def bleu():
    cases = []
    for tok in ("13a", "intl", "char", "none"):
        b = sacrebleu.BLEU(tokenize=tok, effective_order=True)
        for h, refs in T.BLEU:
            s = b.sentence_score(h, refs)
            cases.append(dict(level="sentence", tokenize=tok, hypothesis=h, references=refs, bleu=s.score, precisions=s.precisions, bp=s.bp, counts=s.counts, totals=s.totals, sys_len=s.sys_len, ref_len=s.ref_len))
        rows = [(h, r[0]) for h, r in T.BLEU]
        s = sacrebleu.BLEU(tokenize=tok).corpus_score([h for h, _ in rows], [[r for _, r in rows]])
        cases.append(dict(level="corpus", tokenize=tok, hypotheses=[h for h, _ in rows], references=[r for _, r in rows], bleu=s.score, precisions=s.precisions, bp=s.bp, counts=s.counts, totals=s.totals, sys_len=s.sys_len, ref_len=s.ref_len))
    for wo in (0, 2):
        c = sacrebleu.CHRF(word_order=wo)
        for h, refs in T.BLEU:
            cases.append(dict(level="sentence", metric="chrf", word_order=wo, hypothesis=h, references=refs, chrf=c.sentence_score(h, refs).score))
        rows = [(h, r[0]) for h, r in T.BLEU]
        cases.append(dict(level="corpus", metric="chrf", word_order=wo, hypotheses=[h for h, _ in rows], references=[r for _, r in rows], chrf=c.corpus_score([h for h, _ in rows], [[r for _, r in rows]]).score))
    put("sacrebleu", "sacrebleu sentence BLEU (effective_order, exp smoothing) and corpus BLEU for the tokenizers 13a, intl, char, none, and chrF / chrF++; English, Arabic, Chinese.",
        cases, (sacrebleu,), "text.bleu", options=dict(atol=1e-9))
    try:
        from torchmetrics.functional.text import bleu_score
        import torchmetrics
        rows = [dict(prediction=h, reference=r[0], **{f"bleu{n}": float(bleu_score([h], [[r[0]]], n_gram=n)) for n in (1, 2, 4)}) for h, r in T.BLEU + [(p, [r]) for p, r in T.SUMMARIES] if h.strip()]
        put("torchmetrics-bleu", "torchmetrics bleu_score per text (whitespace tokens, no smoothing: 0 when any order has no match).", rows, (torchmetrics,), "text.bleu",
            options=dict(atol=1e-6))
    except ImportError:
        print("torchmetrics missing")
    from nltk.stem.porter import PorterStemmer
    from nltk.translate.meteor_score import single_meteor_score

    class NoWordNet:
        def synsets(self, *_):
            return []
    rows = []
    for h, r in [(h, r[0]) for h, r in T.BLEU] + list(T.SUMMARIES):
        if h.strip() and r.strip():
            x, y = nltk.word_tokenize(h), nltk.word_tokenize(r)
            rows.append(dict(hypothesis=h, reference=r, meteor=float(single_meteor_score(y, x, stemmer=PorterStemmer(), wordnet=NoWordNet()))))
    put("meteor", "NLTK single_meteor_score (alpha 0.9, beta 3, gamma 0.5) on word_tokenize tokens with exact and Porter-stem matches; the WordNet synonym stage is switched off by an "
        "empty synset source.", rows, (nltk,), "text.meteor", options=dict(atol=1e-9))
    words = sorted({w for t in T.ROLLING + [r for _, r in T.SUMMARIES] for w in re.findall(r"[a-z]+", t.lower())} | set(
        "caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll dying lying news innings proceed".split()))
    put("porter", "NLTK PorterStemmer, default mode (NLTK_EXTENSIONS), the stemmer of rouge-score and METEOR.", [dict(word=w, stem=PorterStemmer().stem(w)) for w in words], (nltk,), "text.porter")


# ------------------------------------------------------------------------------------------------ RLVR verifiers
def rlvr():
    for name, f, about in (
            ("rlvr-verifiers", "if_functions_2024.py", "open-instruct's if_functions as of November 2024 (revision 9c2d44b), each called with `text` and `arguments`; `result` is Python truth of "
             "what it returned, so validate_placeholders (a tuple) is always true: the bug-compatible mode."),
            ("rlvr-verifiers-fixed", "if_functions.py", "open-instruct's if_functions at its newest stored revision (e6c3044): validate_placeholders is a plain bool, validate_sections wants splitter + number "
             "(ignoring case), the sentence splitter also splits after `!`, `around` for capital words is +-10 % (at least 1).")):
        path = os.path.join(SRC or "", "open_instruct", f)
        if os.path.exists(path):
            rlvr_one(name, path, about)


def rlvr_one(folder, path, about):
    F = load("if_functions", path)
    texts = sorted({r for g in T.IFEVAL.values() for _, rs in g for r in rs} | set(T.COMMON))
    rng = random.Random(a.seed)
    calls = {"verify_keywords": [dict(keyword_list=["lantern", "river"]), dict(keyword_list=["a"])], "verify_keyword_frequency": [dict(word="oak", N=2), dict(word="oak", N=1)], "validate_forbidden_words": [dict(forbidden_words=["fog", "mist"])],
             "verify_letter_frequency": [dict(letter="e", N=2), dict(letter="E", N=1)], "verify_paragraph_count": [dict(N=3), dict(N=1)], "validate_word_constraint": [dict(N=4, quantifier=q) for q in ("at least", "at most", "around")],
             "verify_sentence_constraint": [dict(N=2, quantifier=q) for q in ("at least", "at most", "around")], "validate_paragraphs": [dict(N=2, first_word="Suddenly", i=2)], "verify_postscript": [dict(postscript_marker="P.S.")],
             "validate_placeholders": [dict(N=2)], "verify_bullet_points": [dict(N=3)], "validate_title": [{}], "validate_choice": [dict(options=["My answer is yes.", "Emu", "a"])], "validate_highlighted_sections": [dict(N=2)],
             "validate_sections": [dict(N=2, section_splitter="SECTION")], "validate_json_format": [{}], "validate_repeat_prompt": [dict(original_prompt="Name three birds that cannot fly.")], "validate_two_responses": [{}], "validate_uppercase": [{}],
             "validate_lowercase": [{}], "validate_frequency_capital_words": [dict(N=2, quantifier=q) for q in ("at least", "at most", "around")], "validate_end": [dict(end_phrase="That is all.")], "validate_quotation": [{}], "validate_no_commas": [{}]}
    cases = []
    for name, kws in calls.items():
        fn = getattr(F, name)
        for kw in kws:
            got = [(t, bool(fn(t, **kw))) for t in texts]
            yes, no = [x for x in got if x[1]], [x for x in got if not x[1]]
            for t, ok in rng.sample(yes, min(8, len(yes))) + rng.sample(no, min(8, len(no))):
                cases.append(dict(function=name, arguments=kw, text=t, result=ok))
    put(folder, about, cases, (), "rlvr")


# ------------------------------------------------------------------------------------------------ other metrics
def vqa():
    cases = []
    def lev(x, y):
        d = list(range(len(y) + 1))
        for i, c in enumerate(x, 1):
            p, d[0] = d[0], i
            for j, e in enumerate(y, 1):
                p, d[j] = d[j], min(d[j] + 1, d[j - 1] + 1, p + (c != e))
        return d[-1]

    def anls(pred, golds, t=0.5):
        best = 0.0
        for g in golds:
            x, y = " ".join(pred.strip().lower().split()), " ".join(g.strip().lower().split())
            n = max(len(x), len(y))
            best = max(best, 1 - lev(x, y) / n if n else 0.0)
        return best if best >= t else 0.0
    for p, g in [("Blue Harbor", ["blue harbor"]), ("blu harbor", ["Blue Harbor"]), ("harbor", ["blue harbor"]), ("", ["x"]), ("12/05/2001", ["12-05-2001", "5 Dec 2001"]), ("a  b", ["a b"]), ("abcd", ["abxy"]), ("abcde", ["abxyz"]), ("ميناء", ["الميناء"]),
                 ("$1,200", ["1200", "$1,200.00"]), ("x", [""]), ("TOTAL", ["total "]), ("été", ["ete"]), ("half", ["calf", "hall"]), ("q", ["w"])]:
        cases.append(dict(metric="anls", prediction=p, references=g, value=anls(p, g)))

    def num(s):
        try:
            return float(s.rstrip("%")) / 100 if s.endswith("%") else float(s)
        except ValueError:
            return None

    def relaxed(target, prediction, tol=0.05):
        x, y = num(prediction), num(target)
        if x is not None and y:
            return abs(x - y) / abs(y) <= tol
        return prediction.lower() == target.lower()
    for p, g in [("100", "104"), ("104", "100"), ("105", "100"), ("105.1", "100"), ("95", "100"), ("100", "95"), ("50%", "0.5"), ("50%", "50"), ("0", "0"), ("0.0", "0"), ("0", "1"), ("1", "0"), ("Red", "red"), ("red ", "red"), ("1,000", "1000"), ("-5", "-5.2"), ("", "1"), ("2.10", "2.1"), ("1e3", "1000")]:
        cases.append(dict(metric="relaxed", prediction=p, reference=g, value=relaxed(g, p), value_as_released=relaxed(p, g)))
    put("answer-distance", "Formulas of the SynerGen-VL description, imitated: ANLS (lower-cased, whitespace-collapsed, Levenshtein over code points, 0 below 0.5, empty pair 0) and relaxed "
        "accuracy with the documented argument order (`value`: error relative to the reference) and with the released swapped order (`value_as_released`: relative to the prediction); "
        "a zero denominator falls back to string comparison.", cases, (), "metric.answers")


def frechet():
    rng = np.random.default_rng(a.seed)
    ins, outs, cases = {}, {}, []
    for i, (d, n, m) in enumerate([(3, 50, 60), (8, 30, 40), (8, 5, 6), (4, 100, 100)]):
        x, y = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)), rng.normal(size=(m, d)) * 1.5 + 0.7
        if i == 3:
            y = x.copy()
        m1, m2, s1, s2 = x.mean(0), y.mean(0), np.cov(x, rowvar=False), np.cov(y, rowvar=False)
        c = scipy.linalg.sqrtm(s1 @ s2)
        c = c.real if np.iscomplexobj(c) else c
        f = float((m1 - m2) @ (m1 - m2) + np.trace(s1) + np.trace(s2) - 2 * np.trace(c))
        t = lambda z: torch.tensor(z, dtype=torch.float32)
        ins |= {f"x.{i}": t(x), f"y.{i}": t(y)}
        outs |= {f"mean_x.{i}": t(m1), f"cov_x.{i}": t(s1), f"mean_y.{i}": t(m2), f"cov_y.{i}": t(s2), f"frechet.{i}": t([f])}
    p = rng.dirichlet(np.ones(6), 40)
    q = rng.dirichlet(np.ones(6) * 2, 40)
    kl = np.array([scipy.stats.entropy(p[i], q[i]) for i in range(40)])
    py = p.mean(0)
    isc = np.exp(np.mean([scipy.stats.entropy(r, py) for r in p]))
    parts = [np.exp(np.mean([scipy.stats.entropy(r, b.mean(0)) for r in b])) for b in np.split(p, 4)]
    u, v = rng.normal(size=(5, 12)), rng.normal(size=(5, 12))
    cos = (u * v).sum(1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1)
    t = lambda z: torch.tensor(np.asarray(z), dtype=torch.float32)
    ins |= dict(p=t(p), q=t(q), image=t(u), text=t(v))
    passt = (p * (np.log(p) - np.log(q + 1e-6))).sum(1)
    outs |= dict(kl=t(kl), kl_passt=t(passt), inception_score=t([isc]), inception_splits=t([np.mean(parts), np.std(parts)]), cosine=t(cos), clip_score=t(100 * np.maximum(cos, 0)))
    write(a.out, "distribution-distances", kind="metric.distances", architecture="", seed=a.seed, script=SCRIPT, libs=(scipy,), inputs=ins, outputs=outs, tolerance=(1e-3, 1e-4),
          tolerances={"frechet.2": (5e-2, 1e-3), "frechet.3": (1e-3, 0)},
          about="Fréchet distance |m1-m2|² + Tr(S1+S2-2(S1 S2)^½) with scipy.linalg.sqrtm on sample means and covariances (n-1); case 2 has fewer samples than dimensions (rank-deficient), "
          "case 3 identical sets (0). KL per row (natural log) by scipy.stats.entropy, kl_passt = sum p(log p - log(q+1e-6)); inception score of p over 40 rows and mean/std (population) over 4 "
          "equal splits; cosine and clip_score = 100*max(cos,0).")


# ------------------------------------------------------------------------------------------------ the real model
def likelihood():
    path = os.environ.get("GOLD_MODEL")
    if not path:
        return
    from transformers import AutoModelForCausalLM, AutoTokenizer
    torch.use_deterministic_algorithms(False)
    d, f = os.path.dirname(path), os.path.basename(path)
    tok = AutoTokenizer.from_pretrained(d, gguf_file=f)
    model = AutoModelForCausalLM.from_pretrained(d, gguf_file=f, dtype=torch.float32).eval()
    from lm_eval.api.instance import Instance
    from lm_eval.models.huggingface import HFLM
    lm = HFLM(pretrained=model, tokenizer=tok, batch_size=1, max_length=2048, add_bos_token=False)
    split = []
    for c, k in T.SPLITS:
        x, y = lm._encode_pair(c, k)
        split.append(dict(context=c, continuation=k, context_tokens=x, continuation_tokens=y))
    put("encode-pair", "lm-eval _encode_pair with SmolLM2's tokenizer (no special tokens): trailing white space of the context moves to the continuation, context+continuation is encoded "
        "jointly and split at len(encode(context)); the continuation may come out empty when tokens merge across the border.", split, (lm_eval, transformers), "encode_pair")
    reqs = [Instance("loglikelihood", {}, (c, k), 0) for c, ks in T.PAIRS for k in ks]
    res = lm.loglikelihood(reqs, disable_tqdm=True)
    cases = []
    for r, (ll, greedy) in zip(reqs, res):
        c, k = r.args
        x, y = lm._encode_pair(c, k) if c else ([lm.prefix_token_id], lm.tok_encode(k))
        logits = torch.log_softmax(model(torch.tensor([x + y])).logits[0].double(), -1)
        rows = logits[len(x) - 1: len(x) + len(y) - 1]
        per = rows.gather(1, torch.tensor(y)[:, None])[:, 0]
        top2 = rows.topk(2, -1).values
        assert abs(per.sum().item() - ll) < 1e-2
        cases.append(dict(context=c, continuation=k, context_tokens=len(x), continuation_ids=y, loglikelihood=float(ll), is_greedy=bool(greedy), token_logprobs=[round(v, 5) for v in per.tolist()],
                          smallest_greedy_margin=round((top2[:, 0] - top2[:, 1]).min().item(), 4)))
    put("loglikelihood", "lm-eval HFLM.loglikelihood on SmolLM2-135M-Instruct.Q4_1.gguf dequantised to fp32 (transformers). Tolerance: 1e-3 relative for exact fp32 on dequantised weights, "
        "2e-2 where a kernel quantises activations; is_greedy is only decisive where smallest_greedy_margin > 0.2. No BOS is added (add_bos_token=False); an empty context is replaced by the prefix token (id in options).", cases,
        (lm_eval, transformers), "loglikelihood", options=dict(model="SmolLM2-135M-Instruct.Q4_1.gguf", prefix_token_id=lm.prefix_token_id, rtol_exact=1e-3, rtol_quantized=2e-2, atol=0.02))
    rr = lm.loglikelihood_rolling([Instance("loglikelihood_rolling", {}, (t,), 0) for t in T.ROLLING], disable_tqdm=True)
    cases = []
    for t, v in zip(T.ROLLING, rr):
        ids = lm.tok_encode(t)
        words, by = len(re.split(r"\s+", t)), len(t.encode("utf-8"))
        cases.append(dict(text=t, tokens=len(ids), loglikelihood=float(v), words=words, bytes=by, word_perplexity=math.exp(-v / words), byte_perplexity=math.exp(-v / by), bits_per_byte=-v / by / math.log(2)))
    small = HFLM(pretrained=model, tokenizer=tok, batch_size=1, max_length=24, add_bos_token=False)
    rs = small.loglikelihood_rolling([Instance("loglikelihood_rolling", {}, (t,), 0) for t in T.ROLLING], disable_tqdm=True)
    for c, v in zip(cases, rs):
        c["loglikelihood_max_length_24"] = float(v)
    put("loglikelihood-rolling", "lm-eval HFLM.loglikelihood_rolling on the same model: first window starts with the prefix token; loglikelihood_max_length_24 uses windows of 24 tokens (context_len 1, the last "
        "window is filled with earlier context).", cases, (lm_eval, transformers), "loglikelihood.rolling",
        options=dict(model="SmolLM2-135M-Instruct.Q4_1.gguf", prefix_token_id=lm.prefix_token_id, rtol_exact=1e-3, rtol_quantized=2e-2))


def main():
    global a
    a = arguments(1)
    only = os.environ.get("GOLD_ONLY")
    for f in (ifeval, language, tokenize, gsm, math_, choices, prompts, metrics, scbench, rouge, bleu, rlvr, vqa, frechet, likelihood):
        if not only or f.__name__ in only.split(","):
            f()


if __name__ == "__main__":
    main()
