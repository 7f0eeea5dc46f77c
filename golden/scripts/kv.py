"""Goldens for KV-cache methods: kvpress on a tiny Llama, transformers caches, and op-level formulas.

python scripts/kv.py --out DIR --seed N      (needs torch, transformers>=4.56,<5.3, kvpress 0.5.5, optimum-quanto)
"""
import math
import os
import warnings

import numpy as np
import torch
import torch.nn.functional as F
import transformers
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM, QuantizedCache
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb, repeat_kv, rotate_half

import kvpress
from gold import arguments, jitter, write

warnings.filterwarnings("ignore")
kvpress.__version__ = "0.5.5"
LIBS = (transformers, kvpress)
SCRIPT = "kv.py"
N, FOLLOW, L, HQ, HKV, D = 128, 8, 3, 6, 2, 16
ORDER = ("kept.L is [kv heads, kept], positions in ascending order (topk's own order is by score); keys.L and values.L are in that "
         "order and post-RoPE; logits[t] follow each of the follow_ids fed one at a time at true positions n, n+1, ...")
a = None


def config(**kw):
    d = dict(vocab_size=128, hidden_size=32, intermediate_size=40, num_hidden_layers=L, num_attention_heads=HQ,
             num_key_value_heads=HKV, head_dim=D, max_position_embeddings=512, rms_norm_eps=1e-5, rope_theta=10000.0,
             tie_word_embeddings=True, bos_token_id=1, eos_token_id=2)
    d.update(kw)
    return LlamaConfig(**d)


def make(attn="sdpa", seed=0, **kw):
    torch.manual_seed(seed)
    c = config(**kw)
    c._attn_implementation = attn
    return jitter(LlamaForCausalLM(c), 0.22)


def weights(m):
    return {k: v for k, v in m.state_dict().items() if k != "lm_head.weight"}


def clean(c):
    d = c.to_dict()
    return {k: v for k, v in d.items() if not k.startswith("_")}


def spy(press):
    """Records the scores a ScorerPress computed, per layer."""
    scores = {}
    inner = press.score

    def score(module, *args, **kw):
        s = inner(module, *args, **kw)
        scores[module.layer_idx] = s.clone()
        return s
    press.score = score
    return scores


def decode(m, cache, follow, start):
    out = []
    for i, t in enumerate(follow[0]):
        r = m(input_ids=t.view(1, 1), past_key_values=cache, position_ids=torch.tensor([[start + i]]))
        out.append(r.logits[0, -1])
    return torch.stack(out)


def full_cache(m, ids):
    c = DynamicCache()
    m(input_ids=ids, past_key_values=c)
    return [(l.keys.clone(), l.values.clone()) for l in c.layers]


def margin(scores, k):
    """Smallest relative gap at the cut between kept and dropped."""
    s = scores.reshape(-1, scores.shape[-1]).double().sort(-1, descending=True).values
    if k >= s.shape[-1]:
        return 1.0
    return ((s[:, k - 1] - s[:, k]) / (s[:, k - 1].abs() + 1e-12)).min().item()


def draw(salt, need, n=N):
    """Token ids for which `need(ids)` is True, so that no cut lies within rounding of a tie."""
    for t in range(200):
        g = torch.Generator().manual_seed(a.seed * 100003 + salt * 1009 + t)
        ids = torch.randint(3, 128, (1, n), generator=g)
        follow = torch.randint(3, 128, (1, FOLLOW), generator=g)
        if need is None or need(ids):
            return ids, follow
    raise SystemExit(f"no input with a clear margin for salt {salt}")


def pressed(name, salt, build, about, *, attn="sdpa", options, model=None, run_model=None, cuts=None, start=None,
            tie_free=True, per_head=HKV):
    """One kvpress case: prefill under the press, then follow-up tokens one at a time."""
    m = model or make(attn, seed=a.seed + 7)
    rm = run_model or m

    def run(ids):
        press, inner = build()
        scores = spy(inner)
        c = DynamicCache()
        with press(rm):
            first = rm(input_ids=ids, past_key_values=c).logits[0, -1]
        return c, scores, first

    def clear(ids):
        if not tie_free:
            return True
        c, scores, _ = run(ids)
        for l, s in scores.items():
            k = cuts[l] if cuts else c.layers[l].keys.shape[2]
            if margin(s, k) < 5e-4:
                return False
        return True
    ids, follow = draw(salt, clear)
    full = full_cache(rm, ids)
    c, scores, first = run(ids)
    out = {"prefill_logits": first}
    for l in range(L):
        k, v = c.layers[l].keys, c.layers[l].values
        kept = []
        for h in range(per_head):
            if start:                 # re-rotated keys: the press sorts topk of its scores
                kept.append(scores[l][0, h].topk(k.shape[2]).indices.sort().values)
            else:                     # the position of a kept row is found through its (position-dependent) key row
                d = torch.cdist(k[0, h], full[l][0][0, h], compute_mode="donot_use_mm_for_euclid_dist")
                assert d.min(-1).values.max() < 1e-5
                kept.append(d.argmin(-1))
            assert (v[0, h] - full[l][1][0, h][kept[-1]]).abs().max() < 1e-5
        kept = torch.stack(kept)
        order = kept.argsort(-1)
        kept = kept.gather(-1, order)
        assert (kept[:, 1:] > kept[:, :-1]).all()
        out[f"kept.{l}"] = kept
        g = order[None, :, :, None].expand(1, -1, -1, D)
        out[f"keys.{l}"], out[f"values.{l}"] = k.gather(2, g)[0], v.gather(2, g)[0]
    if scores:
        out["scores"] = torch.stack([scores[l][0] for l in range(L)])
    begin = start(c) if start else ids.shape[1]
    out["logits"] = decode(rm, c, follow, begin)
    write(a.out, name, kind="kv.press", architecture="LlamaForCausalLM", about=about + " " + ORDER, seed=a.seed, script=SCRIPT,
          libs=LIBS, inputs=dict(input_ids=ids, follow_ids=follow), outputs=out, config=clean(m.config), weights=weights(m),
          options=options | {"first_follow_position": begin}, tolerances={"logits": (5e-4, 1e-3), "prefill_logits": (5e-4, 1e-3)})


def masked(name, salt, build, about, *, options, spied=True):
    """Presses that mask positions per head (AdaKV, DuoAttention) instead of dropping rows."""
    m = make("sdpa", seed=a.seed + 7)

    def run(ids):
        press, inner = build()
        scores = spy(inner) if spied else {}
        c = DynamicCache()
        with press(m):
            first = m(input_ids=ids, past_key_values=c).logits[0, -1]
        kept = torch.ones(L, HKV, ids.shape[1], dtype=torch.int64)
        for l, layer in enumerate(m.model.layers):
            b, h, s = layer.self_attn.masked_key_indices
            kept[l][h, s] = 0
        return c, scores, first, kept

    def clear(ids):          # no kept/dropped decision of the joint cut within rounding of a tie
        if not spied:
            return True
        c, scores, _, kept = run(ids)
        for l, s in scores.items():
            k, d = kept[l].bool(), ~kept[l].bool()
            low = torch.stack([s[0, h][k[h]].min() for h in range(HKV)])     # weakest kept per head
            high = torch.stack([s[0, h][d[h]].max() if d[h].any() else s.min() for h in range(HKV)])
            if ((low - high) / (low.abs() + 1e-12)).min() < 5e-4 or (low.max() - high.max()).abs() / low.max() < 5e-4:
                return False
        return True
    ids, follow = draw(salt, clear)
    c, scores, first, kept = run(ids)
    out = {"prefill_logits": first, "kept_mask": kept, "kept_per_head": kept.sum(-1)}
    if scores:
        out["scores"] = torch.stack([scores[l][0] for l in range(L)])
    out["logits"] = decode(m, c, follow, ids.shape[1])
    for layer in m.model.layers:
        layer.self_attn.masked_key_indices = None
    write(a.out, name, kind="kv.press_masked", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
          about=about + " kept_mask is [layers, kv heads, n], 1 = still attended; logits[t] follow each follow token fed one at a time "
          "at true positions (new tokens are always attended).",
          inputs=dict(input_ids=ids, follow_ids=follow), outputs=out, config=clean(m.config), weights=weights(m), options=options,
          tolerances={"logits": (5e-4, 1e-3), "prefill_logits": (5e-4, 1e-3)})


def expanded(m):
    """The same network as plain multi-head attention: every kv head repeated for its group."""
    e = make("sdpa", seed=1, num_key_value_heads=HQ)
    sd = {k: v.clone() for k, v in m.state_dict().items()}
    for k in list(sd):
        if "k_proj" in k or "v_proj" in k:
            w = sd[k].view(HKV, D, -1)
            sd[k] = w.repeat_interleave(HQ // HKV, 0).reshape(HQ * D, -1)
    e.load_state_dict(sd)
    return e.eval()


def scbench_pyramid(n, C, W, layers, beta):
    """Layer budgets as the SCBench code computes them (without the window)."""
    B = C - W
    if n < C:
        return None
    if n < 2 * B:
        return [B] * layers
    lo = B // beta
    hi = 2 * B - lo
    if hi >= n - W:
        hi = n - W
        lo = 2 * B - hi
    step = (hi - lo) // (layers - 1)
    return [hi - l * step for l in range(layers)]


class ScbenchPyramid(kvpress.SnapKVPress):
    budgets = ()

    def compress(self, module, hidden_states, keys, values, attentions, kwargs):
        s = self.score(module, hidden_states, keys, values, attentions, kwargs)
        i = s.topk(self.budgets[module.layer_idx] + self.window_size, dim=-1).indices
        i = i.unsqueeze(-1).expand(-1, -1, -1, module.head_dim)
        return keys.gather(2, i).contiguous(), values.gather(2, i).contiguous()


def press_cases():
    P = kvpress

    def same(make_press):
        def build():
            p = make_press()
            return p, p
        return build

    m = make(seed=a.seed + 7)
    ids, follow = draw(1, None)
    c = DynamicCache()
    first = m(input_ids=ids, past_key_values=c).logits[0]
    kv = {f"{n}.{l}": t[0] for l, (k, v) in enumerate(full_cache(m, ids)) for n, t in (("keys", k), ("values", v))}
    write(a.out, "full", kind="kv.press", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
          about="No compression: post-RoPE keys, values, prefill logits of the last position, and the logits after each follow token.",
          inputs=dict(input_ids=ids, follow_ids=follow), config=clean(m.config), weights=weights(m), options={"method": "full"},
          outputs=dict(prefill_logits=first[-1], logits=decode(m, c, follow, N)) | kv,
          tolerances={"logits": (5e-4, 1e-3), "prefill_logits": (5e-4, 1e-3)})

    pressed("snapkv", 2, same(lambda: P.SnapKVPress(0.5, window_size=8, kernel_size=5)),
            "kvpress SnapKV: window attention mean over the window, avg_pool1d (padding counted), mean over the group; the window's score is max+1.",
            options=dict(method="snapkv", compression_ratio=0.5, window_size=8, kernel_size=5))
    pressed("snapkv-wide", 3, same(lambda: P.SnapKVPress(0.75, window_size=16, kernel_size=7)),
            "kvpress SnapKV with a wider window and kernel, a quarter kept.",
            options=dict(method="snapkv", compression_ratio=0.75, window_size=16, kernel_size=7))
    base = make(seed=a.seed + 7)
    big = expanded(base)
    pressed("snapkv-qheads", 4, same(lambda: P.SnapKVPress(1 - 40 / N, window_size=8, kernel_size=5)),
            "SnapKV as SCBench stores it: selection per query head, so K/V are repeated to all 6 heads (kept.L, keys.L, values.L have 6 heads); "
            "capacity 40 including the window of 8. Computed by kvpress on the same network with kv heads repeated; scores are means over the "
            "window (the reference sums: same selection).",
            options=dict(method="snapkv", per_query_head=True, max_capacity_prompt=40, window_size=8, kernel_size=5),
            model=base, run_model=big, per_head=HQ)
    pressed("pyramidkv", 5, same(lambda: P.PyramidKVPress(0.5, window_size=8, kernel_size=5, beta=4)),
            "kvpress PyramidKV: SnapKV scores, layer budgets 112/64/16 (they include the window).",
            options=dict(method="pyramidkv", compression_ratio=0.5, window_size=8, kernel_size=5, beta=4))
    pressed("pyramidkv-fallback", 6, same(lambda: P.PyramidKVPress(0.5, window_size=8, kernel_size=5, beta=20)),
            "kvpress PyramidKV where the smallest budget would be below the window: it falls back to the uniform round(n*(1-ratio)).",
            options=dict(method="pyramidkv", compression_ratio=0.5, window_size=8, kernel_size=5, beta=20))
    bud = scbench_pyramid(N, 40, 8, L, 20)

    def build():
        p = ScbenchPyramid(0.5, window_size=8, kernel_size=5)
        p.budgets = bud
        return p, p
    pressed("pyramidkv-scbench", 7, build,
            "PyramidKV with SCBench's budget formula (imitated) on kvpress's SnapKV scores per query head: capacity 40, window 8, beta 20 "
            f"-> budgets {bud} plus the window.", model=base, run_model=big, per_head=HQ,
            options=dict(method="pyramidkv", per_query_head=True, max_capacity_prompt=40, window_size=8, kernel_size=5, beta=20, budgets=bud))
    pressed("streamingllm", 8, same(lambda: P.StreamingLLMPress(0.5, n_sink=4)),
            "kvpress StreamingLLM: first 4 and last 60 of 128; original positions.", tie_free=False,
            options=dict(method="streamingllm", compression_ratio=0.5, n_sink=4, n_init=4, n_local=60))
    pressed("streamingllm-short", 9, same(lambda: P.StreamingLLMPress(0.75, n_sink=8)),
            "kvpress StreamingLLM: first 8 and last 24 of 128 (SCBench's n_init 8, n_local 24).", tie_free=False,
            options=dict(method="streamingllm", compression_ratio=0.75, n_sink=8, n_init=8, n_local=24))

    def rer():
        i = P.StreamingLLMPress(0.5, n_sink=4)
        return P.KeyRerotationPress(i), i
    pressed("streamingllm-rerotated", 10, rer,
            "kvpress KeyRerotation of StreamingLLM: kept keys re-rotated to positions 0..63, decoding continues at 64.", tie_free=False,
            options=dict(method="streamingllm", rerotate=True, compression_ratio=0.5, n_sink=4), start=lambda c: c.get_seq_length())

    def rer2():
        i = P.SnapKVPress(0.5, window_size=8, kernel_size=5)
        return P.KeyRerotationPress(i), i
    pressed("snapkv-rerotated", 11, rer2,
            "kvpress KeyRerotation of SnapKV: per-head kept keys (sorted) re-rotated to 0..63, decoding continues at 64.",
            options=dict(method="snapkv", rerotate=True, compression_ratio=0.5, window_size=8, kernel_size=5),
            start=lambda c: c.get_seq_length())
    pressed("observed-attention", 12, same(lambda: P.ObservedAttentionPress(0.5)), attn="eager",
            about="kvpress ObservedAttention (H2O family): column sums of the prefill attention divided by the number of rows that could see "
            "the key, mean over the group.", options=dict(method="observed_attention", compression_ratio=0.5))
    pressed("tova", 13, same(lambda: P.TOVAPress(0.5)),
            "kvpress TOVA: the last token's attention, mean over ALL query heads, same choice in every kv head; the last token always stays.",
            options=dict(method="tova", compression_ratio=0.5))
    pressed("knorm", 14, same(lambda: P.KnormPress(0.5)), "kvpress Knorm: score = minus the L2 norm of the post-RoPE key.",
            options=dict(method="knorm", compression_ratio=0.5))
    pressed("keydiff", 15, same(lambda: P.KeyDiffPress(0.5)),
            "kvpress KeyDiff: minus the cosine of a key with the mean of the normalised keys.", options=dict(method="keydiff", compression_ratio=0.5))
    pressed("expected-attention", 16, same(lambda: P.ExpectedAttentionPress(0.5, n_future_positions=64, n_sink=4)),
            "kvpress ExpectedAttention: pre-RoPE query mean and covariance without the sinks, averaged RoPE over the next 64 positions, value norms.",
            options=dict(method="expected_attention", compression_ratio=0.5, n_future_positions=64, n_sink=4, use_covariance=True, use_vnorm=True,
                         epsilon=0.0))
    pressed("expected-attention-plain", 17, same(lambda: P.ExpectedAttentionPress(0.7, n_future_positions=512, n_sink=2, use_covariance=False,
                                                                                  use_vnorm=True, epsilon=0.02)),
            "kvpress ExpectedAttention without covariance, with epsilon 0.02.",
            options=dict(method="expected_attention", compression_ratio=0.7, n_future_positions=512, n_sink=2, use_covariance=False, use_vnorm=True,
                         epsilon=0.02))

    def per():
        i = P.KnormPress(0.0)
        return P.PerLayerCompressionPress(i, [0.25, 0.5, 0.8]), i
    pressed("per-layer", 18, per, "kvpress PerLayerCompression of Knorm: ratios 0.25, 0.5, 0.8.",
            options=dict(method="per_layer", press="knorm", compression_ratios=[0.25, 0.5, 0.8]))

    def chunk():
        i = P.SnapKVPress(0.5, window_size=8, kernel_size=5)
        return P.ChunkKVPress(i, chunk_length=10), i
    pressed("chunkkv", 19, chunk,
            "kvpress ChunkKV of SnapKV: chunks of 10 (the last has 8) ranked by score summed over kv heads and averaged over the chunk; same "
            "tokens in every head.", options=dict(method="chunkkv", press="snapkv", compression_ratio=0.5, window_size=8, kernel_size=5, chunk_length=10),
            tie_free=False)

    def ada():
        i = P.SnapKVPress(0.5, window_size=8, kernel_size=5)
        return P.AdaKVPress(i, alpha_safeguard=0.3), i
    masked("adakv-snapkv", 20, ada, "kvpress AdaKV over SnapKV: one cut over both kv heads, each head safe for 30% of its share.",
           options=dict(method="adakv", press="snapkv", compression_ratio=0.5, window_size=8, kernel_size=5, alpha_safeguard=0.3))

    def ada2():
        i = P.ExpectedAttentionPress(0.6, n_future_positions=64)
        return P.AdaKVPress(i, alpha_safeguard=0.2), i
    masked("adakv-expected", 21, ada2, "kvpress AdaKV over ExpectedAttention.",
           options=dict(method="adakv", press="expected_attention", compression_ratio=0.6, n_future_positions=64, n_sink=4, alpha_safeguard=0.2))

    heads = np.array([[0.9, 0.1], [0.3, 0.7], [0.2, 0.6]])

    class Duo(P.DuoAttentionPress):
        def post_init_from_model(self, model):
            self.sink_size, self.recent_size = 6, 20
            k = round(heads.size * self.head_compression_ratio)
            self.streaming_mask = torch.zeros(heads.shape, dtype=bool)
            self.streaming_mask[np.unravel_index(np.argsort(heads, axis=None)[:k], heads.shape)] = True

        def compress(self, module, *r):
            module.masked_key_indices = (torch.zeros(0, dtype=torch.long),) * 3
            return super().compress(module, *r)
    masked("duo-attention", 22, lambda: (Duo(head_compression_ratio=0.5), None), spied=False,
           about="kvpress DuoAttention with the head scores of `options` (the press's own downloads replaced): the 3 lowest of 6 heads are "
           "streaming (sink 6, recent 20), the others keep everything. NB: new tokens do not push out old recent ones.",
           options=dict(method="duo_attention", head_compression_ratio=0.5, sink_size=6, recent_size=20, head_scores=heads.tolist()))

    # ThinK: channels zeroed, nothing dropped
    m = make(seed=a.seed + 7)
    ids, follow = draw(23, None)
    c = DynamicCache()
    p = P.ThinKPress(key_channel_compression_ratio=0.5, window_size=16)
    with p(m):
        first = m(input_ids=ids, past_key_values=c).logits[0, -1]
    zero = torch.stack([(c.layers[l].keys[0].abs().sum(1) == 0).long() for l in range(L)])
    write(a.out, "think", kind="kv.press_channels", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
          about="kvpress ThinK: half of the key channels zeroed per kv head (mean q² over the last 16 queries and the group, times mean k²); "
          "zero_channels is [layers, kv heads, head_dim]; later tokens keep all channels.",
          inputs=dict(input_ids=ids, follow_ids=follow), config=clean(m.config), weights=weights(m),
          options=dict(method="think", key_channel_compression_ratio=0.5, window_size=16),
          outputs=dict(prefill_logits=first, zero_channels=zero, **{f"keys.{l}": c.layers[l].keys[0].clone() for l in range(L)},
                       logits=decode(m, c, follow, N)), tolerances={"logits": (5e-4, 1e-3), "prefill_logits": (5e-4, 1e-3)})

    # compression while decoding
    ids, _ = draw(24, None, n=96)
    follow = torch.randint(3, 128, (1, 24), generator=torch.Generator().manual_seed(a.seed * 31 + 5))
    c, lens, out = DynamicCache(), [], []
    m(input_ids=ids, past_key_values=c)
    p = P.DecodingPress(base_press=P.KnormPress(), compression_interval=5, target_size=64, hidden_states_buffer_size=8)
    with p(m):
        for i, t in enumerate(follow[0]):
            out.append(m(input_ids=t.view(1, 1), past_key_values=c, position_ids=torch.tensor([[96 + i]])).logits[0, -1])
            lens.append(c.get_seq_length())
    write(a.out, "decoding-knorm", kind="kv.press_decoding", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
          about="kvpress DecodingPress over Knorm: after every 5 decoded tokens the cache is cut to 64; lengths[t] is the stored length after token t; "
          "true positions throughout.", inputs=dict(input_ids=ids, follow_ids=follow), config=clean(m.config), weights=weights(m),
          options=dict(method="decoding", press="knorm", compression_interval=5, target_size=64),
          outputs=dict(logits=torch.stack(out), lengths=torch.tensor(lens)), tolerances={"logits": (5e-4, 1e-3)})

    # two-level cache: a generated answer is thrown away, the golden one kept
    g = torch.Generator().manual_seed(a.seed * 77 + 3)
    ctx, q1, gen, golden, q2 = (torch.randint(3, 128, (1, n), generator=g) for n in (60, 7, 5, 6, 9))
    c = DynamicCache()
    m(input_ids=torch.cat([ctx, q1], 1), past_key_values=c)
    t1 = decode(m, c, gen, 67)
    c.crop(67)
    after = torch.cat([golden, q2], 1)
    t2 = m(input_ids=after, past_key_values=c).logits[0]
    want = m(input_ids=torch.cat([ctx, q1, golden, q2], 1)).logits[0, 67:]
    assert (t2 - want).abs().max() < 1e-4
    write(a.out, "two-level", kind="kv.two_level", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
          about="Golden history: context+question 1, generated tokens fed and then rolled back (crop), golden answer + question 2 fed as one block; "
          "logits_turn2 equal a fresh full forward over context, question 1, golden, question 2.",
          inputs=dict(context=ctx, question1=q1, generated=gen, golden=golden, question2=q2), config=clean(m.config), weights=weights(m),
          outputs=dict(logits_generated=t1, logits_turn2=t2), tolerance=(5e-4, 1e-3))

    # budgets only
    cases = []
    for n, r, w, b, ly in [(128, .5, 8, 4, 3), (128, .5, 8, 20, 3), (1000, .5, 32, 20, 32), (4096, .75, 64, 20, 32), (4096, .9, 64, 20, 32),
                           (8192, .9, 32, 5, 28), (200, .3, 16, 2, 4), (100, .1, 8, 20, 1), (50, .98, 4, 20, 6), (131072, .96875, 32, 20, 32),
                           (777, .37, 16, 3, 7), (300, .5, 10, 1, 5)]:
        press = P.PyramidKVPress(r, window_size=w, beta=b)
        row = []
        for l in range(ly):
            mod = type("M", (), dict(config=type("C", (), dict(num_hidden_layers=ly))(), layer_idx=l))()
            row.append(press.get_layer_budget(mod, n))
        cases.append(dict(rule="kvpress", n=n, compression_ratio=r, window_size=w, beta=b, layers=ly, expected=row))
    for n, C, w, b, ly in [(131072, 4096, 32, 20, 32), (128, 40, 8, 20, 3), (4095, 4096, 32, 20, 32), (6000, 4096, 32, 20, 32), (8128, 4096, 32, 20, 32),
                           (9000, 4096, 32, 20, 32), (8200, 4096, 32, 20, 24), (300, 64, 16, 7, 6), (130, 70, 8, 3, 5), (4096, 1024, 64, 20, 28)]:
        x = scbench_pyramid(n, C, w, ly, b)
        cases.append(dict(rule="scbench", n=n, max_capacity_prompt=C, window_size=w, beta=b, layers=ly, keep_all=x is None,
                          expected=x or [n] * ly))
    write(a.out, "pyramidkv-budgets", kind="kv.budgets", architecture="", seed=a.seed, script=SCRIPT, libs=LIBS, cases=cases,
          about="Layer budgets. rule=kvpress: PyramidKVPress.get_layer_budget (includes the window; Python's round half to even). rule=scbench: "
          "the SCBench formula, imitated (without the window, keep_all when n < C).")


# ---------------------------------------------------------------------------------------------- op level
def rnd(g, *s):
    return torch.randn(*s, generator=g)


def sdpa(q, k, v, mask):
    """q [H,n,d], k/v [Hkv,m,d], mask [n,m] or [H,n,m] bool."""
    r = q.shape[0] // k.shape[0]
    return F.scaled_dot_product_attention(q[None], k.repeat_interleave(r, 0)[None], v.repeat_interleave(r, 0)[None],
                                          attn_mask=mask if mask.ndim == 2 else mask[None])[0]


def a_shape(n, init, local):
    i, j = torch.arange(n)[:, None], torch.arange(n)[None]
    return (j <= i) & ((i - j < local) | ((j < init) & (n > local)))


def tri_shape(n, init, local, last):
    r = min(last, n - 1)
    m = torch.tril(torch.ones(n, n, dtype=torch.bool))
    m[: n - r, : n - r] = a_shape(n - r, init, local)
    return m


def op(name, about, options, inputs, outputs, kind="kv.attention", tol=(2e-5, 1e-4), **kw):
    write(a.out, name, kind=kind, architecture="", about=about, seed=a.seed, script=SCRIPT, libs=(transformers,), options=options,
          inputs=inputs, outputs=outputs, tolerance=tol, **kw)


class Tie(Exception):
    pass


def top(scores, k):
    """topk whose cut is not within rounding of a tie."""
    v, i = scores.topk(min(k + 1, scores.shape[-1]), -1)
    if k < scores.shape[-1]:
        x, y = v[..., k - 1], v[..., k]
        ok = torch.isinf(y) | ((x - y) > 2e-4 * x.abs().clamp(min=1e-6))
        if not ok.all():
            raise Tie
    return i[..., :k]


def kernel_ranges(columns, distances, R, block=64):
    """The walk of MInference's convert_vertical_slash_indexes: (key ranges, single columns) of the row block at R.
    columns ascending, distances descending. An overlapping range extends the running one by a whole block."""
    E = R + block
    cols, ranges = [], []
    d = [max(E - x, block) for x in distances if x < E]
    lo, hi, s, v = d[0] - block, d[0], 1, 0
    while True:
        if v < len(columns) and columns[v] < hi:
            if columns[v] < lo:
                cols.append(columns[v])
            v += 1
        elif s < len(d):
            e = d[s]
            s += 1
            if e > hi + block:
                ranges.append((lo, hi))
                lo, hi = e - block, e
            elif e > hi:
                hi += block
        else:
            ranges.append((lo, hi))
            return ranges, cols


def pattern_cases(salt=1):
    g = torch.Generator().manual_seed(a.seed * 13 + salt * 7919)
    ins, outs = {}, {}
    for n in (1, 24, 25, 79):
        q, k, v = rnd(g, 4, n, D) * 1.5, rnd(g, 2, n, D), rnd(g, 2, n, D)
        ins |= {f"q.{n}": q, f"k.{n}": k, f"v.{n}": v}
        m = a_shape(n, 4, 24)
        outs |= {f"out.{n}": sdpa(q, k, v, m), f"kept_per_row.{n}": m.sum(-1)}
        want = torch.tensor([min(i + 1, 24 + max(0, min(4, i + 1 - 24))) for i in range(n)])
        assert (m.sum(-1) == want).all()
    op("a-shape", "A-shape prefill by SCBench's rule as a dense mask over torch SDPA (imitated): keep j<=i and (i-j<24 or j<4); n<=24 is plain causal.",
       dict(n_init=4, n_local=24), ins, outs)
    ins, outs = {}, {}
    for n in (2, 9, 40, 79):
        q, k, v = rnd(g, 4, n, D) * 1.5, rnd(g, 2, n, D), rnd(g, 2, n, D)
        ins |= {f"q.{n}": q, f"k.{n}": k, f"v.{n}": v}
        m = tri_shape(n, 4, 24, 8)
        outs |= {f"out.{n}": sdpa(q, k, v, m), f"kept_per_row.{n}": m.sum(-1)}
    op("tri-shape", "Tri-shape prefill (imitated): r=min(8,n-1) bottom rows dense causal, the rest A-shape over the first n-r keys.",
       dict(n_init=4, n_local=24, n_last=8), ins, outs)

    # vertical-slash: estimation with the last `last_q` rows, then a per-64-row-block union
    n, H, lastq = 330, 2, 64
    q, k, v = rnd(g, H, n, D) * 2, rnd(g, H, n, D), rnd(g, H, n, D)
    k[0, 37] *= 3
    k[1, 61] *= 3
    V, S, fc, fd = 12, 9, 4, 3
    est = (q[:, -lastq:] @ k.transpose(1, 2)) / math.sqrt(D)
    rows = torch.arange(n - lastq, n)[:, None]
    est = est.masked_fill(torch.arange(n)[None] > rows, float("-inf")).softmax(-1)
    vert = est.sum(1)
    slash = torch.zeros(H, n)
    for i in range(lastq):
        for j in range(n - lastq + i + 1):
            slash[:, (n - lastq + i) - j] += est[:, i, j]
    vr, sr = vert.clone(), slash.clone()
    vr[:, :fc] = float("inf")
    sr[:, :fd] = float("inf")
    vi = top(vr, max(V, fc)).sort(-1).values
    si = top(sr, S).sort(-1).values
    tril = torch.tril(torch.ones(n, n, dtype=torch.bool))
    kernel, union, exact = (torch.zeros(H, n, n, dtype=torch.bool) for _ in range(3))
    ii, jj = torch.arange(n)[:, None], torch.arange(n)[None].expand(n, n)
    for h in range(H):
        cols, dist = vi[h].tolist(), si[h].flip(0).tolist()
        exact[h] = torch.isin(ii - jj, si[h]) | torch.isin(jj, vi[h])
        for R in range(0, n, 64):
            ranges, single = kernel_ranges(cols, dist, R)
            for lo, hi in ranges:
                kernel[h, R:R + 64, lo:hi] = True
            kernel[h, R:R + 64, single] = True
            for d in dist:
                if d < R + 64:
                    hi = max(R + 64 - d, 64)
                    union[h, R:R + 64, hi - 64:hi] = True
            union[h, R:R + 64, cols] = True
    kernel, union, exact = kernel & tril, union & tril, exact & tril
    if (kernel == union).all():
        raise Tie          # the case must tell them apart
    op("vertical-slash", "MInference vertical-slash (imitated): scores from the last 64 rows, forced first 4 columns and nearest 3 diagonals (toy sizes), "
       "top 12 columns and 9 distances. `out_kernel`: the key ranges and columns that the released index kernel builds per 64-row block, where an "
       "overlapping range extends the running range by a WHOLE 64 block; `out_union`: plain union of [max(E-d,64)-64, max(E-d,64)) and the columns; "
       "`out_exact`: only the named columns and diagonals. All causal; kept_* count keys per row.",
       dict(vertical=V, slash=S, forced_columns=fc, forced_diagonals=fd, last_q=lastq, block=64),
       dict(q=q, k=k, v=v), dict(vertical_scores=vert, slash_scores=slash, vertical_indices=vi, slash_indices=si,
                                 kept_kernel=kernel.long().sum(-1), kept_union=union.long().sum(-1), kept_exact=exact.long().sum(-1),
                                 out_kernel=sdpa(q, k, v, kernel), out_union=sdpa(q, k, v, union), out_exact=sdpa(q, k, v, exact)))
    # block sparse
    n, H, bs, blocks = 200, 2, 16, 4
    q, k, v = rnd(g, H, n, D), rnd(g, H, n, D), rnd(g, H, n, D)
    nb = (n + bs - 1) // bs
    pad = nb * bs - n
    qp = F.pad(q, (0, 0, 0, pad)).view(H, nb, bs, D).mean(2)
    kp = F.pad(k, (0, 0, 0, pad)).view(H, nb, bs, D).mean(2)
    s = qp @ kp.transpose(1, 2)
    causal = torch.tril(torch.ones(nb, nb, dtype=torch.bool))
    s = s.masked_fill(~causal, float("-inf"))
    idx = top(s, blocks)
    bm = torch.zeros(H, nb, nb, dtype=torch.bool).scatter_(-1, idx, True) & causal
    empty = ~(bm.any(-1))
    assert not empty.any()
    m = bm.repeat_interleave(bs, 1).repeat_interleave(bs, 2)[:, :n, :n] & torch.tril(torch.ones(n, n, dtype=torch.bool))
    bad = ~m.any(-1)
    m[bad] = torch.eye(n, dtype=torch.bool).expand(H, n, n)[bad]
    op("block-sparse", "MInference block-sparse (imitated): mean-pooled 16-blocks (the last block padded with zeros and divided by 16), raw dot "
       "product, causal over blocks, top 4 blocks per block row, causal inside; block_mask is [heads, row block, key block]. A row whose chosen "
       "blocks hold no key at or before it attends itself (rows_without_key counts them).",
       dict(block=bs, top=blocks), dict(q=q, k=k, v=v), dict(block_mask=bm.long(), out=sdpa(q, k, v, m), rows_without_key=bad.sum(-1)))

    # Quest
    n, H, Hk, page = 101, 4, 2, 8
    q, k, v = rnd(g, H, 3, D) * 1.5, rnd(g, Hk, n, D), rnd(g, Hk, n, D)
    np_ = (n + page - 1) // page
    kx = torch.stack([k[:, i * page:(i + 1) * page].amax(1) for i in range(np_)], 1)
    kn = torch.stack([k[:, i * page:(i + 1) * page].amin(1) for i in range(np_)], 1)
    r = H // Hk
    KX, KN = kx.repeat_interleave(r, 0), kn.repeat_interleave(r, 0)
    bound = torch.maximum(q[:, :, None] * KX[:, None], q[:, :, None] * KN[:, None]).sum(-1)
    true = q @ k.repeat_interleave(r, 0).transpose(1, 2)
    outs = dict(page_max=kx, page_min=kn, bound=bound)
    for budget in (16, 40, 200):
        pos = torch.arange(n - 3, n)
        b = bound.clone()
        b[:, torch.arange(np_)[None] * page > pos[:, None]] = float("-inf")
        t = min(max(3, budget // page), np_)
        pick = top(b, t)
        pm = torch.zeros(H, 3, np_, dtype=torch.bool).scatter_(-1, pick, True)
        m = pm.repeat_interleave(page, -1)[..., :n] & (torch.arange(n)[None] <= pos[:, None])
        outs |= {f"pages.{budget}": pm.long(), f"out.{budget}": sdpa(q, k, v, m)}
    pagemax = torch.stack([true[..., i * page:(i + 1) * page].amax(-1) for i in range(np_)], -1)
    assert (bound + 1e-4 >= pagemax).all()
    op("quest", "Quest (imitated): per page of 8 keys channel-wise max/min, bound = sum of max(q*M, q*m) per row (not /sqrt(d)), top max(3, budget/8) "
       "pages per query head and row, exact causal softmax over their keys; the 3 query rows are at positions 98..100 of 101 keys; the last page "
       "holds 5 keys.", dict(page=page, budgets=[16, 40, 200], min_pages=3, query_positions=[98, 99, 100]), dict(q=q, k=k, v=v), outs)

    # exact top-k retrieval + static set, LSE merge
    n, H, Hk, sink, recent = 120, 4, 2, 6, 16
    q, k, v = rnd(g, H, 1, D) * 1.5, rnd(g, Hk, n, D), rnd(g, Hk, n, D)
    K, Vv = k.repeat_interleave(r, 0), v.repeat_interleave(r, 0)
    s = (q @ K.transpose(1, 2))[:, 0] / math.sqrt(D)
    static = torch.zeros(n, dtype=torch.bool)
    static[:sink] = True
    static[n - recent:] = True
    outs = {}
    for few in (5, 20, 98):
        idx = top(s.masked_fill(static, float("-inf")), few).sort(-1).values
        s1 = s.gather(-1, idx)
        v1 = Vv.gather(1, idx[..., None].expand(-1, -1, D))
        l1 = s1.logsumexp(-1)
        o1 = (s1.softmax(-1)[:, None] @ v1)[:, 0]
        s2 = s[:, static]
        l2 = s2.logsumexp(-1)
        o2 = (s2.softmax(-1)[:, None] @ Vv[:, static])[:, 0]
        l = l1 + torch.log1p((l2 - l1).exp())
        o = (l1 - l).exp()[:, None] * o1 + (l2 - l).exp()[:, None] * o2
        m = static.expand(H, n).clone().scatter_(-1, idx, True)
        assert torch.allclose(o, sdpa(q, k, v, m[:, None])[:, 0], atol=1e-5)
        outs |= {f"retrieved.{few}": idx, f"lse_retrieved.{few}": l1, f"lse_static.{few}": l2, f"lse.{few}": l, f"out.{few}": o}
    op("retrieval-attention", "RetrievalAttention with an exact inner-product index (imitated): static set = first 6 and last 16 keys, top-k of the others "
       "per query head, the two parts merged by log-sum-exp; top 98 = everything, equals dense.",
       dict(sink=sink, recent=recent, top_k=[5, 20, 98]), dict(q=q, k=k, v=v), outs)
    # H2O selection
    n, H, Hk, keep = 90, 6, 2, 30
    q, k = rnd(g, H, n, D) * 1.5, rnd(g, Hk, n, D)
    att = (q @ k.repeat_interleave(3, 0).transpose(1, 2) / math.sqrt(D)).masked_fill(~torch.tril(torch.ones(n, n, dtype=torch.bool)), float("-inf")).softmax(-1)
    col = att.sum(1)
    sel = lambda c: torch.cat([top(c[:, : n - keep // 2], keep - keep // 2).sort(-1).values,
                               torch.arange(n - keep // 2, n).expand(c.shape[0], -1)], -1)
    op("h2o", "H2O selection after prefill (imitated): accumulated attention column sums (not divided by rows), half the budget to the most recent "
       "tokens, half to the heaviest of the rest; per query head and per kv head (mean over the group); positions ascending.",
       dict(budget=keep, recent=keep // 2), dict(q=q, k=k),
       dict(column_sums=col, kept_query_heads=sel(col), kept_kv_heads=sel(col.view(Hk, 3, n).mean(1))), kind="kv.selection")


def pack(codes, bits, dim):
    per = 32 // bits
    c = codes.movedim(dim, -1).to(torch.int64)
    c = c.reshape(*c.shape[:-1], -1, per)
    w = (c << (torch.arange(per) * bits)).sum(-1)
    return w.movedim(-1, dim).contiguous()


def quant(x, bits, group, dim):
    """min/max affine codes in groups along `dim`."""
    top = 2 ** bits - 1
    y = x.movedim(dim, -1)
    y = y.reshape(*y.shape[:-1], -1, group)
    mn, mx = y.amin(-1, keepdim=True), y.amax(-1, keepdim=True)
    scale = (mx - mn) / top
    safe = torch.where(scale == 0, torch.ones_like(scale), scale)
    code = ((y - mn) / safe).clamp(0, top).round()
    deq = code * scale + mn
    back = lambda t: t.reshape(*t.shape[:-2], -1).movedim(-1, dim).contiguous()
    one = lambda t: t.squeeze(-1).movedim(-1, dim).contiguous()
    return back(code), one(scale), one(mn), back(deq)


def kivi_cases():
    G, R, d = 32, 32, 64
    for bits in (2, 4, 8):
        g = torch.Generator().manual_seed(a.seed * 17 + bits)
        ins, outs = {}, {}
        for n in (75, 32, 20):
            while True:
                k, v = rnd(g, 2, n, d), rnd(g, 2, n, d)
                k[:, :, 5] *= 8
                k[:, :, 17] += 6
                v[:, n // 2] *= 4
                if n == 75:
                    k[0, :32, 9] = 0.75          # a constant group
                nk, nv = n - n % R, max(0, n - R)
                # no code within 1e-4 of a rounding tie
                ok = True
                for x, dim in ((k[:, :nk], 1), (v[:, :nv], 2)):
                    if x.numel():
                        y = x.movedim(dim, -1).reshape(-1, G)
                        sc = (y.amax(-1, keepdim=True) - y.amin(-1, keepdim=True)) / (2 ** bits - 1)
                        t = (y - y.amin(-1, keepdim=True)) / sc.clamp(min=1e-9)
                        ok &= ((t - t.floor()) - 0.5).abs().min().item() > 2e-6
                if ok:
                    break
            q = rnd(g, 4, 1, d)
            ins |= {f"q.{n}": q, f"k.{n}": k, f"v.{n}": v}
            kd, vd = k.clone(), v.clone()
            if nk:
                c, s, z, dq = quant(k[:, :nk], bits, G, 1)
                kd[:, :nk] = dq
                outs |= {f"k_packed.{n}": pack(c, bits, 1), f"k_scale.{n}": s, f"k_zero.{n}": z}
            if nv:
                c, s, z, dq = quant(v[:, :nv], bits, G, 2)
                vd[:, :nv] = dq
                outs |= {f"v_packed.{n}": pack(c, bits, 2), f"v_scale.{n}": s, f"v_zero.{n}": z}
            outs |= {f"k_dequant.{n}": kd, f"v_dequant.{n}": vd,
                     f"out.{n}": sdpa(q, kd, vd, torch.ones(1, n, dtype=torch.bool)),
                     f"quantized.{n}": torch.tensor([nk, nv]),
                     f"stored_bits.{n}": torch.tensor([2 * d * bits * (nk + nv) + 32 * 2 * (2 * d * (nk // G) + 2 * nv * (d // G))
                                                       + 32 * 2 * d * (2 * n - nk - nv)])}
        src = "the formula of the description (imitated; codes and packing agree with KIVI's own quant_and_pack_kcache and quant_and_pack_vcache, except the constant group, where that code divides by zero)"
        op(f"kivi-{bits}bit", f"KIVI {bits}-bit by {src}: K [2 kv heads, n, 64] per channel in groups of 32 tokens for the first n - n mod 32 tokens, "
           "V per token in groups of 32 channels for all but the last 32 tokens; packed = 32-bit words, lowest code in the lowest bits, K packed along "
           "tokens, V along channels, stored as unsigned values in int64; out = decode attention of 4 query heads over dequantised | full; a constant "
           "group (n=75, head 0, channel 9) has scale 0 and code 0. stored_bits counts codes, fp32 scale and zero, fp32 residual.",
           dict(bits=bits, group_size=G, residual_length=R), ins, outs, kind="kv.quantized")
        yield bits
    # model level: prefill exact, stored K/V quantised, decoding over them; appended K/V stay exact
    m = make(seed=a.seed + 7)
    for bits in (2, 4):
        ids, follow = draw(40 + bits, None, n=100)
        c = DynamicCache()
        first = m(input_ids=ids, past_key_values=c).logits[0, -1]
        outs = {"prefill_logits": first}
        for l in range(L):
            k, v = c.layers[l].keys[0].clone(), c.layers[l].values[0].clone()
            nk, nv = 100 - 100 % 16, 100 - 16
            k[:, :nk] = quant(k[:, :nk], bits, 16, 1)[3]
            v[:, :nv] = quant(v[:, :nv], bits, 16, 2)[3]
            c.layers[l].keys, c.layers[l].values = k[None].contiguous(), v[None].contiguous()
            outs |= {f"keys.{l}": k, f"values.{l}": v}
        outs["logits"] = decode(m, c, follow, 100)
        write(a.out, f"kivi-model-{bits}bit", kind="kv.quantized_model", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
              about=f"KIVI {bits}-bit inside the model (quantiser imitated): exact prefill, then post-RoPE keys (groups of 16 tokens) and values (groups "
              "of 16 channels) replaced by their dequantised codes with residual 16; the follow tokens' K/V are never quantised.",
              inputs=dict(input_ids=ids, follow_ids=follow), config=clean(m.config), weights=weights(m), outputs=outs,
              options=dict(bits=bits, group_size=16, residual_length=16),
              tolerances={"logits": (2e-3, 5e-3), "prefill_logits": (5e-4, 1e-3), **{f"{x}.{l}": (2e-2, 2e-2) for x in ("keys", "values") for l in range(L)}})


def quanto_cases():
    m = make(seed=a.seed + 7)
    for bits in (2, 4):
        ids, follow = draw(60 + bits, None, n=96)
        try:
            c = QuantizedCache("quanto", m.config, nbits=bits, axis_key=0, axis_value=0, q_group_size=64, residual_length=24)
        except Exception as e:
            print("quanto not available:", e)
            return
        first = m(input_ids=ids, past_key_values=c).logits[0, -1]
        outs = {"prefill_logits": first}
        for l, layer in enumerate(c.layers):
            outs[f"keys.{l}"] = layer._dequantize(layer._quantized_keys)[0].clone()
            outs[f"values.{l}"] = layer._dequantize(layer._quantized_values)[0].clone()
        outs["logits"] = decode(m, c, follow, 96)
        write(a.out, f"quanto-cache-{bits}bit", kind="kv.quantized_model", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
              about=f"transformers QuantizedCache (quanto, {bits} bit, axis 0, group 64): after prefill ALL keys and values are quantised, each run of 64 "
              "consecutive numbers of [1, kv heads, n, head_dim] sharing scale and shift; later tokens stay exact until 24 of them are held, then "
              "everything is dequantised, joined and quantised again (not reached here).",
              inputs=dict(input_ids=ids, follow_ids=follow), config=clean(m.config), weights=weights(m), outputs=outs,
              options=dict(backend="quanto", bits=bits, axis=0, group_size=64, residual_length=24),
              tolerances={"logits": (5e-3, 1e-2), "prefill_logits": (5e-4, 1e-3), **{f"{x}.{l}": (2e-2, 2e-2) for x in ("keys", "values") for l in range(L)}})


# ---------------------------------------------------------------------------------------------- CacheBlend
def rotate(x, cos, sin):
    return x * cos + rotate_half(x) * sin


def blend_cases():
    m = make(seed=a.seed + 7)
    rope = m.model.rotary_emb
    g = torch.Generator().manual_seed(a.seed * 19 + 2)

    def cs(pos):
        c, s = rope(torch.zeros(1), pos[None])
        return c[0], s[0]
    raw = rnd(g, 2, 30, D)
    p = torch.arange(5, 35)
    ins, outs = dict(pre_rope_keys=raw, positions=p), {}
    for delta in (0, 1, 17, 200, -5):
        k0 = rotate(raw, *cs(p))
        c, s = cs(torch.full((30,), delta))
        moved = rotate(k0, c, s)
        want = rotate(raw, *cs(p + delta))
        assert torch.allclose(moved, want, atol=2e-4)
        outs[f"keys_moved.{delta}"] = want
    outs["keys"] = rotate(raw, *cs(p))
    op("rope-rerotation", "Moving cached keys: keys rotated at positions 5..34 and rotated again by delta equal keys rotated at p+delta (half-split RoPE of "
       "transformers' Llama, theta 10000); out.keys_moved.DELTA is the direct computation.", dict(deltas=[0, 1, 17, 200, -5], theta=10000.0, head_dim=D),
       ins, outs, kind="kv.rope", tol=(3e-4, 1e-4))

    # three cached chunks and a fresh suffix
    lens = [32, 32, 24]
    ids = torch.randint(3, 128, (1, sum(lens) + 10), generator=g)
    n, cached = ids.shape[1], sum(lens)
    ck = [torch.zeros(HKV, n, D) for _ in range(L)]
    cv = [torch.zeros(HKV, n, D) for _ in range(L)]
    at = 0
    for ln in lens:
        for l, (k, v) in enumerate(full_cache(m, ids[:, at:at + ln])):
            c, s = cs(torch.full((ln,), at))
            ck[l][:, at:at + ln], cv[l][:, at:at + ln] = rotate(k[0], c, s), v[0]
        at += ln
    cos, sin = cs(torch.arange(n))

    def run(ratio):
        h = m.model.embed_tokens(ids)[0]
        rows = torch.arange(n)
        ks, vs, dev = [], [], None
        for l, layer in enumerate(m.model.layers):
            x = layer.input_layernorm(h)
            at_ = layer.self_attn
            q = at_.q_proj(x).view(len(rows), HQ, D).transpose(0, 1)
            k = rotate(at_.k_proj(x).view(len(rows), HKV, D).transpose(0, 1), cos[rows], sin[rows])
            v = at_.v_proj(x).view(len(rows), HKV, D).transpose(0, 1)
            if l == 0:
                K, V = k, v
            else:
                if l == 1:
                    dev = (v - cv[1]).pow(2).mean((0, 2))
                    top = dev[:cached].topk(int(ratio * cached)).indices
                    rows = torch.cat([top.sort().values, torch.arange(cached, n)])
                    q, k, v, h = q[:, rows], k[:, rows], v[:, rows], h[rows]
                K, V = ck[l].clone(), cv[l].clone()
                K[:, rows], V[:, rows] = k, v
            q = rotate(q, cos[rows], sin[rows])
            mask = torch.arange(n)[None] <= rows[:, None]
            o = sdpa(q, K, V, mask).transpose(0, 1).reshape(len(rows), HQ * D)
            h = h + at_.o_proj(o)
            h = h + layer.mlp(layer.post_attention_layernorm(h))
            ks.append(K)
            vs.append(V)
        return m.lm_head(m.model.norm(h))[-10:], rows, dev, ks, vs
    outs = {}
    full = m(input_ids=ids).logits[0, -10:]
    for ratio in (0.0, 0.15, 0.5, 1.0):
        lg, rows, dev, ks, vs = run(ratio)
        outs |= {f"logits.{ratio}": lg, f"recomputed.{ratio}": rows}
        if ratio == 1.0:
            assert (lg - full).abs().max() < 2e-4
        if ratio == 0.15:
            outs |= {f"keys.{l}": ks[l] for l in range(L)} | {f"values.{l}": vs[l] for l in range(L)}
    outs["deviation"] = dev[:cached]
    write(a.out, "cacheblend", kind="kv.blend", architecture="LlamaForCausalLM", seed=a.seed, script=SCRIPT, libs=LIBS,
          about="CacheBlend by the description's rules (imitated, built from transformers' layers): chunks of 32, 32 and 24 tokens cached alone and re-rotated to "
          "their place, 10 fresh tokens after them; layer 0 recomputes all tokens; at layer 1 fresh V of all tokens against cached V gives `deviation` "
          "(mean of squares over heads and dims), the top floor(ratio*88) cached tokens plus the fresh ones are `recomputed`, and from layer 1's "
          "attention on only those rows run, their K/V overwriting the cached ones; logits of the 10 fresh tokens; ratio 1 equals a full forward; "
          "keys.L/values.L are the blended cache at ratio 0.15.",
          inputs=dict(input_ids=ids), config=clean(m.config), weights=weights(m), outputs=outs,
          options=dict(chunks=lens, fresh=10, ratios=[0.0, 0.15, 0.5, 1.0]), tolerance=(1e-3, 1e-3))


def main():
    global a
    a = arguments(1)
    press_cases()
    for salt in range(1, 100):
        try:
            pattern_cases(salt)
            break
        except Tie:
            continue
    list(kivi_cases())
    quanto_cases()
    blend_cases()


if __name__ == "__main__":
    main()
