"""Goldens of image, text and audio encoders and of the projectors behind them (group `encoders/`).

python scripts/encoders.py --out DIR --seed N [--variant heldout] [--only NAME,NAME]
python scripts/encoders.py --check DIR        re-loads every case from its files and compares
"""
import argparse, json, logging, os, re, sys, tempfile, warnings
warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
import torch
import torch.nn.functional as F
import transformers as tr
from safetensors.torch import load_file
from transformers.models.idefics2 import modeling_idefics2
from transformers.models.idefics2.configuration_idefics2 import Idefics2PerceiverConfig
from transformers.models.internvl.modeling_internvl import InternVLModel
from transformers.models.llava.modeling_llava import LlavaMultiModalProjector
from transformers.models.t5.modeling_t5 import T5Attention
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gold

tr.logging.set_verbosity_error()
tr.logging.disable_progress_bar()
logging.disable(logging.WARNING)
HELDOUT = False


def v(normal, heldout):
    """The size used in the public case, or in the held-out variant of it."""
    return heldout if HELDOUT else normal


# ---------------------------------------------------------------- key names
def add_prefix(prefix):
    return lambda w: {prefix + k: t for k, t in w.items()}


def llava_hf_names(w):
    """llava-hf checkpoints: transformers 5 dropped the inner `vision_model.` of the CLIP tower; the released files have it."""
    return {re.sub(r"^vision_tower\.(?!vision_model\.)", "vision_tower.vision_model.", k): t for k, t in w.items()}


def llava_llama_names(w):
    """llava-hf names -> names of the original LLaVA code (model_type llava_llama)."""
    out = {}
    for k, t in w.items():
        k = re.sub(r"^vision_tower\.(vision_model\.)?", "model.vision_tower.vision_tower.vision_model.", k)
        k = k.replace("multi_modal_projector.linear_1.", "model.mm_projector.0.").replace(
            "multi_modal_projector.linear_2.", "model.mm_projector.2.")
        k = re.sub(r"^language_model\.", "", k)
        out[k] = t
    return out


def llava_llama_back(w):
    out = {}
    for k, t in w.items():
        if k.startswith("model.vision_tower.vision_tower.vision_model."):
            k = k.replace("model.vision_tower.vision_tower.vision_model.", "vision_tower.")
        elif k.startswith("model.mm_projector."):
            k = k.replace("model.mm_projector.0.", "multi_modal_projector.linear_1.").replace(
                "model.mm_projector.2.", "multi_modal_projector.linear_2.")
        else:
            k = "language_model." + k
        out[k] = t
    return out


INTERNVIT = [("embeddings.cls_token", "embeddings.class_embedding"),
             ("embeddings.patch_embeddings.projection.", "embeddings.patch_embedding."),
             ("embeddings.position_embeddings", "embeddings.position_embedding"),
             ("encoder.layer.", "encoder.layers."), (".attention.projection_layer.", ".attn.proj."),
             (".attention.q_norm.", ".attn.q_norm."), (".attention.k_norm.", ".attn.k_norm."),
             (".layernorm_before.", ".norm1."), (".layernorm_after.", ".norm2."),
             (".lambda_1", ".ls1"), (".lambda_2", ".ls2")]
MLP1 = [("multi_modal_projector.layer_norm.", "mlp1.0."), ("multi_modal_projector.linear_1.", "mlp1.1."),
        ("multi_modal_projector.linear_2.", "mlp1.3.")]


def internvl_names(w):
    """Native InternVL names -> the released remote-code names (vision_model.*, mlp1.*, language_model.*); q, k, v are stacked into qkv."""
    out, stack = {}, {}
    for k, t in w.items():
        k = re.sub(r"^model\.", "", k)
        if k.startswith("vision_tower."):
            k = "vision_model." + k[len("vision_tower."):]
            for a, b in INTERNVIT:
                k = k.replace(a, b)
            m = re.match(r"(.*\.)attention\.([qkv])_proj\.(weight|bias)$", k)
            if m:
                stack.setdefault((m[1] + "attn.qkv." + m[3]), {})[m[2]] = t
                continue
        elif k.startswith("multi_modal_projector."):
            for a, b in MLP1:
                k = k.replace(a, b)
        elif k.startswith("language_model.") and not k.startswith("language_model.model.") and not k.startswith("language_model.lm_head."):
            k = "language_model.model." + k[len("language_model."):]
        elif k == "lm_head.weight":
            k = "language_model.lm_head.weight"
        out[k] = t
    for k, p in stack.items():
        out[k] = torch.cat([p["q"], p["k"], p["v"]], 0)
    return out


def internvl_back(w):
    out = {}
    for k, t in w.items():
        if k.startswith("vision_model."):
            k = "model.vision_tower." + k[len("vision_model."):]
            m = re.match(r"(.*)\.layers\.(\d+)\.attn\.qkv\.(weight|bias)$", k)
            if m:
                for n, part in zip("qkv", t.chunk(3, 0)):
                    out[f"{m[1]}.layer.{m[2]}.attention.{n}_proj.{m[3]}"] = part
                continue
            for a, b in INTERNVIT:
                k = k.replace(b, a)
        elif k.startswith("mlp1."):
            for a, b in MLP1:
                k = k.replace(b, a)
            k = "model." + k
        elif k == "language_model.lm_head.weight":
            k = "lm_head.weight"
        elif k.startswith("language_model.model."):
            k = "model.language_model." + k[len("language_model.model."):]
        out[k] = t
    return out


def openclip_names(w):
    """transformers CLIPModel names -> the names of the open_clip library (also OpenAI's own): in_proj stacked q,k,v; projections transposed."""
    out, stack = {}, {}
    for k, t in w.items():
        side = "visual." if k.startswith(("vision_model.", "visual_projection")) else ""
        n = re.sub(r"^(vision|text)_model\.", "", k)
        m = re.match(r"encoder\.layers\.(\d+)\.self_attn\.([qkv])_proj\.(weight|bias)$", n)
        if m:
            stack.setdefault(f"{side}transformer.resblocks.{m[1]}.attn.in_proj_{m[3]}", {})[m[2]] = t
            continue
        n = n.replace("encoder.layers.", "transformer.resblocks.").replace("self_attn.out_proj", "attn.out_proj")
        n = n.replace("layer_norm1", "ln_1").replace("layer_norm2", "ln_2").replace("mlp.fc1", "mlp.c_fc").replace("mlp.fc2", "mlp.c_proj")
        n = {"embeddings.class_embedding": "class_embedding", "embeddings.patch_embedding.weight": "conv1.weight",
             "embeddings.position_embedding.weight": "positional_embedding", "embeddings.token_embedding.weight": "token_embedding.weight",
             "visual_projection.weight": "proj", "text_projection.weight": "text_projection"}.get(n, n)
        n = n.replace("pre_layrnorm", "ln_pre").replace("post_layernorm", "ln_post").replace("final_layer_norm", "ln_final")
        out[side + n] = t.T if n in ("proj", "text_projection") else t
    for k, p in stack.items():
        out[k] = torch.cat([p["q"], p["k"], p["v"]], 0)
    return out


def openclip_back(w):
    out = {}
    for k, t in w.items():
        vis = k.startswith("visual.")
        n = k[len("visual."):] if vis else k
        side = "vision_model." if vis else "text_model."
        m = re.match(r"transformer\.resblocks\.(\d+)\.attn\.in_proj_(weight|bias)$", n)
        if m:
            for q, part in zip("qkv", t.chunk(3, 0)):
                out[f"{side}encoder.layers.{m[1]}.self_attn.{q}_proj.{m[2]}"] = part
            continue
        if n in ("proj", "text_projection"):
            out["visual_projection.weight" if n == "proj" else "text_projection.weight"] = t.T
            continue
        if n == "logit_scale":
            out[n] = t
            continue
        n = n.replace("transformer.resblocks.", "encoder.layers.").replace("attn.out_proj", "self_attn.out_proj")
        n = n.replace("ln_1", "layer_norm1").replace("ln_2", "layer_norm2").replace("mlp.c_fc", "mlp.fc1").replace("mlp.c_proj", "mlp.fc2")
        n = {"class_embedding": "embeddings.class_embedding", "conv1.weight": "embeddings.patch_embedding.weight",
             "positional_embedding": "embeddings.position_embedding.weight", "token_embedding.weight": "embeddings.token_embedding.weight"}.get(n, n)
        n = n.replace("ln_pre", "pre_layrnorm").replace("ln_post", "post_layernorm").replace("ln_final", "final_layer_norm")
        out[side + n] = t
    return out


# ---------------------------------------------------------------- what each kind computes
def vision_common(o, cls):
    p = o.hidden_states[-2]
    return {"last_hidden_state": o.last_hidden_state, "hidden_0": o.hidden_states[0], "hidden_minus_2": p,
            "hidden_minus_1": o.hidden_states[-1], **({"feature": p[:, 1:]} if cls else {}),
            **({"pooler_output": o.pooler_output} if getattr(o, "pooler_output", None) is not None else {})}


def run_clip_vision(m, i, o):
    return vision_common(m(**i, output_hidden_states=True, **o), True)


def run_siglip_vision(m, i, o):
    return vision_common(m(**i, output_hidden_states=True, **o), False)


def run_clip_text(m, i, o):
    r = m(**i, output_hidden_states=True)
    out = {"last_hidden_state": r.last_hidden_state, "hidden_minus_2": r.hidden_states[-2]}
    if hasattr(m, "text_projection"):
        out["text_embeds"] = r.text_embeds
    else:
        out["pooler_output"] = r.pooler_output
        out["hidden_minus_2_final_norm"] = m.final_layer_norm(r.hidden_states[-2])
    return out


def run_clip(m, i, o):
    r = m(**i)
    vision = m.vision_model(pixel_values=i["pixel_values"]).pooler_output
    text = m.text_model(input_ids=i["input_ids"], attention_mask=i["attention_mask"]).pooler_output
    return {"image_embeds": r.image_embeds, "text_embeds": r.text_embeds, "logits_per_image": r.logits_per_image,
            "logits_per_text": r.logits_per_text, "logit_scale_exp": m.logit_scale.exp().reshape(1),
            "image_features_unnormalised": m.visual_projection(vision), "vision_pooled": vision, "text_pooled": text}


def run_siglip(m, i, o):
    r = m(**i)
    return {"image_embeds": r.image_embeds, "text_embeds": r.text_embeds, "logits_per_image": r.logits_per_image,
            "logits_per_text": r.logits_per_text, "text_last_hidden_state": r.text_model_output.last_hidden_state,
            "text_pooled": r.text_model_output.pooler_output, "probabilities": torch.sigmoid(r.logits_per_image)}


def run_dinov2(m, i, o):
    out = {}
    for k, x in i.items():
        r = m(pixel_values=x, output_hidden_states=True)
        s = k.replace("pixel_values", "")
        out |= {"last_hidden_state" + s: r.last_hidden_state, "cls" + s: r.pooler_output, "hidden_0" + s: r.hidden_states[0]}
    return out


def run_vit(m, i, o):
    r = m(pixel_values=i["pixel_values"], output_hidden_states=True)
    b = m(pixel_values=i["pixel_values_resized"], interpolate_pos_encoding=True)
    return {"last_hidden_state": r.last_hidden_state, "pooler_output": r.pooler_output, "hidden_minus_2": r.hidden_states[-2],
            "last_hidden_state_resized": b.last_hidden_state}


def run_videomae(m, i, o):
    r = m(pixel_values=i["pixel_values"], output_hidden_states=True)
    return {"last_hidden_state": r.last_hidden_state, "hidden_0": r.hidden_states[0]}


def run_internvit(m, i, o):
    """Remote InternVLChatModel.extract_feature, step by step."""
    x = m.model
    r = x.vision_tower(pixel_values=i["pixel_values"], output_hidden_states=True)
    n = int((r.last_hidden_state.shape[1] - 1) ** 0.5)
    patches = r.last_hidden_state[:, 1:]
    s = x.pixel_shuffle(patches.reshape(len(patches), n, n, -1), scale_factor=.5).flatten(1, 2)
    out = {"hidden_0": r.hidden_states[0], "hidden_minus_2": r.hidden_states[-2], "last_hidden_state": r.last_hidden_state,
           "pooler_output": r.last_hidden_state[:, 0], "shuffled": s, "vit_embeds": x.multi_modal_projector(s)}
    assert torch.equal(out["vit_embeds"], x.get_image_features(
        i["pixel_values"], vision_feature_layer=-1, vision_feature_select_strategy="default", return_dict=True).pooler_output)
    if "input_ids" in i:
        out["logits"] = m(input_ids=i["input_ids"], pixel_values=i["pixel_values"], attention_mask=i["attention_mask"]).logits
        out["logits"] = out["logits"] * i["attention_mask"][..., None]
    return out


def run_t5_encoder(m, i, o):
    h = m(**i, output_hidden_states=True)
    x = h.last_hidden_state
    return {"last_hidden_state": x, "masked": x * i["attention_mask"][..., None].float(), "hidden_1": h.hidden_states[1]}


def run_t5(m, i, o):
    r = m(**i, output_hidden_states=True, use_cache=False)
    return {"encoder_last_hidden_state": r.encoder_last_hidden_state, "logits": r.logits,
            "decoder_last_hidden_state": r.decoder_hidden_states[-1]}


def run_clap(m, i, o):
    a = {"input_features": i["input_features"]}
    if "is_longer" in i:
        a["is_longer"] = i["is_longer"].bool()
    r = m(input_ids=i["input_ids"], attention_mask=i["attention_mask"], **a)
    au = m.audio_model(**a, output_hidden_states=True)
    e = m.audio_model.audio_encoder
    x = e.batch_norm(i["input_features"].transpose(1, 3)).transpose(1, 3)
    return {"audio_embeds": r.audio_embeds, "text_embeds": r.text_embeds, "logits_per_audio": r.logits_per_audio,
            "logits_per_text": r.logits_per_text, "audio_pooled": au.pooler_output, "audio_last_hidden_state": au.last_hidden_state,
            "spectrogram_image": e.reshape_mel2img(x)[:, :1], "patch_tokens": e.patch_embed(e.reshape_mel2img(x), torch.where(
                i["is_longer"] == 1)[0] if "is_longer" in i else None),
            "text_pooled": r.text_model_output.pooler_output, "text_last_hidden_state": r.text_model_output.last_hidden_state}


def run_sentence(m, i, o):
    r = m(**i)
    mask = i["attention_mask"][..., None].float()
    mean = (r.last_hidden_state * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
    out = {"last_hidden_state": r.last_hidden_state, "mean": mean, "sentence_embedding": F.normalize(mean, p=2, dim=1)}
    if r.pooler_output is not None:
        out["pooler_output"] = r.pooler_output
    return out


def run_token_classification(m, i, o):
    return {"logits": m(**i).logits}


def run_whisper(m, i, o):
    r = m(**i, output_hidden_states=True)
    return {"encoder_last_hidden_state": r.encoder_last_hidden_state, "logits": r.logits,
            "encoder_hidden_0": r.encoder_hidden_states[0]}


def run_llava(m, i, o):
    r = m(**i)
    f = m.get_image_features(pixel_values=i["pixel_values"], return_dict=True).pooler_output
    f = torch.stack(list(f)) if isinstance(f, (list, tuple)) else f
    return {"logits": r.logits, "image_features": f}


def run_llava_llama(m, i, o):
    """Expands each -200 into the image's vectors, the way prepare_inputs_labels_for_multimodal does, then runs the native class."""
    n = (m.config.vision_config.image_size // m.config.vision_config.patch_size) ** 2
    rows = []
    for row in i["input_ids"]:
        out = []
        for t in row.tolist():
            out += [m.config.image_token_index] * n if t == -200 else [t]
        rows.append(out)
    return run_llava(m, {"input_ids": torch.tensor(rows), "pixel_values": i["images"]}, o)


def run_projector(m, i, o):
    return {"out": m(i["features"])}


def run_perceiver(m, i, o):
    return {"out": m(i["context"], i["attention_mask"])}


# ---------------------------------------------------------------- loaders used by --check
def load_native(d, g):
    cls = getattr(tr, g["architecture"])
    m, info = cls.from_pretrained(d, output_loading_info=True)
    bad = {k: list(info[k]) for k in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[k]}
    assert not bad, bad
    return m.eval()


def load_strict(model, w):
    """Through a folder in the native layout, so that the library does its own key handling."""
    with tempfile.TemporaryDirectory() as d:
        from safetensors.torch import save_file
        model.config.save_pretrained(d)
        save_file({k: t.contiguous().clone() for k, t in w.items()}, os.path.join(d, "model.safetensors"), metadata={"format": "pt"})
        m, info = type(model).from_pretrained(d, output_loading_info=True)
    bad = {k: list(info[k]) for k in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[k]}
    assert not bad, bad
    return m.eval()


def load_openclip(d, g):
    return load_strict(tr.CLIPModel(tr.CLIPConfig.from_pretrained(d)), openclip_back(load_file(os.path.join(d, "model.safetensors"))))


def internvl_native_config(c):
    vc, lc = c["vision_config"], c["llm_config"]
    vision = tr.InternVLVisionConfig(
        hidden_size=vc["hidden_size"], intermediate_size=vc["intermediate_size"], num_hidden_layers=vc["num_hidden_layers"],
        num_attention_heads=vc["num_attention_heads"], image_size=[vc["image_size"]] * 2, patch_size=[vc["patch_size"]] * 2,
        attention_bias=vc["qkv_bias"], use_qk_norm=vc["qk_normalization"], norm_type=vc["norm_type"],
        layer_norm_eps=vc["layer_norm_eps"], hidden_act=vc["hidden_act"], use_mean_pooling=True)
    text = tr.Qwen2Config(**{k: x for k, x in lc.items() if k not in ("architectures", "model_type")})
    return tr.InternVLConfig(vision_config=vision, text_config=text, downsample_ratio=c["downsample_ratio"],
                             image_token_id=c["octavo_img_context_token_id"], vision_feature_layer=c["select_layer"],
                             tie_word_embeddings=False)


def load_internvl(d, g):
    c = json.load(open(os.path.join(d, "config.json")))
    return load_strict(tr.InternVLForConditionalGeneration(internvl_native_config(c)),
                       internvl_back(load_file(os.path.join(d, "model.safetensors"))))


def load_internvit_only(d, g):
    """The file has no language model: only the vision tower and mlp1 are compared."""
    c = json.load(open(os.path.join(d, "config.json")))
    m = tr.InternVLForConditionalGeneration(internvl_native_config(c)).eval()
    w = internvl_back(load_file(os.path.join(d, "model.safetensors")))
    missing, unexpected = m.load_state_dict(w, strict=False)
    assert not unexpected and all(".language_model." in k or k == "lm_head.weight" for k in missing), (missing, unexpected)
    return m


def llava_llama_native_config(c):
    vision = tr.CLIPVisionConfig(**c["octavo_vision_config"])
    text = tr.LlamaConfig(**{k: c[k] for k in ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                                              "num_attention_heads", "num_key_value_heads", "rms_norm_eps", "rope_theta",
                                              "max_position_embeddings", "tie_word_embeddings")})
    return tr.LlavaConfig(vision_config=vision, text_config=text, image_token_index=c["vocab_size"] - 1, projector_hidden_act="gelu",
                          vision_feature_layer=c["mm_vision_select_layer"], vision_feature_select_strategy="default",
                          tie_word_embeddings=False)


def load_llava_llama(d, g):
    c = json.load(open(os.path.join(d, "config.json")))
    return load_strict(tr.LlavaForConditionalGeneration(llava_llama_native_config(c)),
                       llava_llama_back(load_file(os.path.join(d, "model.safetensors"))))


def projector_model(c):
    return LlavaMultiModalProjector(tr.LlavaConfig(
        vision_config=tr.CLIPVisionConfig(hidden_size=c["mm_hidden_size"], num_attention_heads=1),
        text_config=tr.LlamaConfig(hidden_size=c["hidden_size"], num_attention_heads=1, num_key_value_heads=1),
        projector_hidden_act="gelu")).eval()


def load_projector(d, g):
    m = projector_model(json.load(open(os.path.join(d, "config.json"))))
    w = load_file(os.path.join(d, "model.safetensors"))
    m.load_state_dict({k.replace("model.mm_projector.0.", "linear_1.").replace("model.mm_projector.2.", "linear_2."): t for k, t in w.items()})
    return m


def load_perceiver(d, g):
    m = modeling_idefics2.Idefics2PerceiverResampler(Idefics2PerceiverConfig.from_pretrained(d)).eval()
    m.load_state_dict(load_file(os.path.join(d, "model.safetensors")))
    return m


KINDS = {  # kind -> (compute, load for --check)
    "clip-vision": (run_clip_vision, load_native), "clip-text": (run_clip_text, load_native), "clip": (run_clip, load_native),
    "openclip": (run_clip, load_openclip), "siglip-vision": (run_siglip_vision, load_native), "siglip": (run_siglip, load_native),
    "dinov2": (run_dinov2, load_native), "vit": (run_vit, load_native), "videomae": (run_videomae, load_native),
    "internvit": (run_internvit, load_internvit_only), "internvl-chat": (run_internvit, load_internvl),
    "t5-encoder": (run_t5_encoder, load_native), "t5": (run_t5, load_native), "clap": (run_clap, load_native),
    "sentence-encoder": (run_sentence, load_native), "token-classification": (run_token_classification, load_native),
    "whisper": (run_whisper, load_native), "llava": (run_llava, load_native), "llava-llama": (run_llava_llama, load_llava_llama),
    "llava-projector": (run_projector, load_projector), "idefics2-perceiver": (run_perceiver, load_perceiver),
}


# ---------------------------------------------------------------- writing
class Maker:
    def __init__(self, out, seed, only):
        self.out, self.seed, self.only = out, seed, only
        self.count = 0

    def wants(self, name):
        self.count += 1
        torch.manual_seed(self.seed * 1000 + self.count)
        return not self.only or name in self.only

    def case(self, name, kind, about, build, inputs, rename=None, config=None, architecture=None, options=None,
             drop=None, prepare=None, fix_config=None, scale=.2, tolerances=None):
        if not self.wants(name):
            return
        m = build()
        gold.jitter(m, scale)
        for n, b in m.named_buffers():
            if n.endswith("running_mean"):
                b.copy_(.3 * torch.randn_like(b))
            elif n.endswith("running_var"):
                b.copy_(.5 + torch.rand_like(b))
        for n, p in m.named_parameters():
            if n in ("logit_scale", "logit_scale_a", "logit_scale_t"):
                p.data = torch.full_like(p, 1.3 if not n.endswith("_t") else 1.7)
            elif n == "logit_bias":
                p.data = torch.full_like(p, -2.5)
        if prepare:
            prepare(m)
        i = inputs()
        outputs = KINDS[kind][0](m, i, options or {})
        outputs = {k: t.float() for k, t in outputs.items()}
        assert all(torch.isfinite(t).all() for t in outputs.values()), name
        if hasattr(m, "save_pretrained") and not isinstance(m, modeling_idefics2.Idefics2PerceiverResampler):
            with tempfile.TemporaryDirectory() as d:
                m.save_pretrained(d)
                w, c = load_file(os.path.join(d, "model.safetensors")), json.load(open(os.path.join(d, "config.json")))
        else:
            w, c = m.state_dict(), (m.config.to_dict() if hasattr(m, "config") else {})
        w = rename(w) if rename else w
        c = fix_config(c) if fix_config else c
        if drop:
            w = {k: t for k, t in w.items() if not drop(k)}
        gold.write(self.out, name, kind=kind, architecture=architecture or type(m).__name__, about=about, seed=self.seed,
                   script="encoders.py", libs=[tr], inputs=i, outputs=outputs, config=config or c, weights=w, options=options,
                   tolerances=tolerances)


def ids(b, n, vocab, low=3):
    return torch.randint(low, vocab, (b, n))


def mask(lengths, n):
    return (torch.arange(n)[None] < torch.tensor(lengths)[:, None]).long()


def make(k):
    H = v(32, 40)
    clip_v = dict(hidden_size=H, intermediate_size=v(64, 72), num_hidden_layers=3, num_attention_heads=4, image_size=v(28, 35),
                  patch_size=7, projection_dim=v(24, 20), hidden_act="quick_gelu", layer_norm_eps=1e-5)
    S = clip_v["image_size"]
    px = lambda b, h=S, w=None: (lambda: {"pixel_values": torch.randn(b, 3, h, w or h)})
    k.case("clip-vision", "clip-vision", "CLIP ViT (quick_gelu, pre_layrnorm, no bias in the patch conv); hidden_minus_2 is LLaVA's select_layer -2 "
           "(no post_layernorm) and feature drops its CLS; pooler_output is post_layernorm of CLS only. hidden_0 is after pre_layrnorm. "
           "last_hidden_state has no post_layernorm. The key prefix vision_model. is the released one (transformers 5 writes it without).",
           lambda: tr.CLIPVisionModel(tr.CLIPVisionConfig(**clip_v)), px(2), rename=add_prefix("vision_model."),
           options={})
    k.case("clip-vision-interpolate", "clip-vision", "CLIP ViT run at another, non-square resolution: bicubic (a=-0.75, align_corners false) resize of the "
           "position table, CLS row kept.", lambda: tr.CLIPVisionModel(tr.CLIPVisionConfig(**clip_v)), px(1, v(42, 49), v(35, 28)),
           rename=add_prefix("vision_model."), options={"interpolate_pos_encoding": True})
    V = 99
    clip_t = dict(vocab_size=V, hidden_size=H, intermediate_size=v(64, 72), num_hidden_layers=3, num_attention_heads=4,
                  max_position_embeddings=16, projection_dim=v(24, 20), hidden_act="quick_gelu", bos_token_id=97, eos_token_id=2, pad_token_id=1)

    def clip_ids(eos=98, pad=98, n=13):
        x = ids(3, n, 90)
        x[:, 0] = 97
        for r, length in enumerate((6, n, 9)):
            x[r, length - 1] = eos
            x[r, length:] = pad
        return x
    k.case("clip-text", "clip-text", "CLIP text model with the old eos_token_id 2 in its config: the pooled row is argmax of the ids (the largest id), "
           "not a search for eos. Causal, no padding mask given; hidden_minus_2_final_norm is clip-skip 1.",
           lambda: tr.CLIPTextModel(tr.CLIPTextConfig(**clip_t)), lambda: {"input_ids": clip_ids()}, rename=add_prefix("text_model."))
    k.case("clip-text-projection", "clip-text", "CLIP text model with projection, gelu (OpenCLIP bigG of SDXL): pooled row = first eos_token_id, pad id 0, "
           "projection without bias; hidden_minus_2 without final norm is what SDXL concatenates.",
           lambda: tr.CLIPTextModelWithProjection(tr.CLIPTextConfig(**{**clip_t, "hidden_act": "gelu", "eos_token_id": 98, "pad_token_id": 0})),
           lambda: {"input_ids": clip_ids(pad=0)})
    both = lambda act, eos: tr.CLIPConfig(text_config={**clip_t, "hidden_act": act, "eos_token_id": eos, "hidden_size": v(24, 32)},
                                          vision_config={**clip_v, "hidden_act": act}, projection_dim=v(24, 20))
    clip_in = lambda: {"pixel_values": torch.randn(2, 3, S, S), "input_ids": clip_ids(), "attention_mask": mask((6, 13, 9), 13)}
    k.case("clip-full", "clip", "CLIPModel, quick_gelu: embeddings are L2-normalised after the bias-free projections, logits = exp(logit_scale) * cosine; "
           "padding mask combined with the causal mask.", lambda: tr.CLIPModel(both("quick_gelu", 2)), clip_in)
    k.case("clip-full-gelu", "clip", "CLIPModel with erf gelu, as OpenCLIP models (ViT-H/14, bigG) are converted.",
           lambda: tr.CLIPModel(both("gelu", 98)), clip_in)
    k.case("openclip-keys", "openclip", "The same computation with erf gelu, weights under open_clip's own names (visual.conv1, transformer.resblocks.N, "
           "in_proj stacked q,k,v, visual.proj and text_projection stored transposed [width, embed]). Computed by transformers' CLIPModel; "
           "the names are mapped by the script and mapped back for the check; open_clip 3.3.0 itself loads the file (strict) and gives the same embeddings to 3e-7. config.json is transformers' (open_clip's own config differs). open_clip applies no padding mask to text: the result is the same, because attention is causal and the pooled row is the end token.",
           lambda: tr.CLIPModel(both("gelu", 98)), clip_in, rename=openclip_names, architecture="CLIPModel")
    # ------------------------------------------------ SigLIP
    sig_v = dict(hidden_size=H, intermediate_size=v(64, 72), num_hidden_layers=3, num_attention_heads=4, image_size=v(30, 37), patch_size=7)
    SS = sig_v["image_size"]
    k.case("siglip-vision", "siglip-vision", "SigLIP vision: no CLS, biased patch conv, tanh gelu, eps 1e-6; the image side is not a multiple of the patch "
           "(like 384/14: the last pixel rows and columns are unused); last_hidden_state has post_layernorm, hidden_minus_2 (LLaVA, Apollo) "
           "and hidden_minus_1 do not; pooler_output is the attention-pooling head (probe, in_proj_weight stacked q,k,v). "
           "The key prefix vision_model. is the released one.",
           lambda: tr.SiglipVisionModel(tr.SiglipVisionConfig(**sig_v)), px(2, SS), rename=add_prefix("vision_model."))
    sig_t = dict(vocab_size=V, hidden_size=H, intermediate_size=v(64, 72), num_hidden_layers=2, num_attention_heads=4,
                 max_position_embeddings=12, projection_size=H, bos_token_id=97, eos_token_id=1, pad_token_id=1)

    def sig_in():
        x = ids(3, 12, 96)
        x[0, 5:] = 1
        x[1, 8:] = 1
        return {"input_ids": x, "pixel_values": torch.randn(2, 3, SS, SS)}
    k.case("siglip-full", "siglip", "SiglipModel: bidirectional text, pooled = LAST position (the padded one: texts are padded to the full length with id 1 "
           "and no mask is given) through `head`; logits = cosine * exp(logit_scale) + logit_bias; probabilities are sigmoids.",
           lambda: tr.SiglipModel(tr.SiglipConfig(text_config=sig_t, vision_config=sig_v)), sig_in)
    # ------------------------------------------------ DINOv2, ViT, VideoMAE
    dino = dict(hidden_size=H, num_hidden_layers=2, num_attention_heads=4, image_size=v(28, 35), patch_size=7, mlp_ratio=2)
    dpx = lambda: {"pixel_values": torch.randn(2, 3, dino["image_size"], dino["image_size"]),
                   "pixel_values_resized": torch.randn(1, 3, v(42, 28), v(21, 56))}
    note = " The _resized pair runs at another resolution: bicubic position interpolation (a=-0.75, no antialias, size given)."
    k.case("dinov2", "dinov2", "DINOv2: CLS, LayerScale, final layernorm on all tokens (pooler_output = CLS after it); mask_token is in the file but unused." + note,
           lambda: tr.Dinov2Model(tr.Dinov2Config(**dino)), dpx)
    k.case("dinov2-swiglu", "dinov2", "DINOv2 giant's feed-forward: weights_in/weights_out, SiLU(first half) * second half, "
           "hidden = (int(int(dim*mlp_ratio)*2/3)+7)//8*8." + note,
           lambda: tr.Dinov2Model(tr.Dinov2Config(**{**dino, "use_swiglu_ffn": True, "mlp_ratio": 3})), dpx)
    k.case("dinov2-registers", "dinov2", "DINOv2 with registers: register tokens are inserted after CLS and after positions are added; "
           "the patch tokens start at 1 + registers. Here interpolation is bicubic WITH antialias (unlike plain DINOv2 in the same library).",
           lambda: tr.Dinov2WithRegistersModel(tr.Dinov2WithRegistersConfig(**dino, num_register_tokens=v(3, 4))), dpx)
    k.case("vit", "vit", "Plain ViT (also DINO-v1 and supervised ViT): erf gelu, eps 1e-12, final layernorm, tanh pooler on CLS." + note,
           lambda: tr.ViTModel(tr.ViTConfig(hidden_size=H, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                                           image_size=v(28, 35), patch_size=7)), dpx)
    k.case("videomae", "videomae", "VideoMAE: tubelets of 2 frames (input [B,T,3,H,W]), fixed sin-cos positions (not in the file), q_bias and v_bias but no "
           "k bias; the final layernorm exists only when use_mean_pooling is false. Prefix videomae. as in the released pre-training files.",
           lambda: tr.VideoMAEModel(tr.VideoMAEConfig(image_size=v(16, 24), patch_size=8, num_frames=v(4, 6), tubelet_size=2, hidden_size=H,
                                                     num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, use_mean_pooling=False)),
           lambda: {"pixel_values": torch.randn(1, v(4, 6), 3, v(16, 24), v(16, 24))}, rename=add_prefix("videomae."))
    # ------------------------------------------------ InternVL
    def chat_config(six):
        n = dict(hidden_size=v(32, 48), intermediate_size=v(64, 80), num_hidden_layers=3, num_attention_heads=4, image_size=28, patch_size=7)
        vision = dict(architectures=["InternVisionModel"], model_type="intern_vit_6b", attention_dropout=0.0, drop_path_rate=0.0, dropout=0.0,
                      hidden_act="gelu", initializer_factor=0.1 if six else 1.0, initializer_range=1e-10 if six else 0.02,
                      layer_norm_eps=1e-6, norm_type="rms_norm" if six else "layer_norm", num_channels=3,
                      qk_normalization=six, qkv_bias=not six, use_flash_attn=True, torch_dtype="float32", **n)
        llm = dict(architectures=["Qwen2ForCausalLM"], model_type="qwen2", vocab_size=V, hidden_size=v(24, 32), intermediate_size=48, num_hidden_layers=2,
                   num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256, rope_theta=1000000.0, rms_norm_eps=1e-6,
                   tie_word_embeddings=False, hidden_act="silu")
        return dict(architectures=["InternVLChatModel"], model_type="internvl_chat", downsample_ratio=0.5, dynamic_image_size=True,
                    force_image_size=28, llm_config=llm, max_dynamic_patch=12, min_dynamic_patch=1, pad2square=False, ps_version="v2",
                    select_layer=-1, template="internlm2-chat", torch_dtype="float32", use_backbone_lora=0, use_llm_lora=0,
                    use_thumbnail=True, vision_config=vision, octavo_img_context_token_id=98)
    why = ("Weights under the released remote-code names (vision_model.embeddings.class_embedding, ...attn.qkv stacked q,k,v, ls1, ls2; mlp1.0/1/3), computed by "
           "transformers' native InternVL classes; the mapping and its inverse are in the script, config.json follows the released layout and was written by the "
           "script. The released arithmetic re-done directly on these names gives the same numbers. No final norm after the last layer. CLS is dropped, pixel shuffle v2 (x0.5), mlp1 = LayerNorm (eps 1e-5!), Linear, erf GELU, Linear. ")
    for name, six in (("internvit-300m", False), ("internvit-6b", True)):
        c = chat_config(six)
        k.case(name, "internvit", ("InternViT-6B type: RMSNorm eps 1e-6, q and k RMS-normalised over the full width before the head split, qkv without bias. "
               if six else "InternViT-300M type: LayerNorm eps 1e-6, qkv with bias, no q/k norm. ") + why,
               lambda: tr.InternVLForConditionalGeneration(internvl_native_config(c)), lambda: {"pixel_values": torch.randn(v(2, 3), 3, 28, 28)},
               rename=internvl_names, config=c, architecture="InternVLChatModel", drop=lambda n: n.startswith("language_model."),
               prepare=positive_lambdas)

    def chat_in():
        b, tiles = 2, (2, 1)
        rows = []
        for r, t in enumerate(tiles):
            row = ids(1, 4 + r, 95)[0].tolist() + [95] + [98] * (4 * t) + [96] + ids(1, 5, 95)[0].tolist()
            rows.append(row)
        n = max(map(len, rows))
        return {"pixel_values": torch.randn(3, 3, 28, 28), "input_ids": torch.tensor([r + [0] * (n - len(r)) for r in rows]),
                "attention_mask": mask([len(r) for r in rows], n)}
    c = chat_config(False)
    k.case("internvl-chat", "internvl-chat", "A whole tiny InternVL chat model (300M-type vision, Qwen2 language model): 3 tiles over 2 texts (2 and 1), each tile replacing 4 "
           "<IMG_CONTEXT> ids (98, key octavo_img_context_token_id); rows are right-padded, logits at padding are set to 0. " + why,
           lambda: tr.InternVLForConditionalGeneration(internvl_native_config(c)), chat_in, rename=internvl_names, config=c,
           architecture="InternVLChatModel", prepare=positive_lambdas)
    if k.wants("internvl-pixel-shuffle"):
        n, ch = v(4, 6), 3
        x = torch.arange(2 * n * n * ch).reshape(2, n, n, ch).float()
        gold.write(k.out, "internvl-pixel-shuffle", kind="pixel-shuffle", architecture="InternVLModel.pixel_shuffle",
                   about="Exact permutation of InternVL's pixel shuffle, ps_version v2, scale 0.5: [B,H,W,C] -> [B,H/2,W/2,4C]; the input counts up, "
                         "so a swapped axis shows. v1 lacks the last permute and is given too (v1 imitated from that statement).",
                   seed=k.seed, script="encoders.py", libs=[tr], inputs={"x": x},
                   outputs={"v2": InternVLModel.pixel_shuffle(None, x, .5),
                            "v1": InternVLModel.pixel_shuffle(None, x, .5).permute(0, 2, 1, 3)}, options={"scale_factor": .5}, tolerance=(0, 0))
    # ------------------------------------------------ T5
    t5 = dict(vocab_size=V, d_model=H, d_kv=v(8, 12), d_ff=v(64, 56), num_layers=2, num_heads=4, decoder_start_token_id=0, eos_token_id=1, pad_token_id=0)
    L = v(150, 137)
    t5_in = lambda: {"input_ids": ids(2, L, V), "attention_mask": mask((L, v(77, 61)), L)}
    k.case("t5-encoder", "t5-encoder", "T5 encoder of the original kind (relu, t5-base as Stable Audio uses it): relative positions from layer 0 only, 32 buckets, max "
           "distance 128 (sequence is longer), no attention scaling, RMSNorm without mean, padded keys masked; `masked` multiplies the output by the mask.",
           lambda: tr.T5EncoderModel(tr.T5Config(**t5, feed_forward_proj="relu")), t5_in)
    k.case("t5-encoder-gated", "t5-encoder", "T5 v1.1 / Flan encoder: gated gelu (wi_0 through tanh gelu times wi_1).",
           lambda: tr.T5EncoderModel(tr.T5Config(**t5, feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
           lambda: {"input_ids": ids(2, 24, V), "attention_mask": mask((24, 15), 24)})
    k.case("umt5-encoder", "t5-encoder", "UMT5 encoder: like v1.1, but every layer has its own relative position table.",
           lambda: tr.UMT5EncoderModel(tr.UMT5Config(**{**t5, "num_layers": 2}, feed_forward_proj="gated-gelu", relative_attention_num_buckets=8,
                                                     relative_attention_max_distance=20)),
           lambda: {"input_ids": ids(2, 24, V), "attention_mask": mask((24, 15), 24)})
    dec = lambda: {"input_ids": ids(2, 20, V), "attention_mask": mask((20, 13), 20), "decoder_input_ids": torch.cat([torch.zeros(2, 1, dtype=torch.long), ids(2, 8, V)], 1)}
    k.case("t5-full", "t5", "T5 encoder-decoder, original: tied head, decoder output multiplied by d_model**-0.5 before the head; decoder buckets are one-sided; "
           "cross-attention has no position bias.",
           lambda: tr.T5ForConditionalGeneration(tr.T5Config(**t5, feed_forward_proj="relu")), dec)
    head = {}

    def untie(m):
        """transformers 5 forces tied embeddings for T5; released v1.1 files hold a separate lm_head and say tie_word_embeddings false."""
        m.lm_head.weight = torch.nn.Parameter(torch.randn_like(m.lm_head.weight) * .2)
        head["lm_head.weight"] = m.lm_head.weight.data

    def v11_config(c):
        c = {**c, "tie_word_embeddings": False}
        c.pop("scale_decoder_outputs", None)
        return c
    k.case("t5-full-gated", "t5", "T5 v1.1 encoder-decoder: own lm_head (in the file), no d_model scaling, gated gelu; tie_word_embeddings false in config.json means both, as in the released files "
           "(transformers 5 itself would write a tied model: the script unties it).",
           lambda: tr.T5ForConditionalGeneration(tr.T5Config(**t5, feed_forward_proj="gated-gelu", tie_word_embeddings=False)), dec,
           prepare=untie, rename=lambda w: {**w, **head}, fix_config=v11_config)
    if k.wants("t5-buckets"):
        rel = torch.arange(-200, 201)
        cases = [{"bidirectional": b, "num_buckets": n, "max_distance": d, "relative_positions": rel.tolist(),
                  "expected": T5Attention._relative_position_bucket(rel, bidirectional=b, num_buckets=n, max_distance=d).tolist()}
                 for b in (True, False) for n, d in ((32, 128), (8, 20))]
        gold.write(k.out, "t5-buckets", kind="t5-relative-buckets", architecture="T5Attention", seed=k.seed, script="encoders.py", libs=[tr], cases=cases,
                   about="T5's bucket of relative position (memory position minus query position) for encoder (bidirectional) and decoder; the logarithm is fp32.")
    # ------------------------------------------------ CLAP
    def clap_config(fused):
        audio = dict(spec_size=v(64, 64), num_mel_bins=16, window_size=4, patch_size=4, patch_stride=[4, 4], patch_embeds_hidden_size=v(16, 24), depths=[2, 2],
                     num_attention_heads=[2, 4], hidden_size=v(32, 48), mlp_ratio=2.0, num_classes=5, enable_fusion=fused,
                     fusion_type="aff_2d" if fused else None, aff_block_r=4)
        text = dict(vocab_size=V, hidden_size=v(24, 32), num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=24, layer_norm_eps=1e-12)
        return tr.ClapConfig(text_config=text, audio_config=audio, projection_dim=v(20, 28))

    def clap_text():
        x = ids(2, 11, V)
        x[:, 0] = 0
        x[0, 7:] = 1
        return {"input_ids": x, "attention_mask": (x != 1).long()}
    T = v(251, 250)
    k.case("clap-unfused", "clap", "CLAP (HTSAT Swin + RoBERTa, rand_trunc): BatchNorm over the mel axis with running statistics, bicubic align_corners=True from T frames "
           "to spec_size*freq_ratio, fold to a square image, shifted windows, per-window regrouping, text positions start at pad+1, "
           "audio logits use logit_scale_a and text logits logit_scale_t.", lambda: tr.ClapModel(clap_config(False)),
           lambda: {"input_features": torch.randn(2, 1, T, 16) * 2 - 1, **clap_text()})
    k.case("clap-fused", "clap", "CLAP with feature fusion: row 0 is_longer (global patch embedding fused with three local mels by mel_conv2d 4x12 and the AFF block: "
           "out = 2*x*w + 2*residual*(1-w)), row 1 is not (its channels 1-3 are ignored); is_longer is given as int64 [B,1].",
           lambda: tr.ClapModel(clap_config(True)),
           lambda: {"input_features": torch.randn(2, 4, T, 16) * 2 - 1, "is_longer": torch.tensor([[1], [0]]), **clap_text()})
    # ------------------------------------------------ text encoders
    bert = dict(vocab_size=V, hidden_size=H, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, max_position_embeddings=32)
    txt = lambda pad=0, n=v(14, 17): (lambda: {"input_ids": ids(3, n, V).masked_fill(mask((n, 6, 9), n) == 0, pad), "attention_mask": mask((n, 6, 9), n)})
    st = " `sentence_embedding` imitates sentence-transformers' pooling: masked mean (sum clamped at 1e-9), then L2."
    k.case("minilm", "sentence-encoder", "BERT as all-MiniLM-L6-v2 stores it (no bert. prefix): eps 1e-12, token types 0, erf gelu." + st,
           lambda: tr.BertModel(tr.BertConfig(**bert)), txt())
    k.case("mpnet", "sentence-encoder", "MPNet as all-mpnet-base-v2: shared relative attention bias (32 buckets, max distance 128, bucket sign convention of T5's encoder), "
           "positions start at pad+1 = 2, no token types." + st, lambda: tr.MPNetModel(tr.MPNetConfig(**bert, pad_token_id=1)), txt(1))
    k.case("roberta", "sentence-encoder", "RoBERTa: position ids = cumulative count of non-pad tokens + pad id (1); padded tokens take position pad; the pooler is included." + st,
           lambda: tr.RobertaModel(tr.RobertaConfig(**bert, pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5)), txt(1))
    k.case("xlm-roberta-token-classification", "token-classification", "XLM-RoBERTa token classifier (LLMLingua-2's compressor): prefix roberta., no pooler, linear classifier.",
           lambda: tr.XLMRobertaForTokenClassification(tr.XLMRobertaConfig(**bert, pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5, num_labels=2)), txt(1))
    k.case("whisper", "whisper", "Whisper: two erf-gelu convolutions (stride 1 and 2), encoder positions read from the file (sinusoids in released files, random here), k_proj without bias, tied head; encoder output and "
           "teacher-forced decoder logits.",
           lambda: tr.WhisperForConditionalGeneration(tr.WhisperConfig(
               vocab_size=V, d_model=H, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64,
               decoder_ffn_dim=64, max_source_positions=v(30, 36), max_target_positions=24, num_mel_bins=16, pad_token_id=0, bos_token_id=1, eos_token_id=2,
               decoder_start_token_id=1, suppress_tokens=[], begin_suppress_tokens=[])),
           lambda: {"input_features": torch.randn(2, 16, v(60, 72)), "decoder_input_ids": ids(2, 7, V)})
    # ------------------------------------------------ LLaVA
    text = dict(vocab_size=V, hidden_size=v(24, 32), intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, rms_norm_eps=1e-5,
                rope_theta=500000.0, max_position_embeddings=128, tie_word_embeddings=False, bos_token_id=1, eos_token_id=2)
    P = (S // 7) ** 2

    def llava_in():
        a = [1] + ids(1, 4, 90)[0].tolist() + [98] * P + ids(1, 6, 90)[0].tolist()
        b = [1] + ids(1, 1, 90)[0].tolist() + [98] * P + ids(1, 9, 90)[0].tolist()
        return {"input_ids": torch.tensor([a, b]), "pixel_values": torch.randn(2, 3, S, S)}
    k.case("llava", "llava", "LlavaForConditionalGeneration under the llava-hf names (language_model.model.*, vision_tower.vision_model.*, multi_modal_projector.linear_1/2): "
           "hidden_states[-2] without CLS -> Linear, erf gelu, Linear -> written over the image ids (98); logits at every position. transformers 5 writes the "
           "vision tower without `vision_model.`; the released name is stored.",
           lambda: tr.LlavaForConditionalGeneration(tr.LlavaConfig(vision_config=tr.CLIPVisionConfig(**clip_v), text_config=tr.LlamaConfig(**text),
                                                    image_token_index=98, vision_feature_layer=-2, vision_feature_select_strategy="default",
                                                    projector_hidden_act="gelu", tie_word_embeddings=False, image_seq_length=P)), llava_in, rename=llava_hf_names)
    c2 = dict(architectures=["LlavaLlamaForCausalLM"], model_type="llava_llama", **text, attention_bias=False, hidden_act="silu", image_aspect_ratio="pad",
              mm_hidden_size=clip_v["hidden_size"], mm_patch_merge_type="flat", mm_projector_type="mlp2x_gelu", mm_vision_select_feature="patch",
              mm_vision_select_layer=-2, mm_vision_tower="openai/clip-vit-large-patch14-336", mm_use_im_start_end=False, mm_use_im_patch_token=False,
              tokenizer_model_max_length=128, tokenizer_padding_side="right", use_mm_proj=True, use_cache=True, torch_dtype="float32",
              octavo_vision_config=clip_v)

    def llama_in():
        a = [1] + ids(1, 4, 90)[0].tolist() + [-200] + ids(1, 6, 90)[0].tolist()
        b = [1] + ids(1, 8, 90)[0].tolist() + [-200] + ids(1, 2, 90)[0].tolist()
        return {"input_ids": torch.tensor([a, b]), "images": torch.randn(2, 3, S, S)}
    k.case("llava-llama", "llava-llama", "The same model under the original LLaVA names (model.layers.*, model.mm_projector.0/2, model.vision_tower.vision_tower.vision_model.*, "
           "lm_head), one -200 per image in input_ids; logits over the spliced sequence. Computed by transformers' Llava class; names, splice and config.json "
           "(octavo_vision_config holds the tower's sizes, which the released file takes from the tower's name) are the script's.",
           lambda: tr.LlavaForConditionalGeneration(llava_llama_native_config(c2)), llama_in, rename=lambda w: llava_llama_names(w), config=c2,
           architecture="LlavaLlamaForCausalLM")
    pc = dict(mm_projector_type="mlp2x_gelu", mm_hidden_size=v(32, 40), hidden_size=v(48, 24))
    k.case("llava-projector", "llava-projector", "mlp2x_gelu under mm_projector.bin's names: Linear, erf gelu, Linear.", lambda: projector_model(pc),
           lambda: {"features": torch.randn(2, 5, pc["mm_hidden_size"])}, config=pc, architecture="mlp2x_gelu",
           rename=lambda w: {n.replace("linear_1.", "model.mm_projector.0.").replace("linear_2.", "model.mm_projector.2."): t for n, t in w.items()})
    pcfg = Idefics2PerceiverConfig(hidden_size=v(32, 24), resampler_n_latents=v(5, 6), resampler_depth=2, resampler_n_heads=4, resampler_head_dim=v(6, 8),
                                   num_key_value_heads=2, hidden_act="silu", rms_norm_eps=1e-6)
    k.case("idefics2-perceiver", "idefics2-perceiver", "Idefics2's Perceiver resampler (ablation variant of the Apollo connector): RMSNorm, keys and values from context followed by "
           "latents, GQA, SwiGLU with hidden 4*dim; the mask covers the context and gets ones appended for the latents. Apollo's own released resampler differs "
           "(LayerNorm times an extra weight): see its description.",
           lambda: modeling_idefics2.Idefics2PerceiverResampler(pcfg).eval(),
           lambda: {"context": torch.randn(2, 9, v(32, 24)), "attention_mask": mask((9, 6), 9)})
    if k.wants("hybrid-trilinear"):
        a = torch.arange(8).reshape(1, 2, 2, 2, 1).float()
        b = torch.randn(1, 4, 16, 16, 2)
        up = lambda x, s: F.interpolate(x.permute(0, 4, 1, 2, 3), size=s, mode="trilinear", align_corners=False).permute(0, 2, 3, 4, 1)
        gold.write(k.out, "hybrid-trilinear", kind="trilinear", architecture="torch.nn.functional.interpolate", seed=k.seed, script="encoders.py", libs=[tr],
                   about="Apollo's fusion of two towers: [B,T,W,H,C] resized with trilinear, align_corners false: 2x2x2 -> 2x3x3 and 4x16x16 -> 4x27x27.",
                   inputs={"small": a, "tower": b}, outputs={"small": up(a, (2, 3, 3)), "tower": up(b, (4, 27, 27))},
                   options={"small_size": [2, 3, 3], "tower_size": [4, 27, 27]}, tolerance=(1e-5, 1e-5))


def positive_lambdas(m):
    """LayerScale around 0.5, so that the blocks matter and a missing ls shows."""
    for n, p in m.named_parameters():
        if n.endswith(("lambda_1", "lambda_2")):
            p.data = .5 + .2 * torch.randn_like(p)


def check(root):
    worst, bad = 0., []
    for name in sorted(os.listdir(root)):
        d = os.path.join(root, name)
        g = json.load(open(os.path.join(d, "golden.json")))
        if not os.path.exists(os.path.join(d, "model.safetensors")):
            continue
        io = load_file(os.path.join(d, "io.safetensors"))
        compute, load = KINDS[g["kind"]]
        m = load(d, g)
        out = compute(m, {k[3:]: t for k, t in io.items() if k.startswith("in.")}, g["options"])
        assert set(out) == set(g["outputs"]), (name, set(out) ^ set(g["outputs"]))
        diff = max((out[k].float() - io["out." + k]).abs().max().item() for k in out)
        size = max(io["out." + k].abs().max().item() for k in out)
        worst = max(worst, diff)
        print(f"{name}: max difference {diff:.2e} (largest value {size:.2f})")
        if diff > 1e-5:
            bad.append(name)
    print("worst", worst, "BAD" if bad else "ok", bad)
    return bool(bad)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--out")
    p.add_argument("--seed", type=int, default=11)
    p.add_argument("--variant", choices=["public", "heldout"], default="public")
    p.add_argument("--only", default="")
    p.add_argument("--check")
    a = p.parse_args()
    torch.use_deterministic_algorithms(True)
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    if a.check:
        sys.exit(check(a.check))
    HELDOUT = a.variant == "heldout"
    make(Maker(a.out, a.seed, set(filter(None, a.only.split(",")))))
