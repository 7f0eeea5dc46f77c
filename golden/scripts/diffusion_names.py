"""Key names of other layouts (LDM single files, 2022 diffusers, stable-audio-tools, BAAI Emu3) and the name-hash filler."""
import math, re
import torch


def old_attention(k):
    for new, old in (("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn")):
        k = re.sub(rf"(mid_block\.attentions\.\d+)\.{re.escape(new)}\.", rf"\1.{old}.", k)
    return k


def vae_to_ldm(k, levels):
    k = k.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
    k = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", k)
    k = k.replace("mid_block.attentions.0.group_norm", "mid.attn_1.norm").replace("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out")
    k = re.sub(r"mid_block\.attentions\.0\.to_([qkv])", r"mid.attn_1.\1", k)
    k = re.sub(r"down_blocks\.(\d+)\.resnets\.(\d+)", r"down.\1.block.\2", k)
    k = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", k)
    k = re.sub(r"up_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"up.{levels - 1 - int(m[1])}.block.{m[2]}", k)
    return re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{levels - 1 - int(m[1])}.upsample", k)


_RES = {"norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection"}
_TOP = {"conv_in": "input_blocks.0.0", "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2", "add_embedding.linear_1": "label_emb.0.0",
        "add_embedding.linear_2": "label_emb.0.2", "conv_norm_out": "out.0", "conv_out": "out.2"}


def unet_to_ldm(k, config):
    """One diffusers UNet key as sgm/ldm names it (without the model.diffusion_model. prefix)."""
    n = config["layers_per_block"]
    head, _, leaf = k.rpartition(".")
    if head in _TOP:
        return f"{_TOP[head]}.{leaf}"
    res = lambda rest: re.sub(r"^[^.]+", lambda m: _RES[m[0]], rest)
    if m := re.match(r"down_blocks\.(\d+)\.(resnets|attentions|downsamplers)\.(\d+)\.(.*)", k):
        b, kind, j, rest = int(m[1]), m[2], int(m[3]), m[4]
        at = (n + 1) * b + 1 + (n if kind == "downsamplers" else j)
        return f"input_blocks.{at}." + ("0." + res(rest) if kind == "resnets" else "1." + rest if kind == "attentions" else rest.replace("conv", "0.op"))
    if m := re.match(r"mid_block\.(resnets|attentions)\.(\d+)\.(.*)", k):
        return f"middle_block.{2 * int(m[2])}." + res(m[3]) if m[1] == "resnets" else f"middle_block.1.{m[3]}"
    if m := re.match(r"up_blocks\.(\d+)\.(resnets|attentions|upsamplers)\.(\d+)\.(.*)", k):
        b, kind, j, rest = int(m[1]), m[2], int(m[3]), m[4]
        at = (n + 1) * b + (n if kind == "upsamplers" else j)
        if kind == "upsamplers":
            return f"output_blocks.{at}.{2 if 'CrossAttn' in config['up_block_types'][b] else 1}." + rest
        return f"output_blocks.{at}." + ("0." + res(rest) if kind == "resnets" else "1." + rest)
    raise KeyError(k)


# ---------------------------------------------------------------- stable-audio-tools

def _oobleck_to_original(k, blocks):
    m = re.match(r"(encoder|decoder)\.(.*)", k)
    side, rest = m[1], m[2]
    if rest.startswith("conv1."):
        at = "layers.0." + rest[6:]
    elif rest.startswith("snake1."):
        at = f"layers.{blocks + 1}." + rest[7:]
    elif rest.startswith("conv2."):
        at = f"layers.{blocks + 2}." + rest[6:]
    else:
        b = re.match(r"block\.(\d+)\.(.*)", rest)
        inner = b[2]
        first = {"snake1": 3, "conv1": 4} if side == "encoder" else {"snake1": 0, "conv_t1": 1}
        u = re.match(r"res_unit(\d)\.(\w+)\.(.*)", inner)
        if u:
            i = int(u[1]) - 1 + (0 if side == "encoder" else 2)
            inner = f"layers.{i}.layers.{ {'snake1': 0, 'conv1': 1, 'snake2': 2, 'conv2': 3}[u[2]]}.{u[3]}"
        else:
            name, leaf = inner.split(".", 1)
            inner = f"layers.{first[name]}.{leaf}"
        at = f"layers.{int(b[1]) + 1}.{inner}"
    return f"pretransform.model.{side}.{at}"


_DIT = (("transformer_blocks.", "transformer.layers."), (".attn1.", ".self_attn."), (".attn2.", ".cross_attn."), (".ff.net.", ".ff.ff."), (".to_out.0.", ".to_out."),
        ("timestep_proj.", "to_timestep_embed."), ("global_proj.", "to_global_embed."), ("cross_attention_proj.", "to_cond_embed."), ("time_proj.weight", "timestep_features.weight"))


def _dit_to_original(k):
    for a, b in _DIT:
        k = k.replace(a, b)
    k = re.sub(r"\.norm([123])\.(weight|bias)", lambda m: "." + {"1": "pre_norm", "2": "cross_attend_norm", "3": "ff_norm"}[m[1]] + "." + {"weight": "gamma", "bias": "beta"}[m[2]], k)
    k = re.sub(r"^proj_(in|out)\.", r"transformer.project_\1.", k)
    return "model.model." + k


def stable_audio_to_original(dit, proj, vae, blocks):
    out = {}
    for k, v in dit.items():
        if re.search(r"\.attn[12]\.to_[qkv]\.", k):
            continue
        out[_dit_to_original(k)] = v[:, None] if k == "time_proj.weight" else v
    n = len({k.split(".")[1] for k in dit if k.startswith("transformer_blocks.")})
    for i in range(n):
        a = f"transformer_blocks.{i}."
        b = f"model.model.transformer.layers.{i}."
        out[b + "self_attn.to_qkv.weight"] = torch.cat([dit[a + f"attn1.to_{x}.weight"] for x in "qkv"])
        out[b + "cross_attn.to_q.weight"] = dit[a + "attn2.to_q.weight"]
        out[b + "cross_attn.to_kv.weight"] = torch.cat([dit[a + f"attn2.to_{x}.weight"] for x in "kv"])
    out["model.model.transformer.rotary_pos_emb.inv_freq"] = 1.0 / 10000 ** (torch.arange(0, 4, 2).float() / 4)
    for k, v in proj.items():
        k = k.replace("start_number_conditioner", "seconds_start").replace("end_number_conditioner", "seconds_total").replace("time_positional_embedding", "embedder.embedding")
        out["conditioner.conditioners." + k] = v
    for k, v in vae.items():
        out[_oobleck_to_original(k, blocks)] = v.reshape(-1) if k.endswith((".alpha", ".beta")) else v
    return out


def stable_audio_from_original(sd, blocks):
    """The way back, from the names only: used to check the case above."""
    dit, proj, vae = {}, {}, {}
    for k, v in sd.items():
        if k.endswith("inv_freq"):
            continue
        if k.startswith("pretransform.model."):
            vae[k] = v
        elif k.startswith("conditioner.conditioners."):
            k = k.replace("conditioner.conditioners.", "").replace("seconds_start", "start_number_conditioner").replace("seconds_total", "end_number_conditioner")
            proj[k.replace("embedder.embedding", "time_positional_embedding")] = v
        else:
            k = k.replace("model.model.", "", 1)
            k = re.sub(r"\.(pre_norm|cross_attend_norm|ff_norm)\.(gamma|beta)", lambda m: "." + {"pre_norm": "norm1", "cross_attend_norm": "norm2", "ff_norm": "norm3"}[m[1]] + "." + {"gamma": "weight", "beta": "bias"}[m[2]], k)
            k = re.sub(r"^transformer\.project_", "proj_", k)
            for a, b in _DIT:
                k = k.replace(b, a)
            if "to_qkv" in k or "to_kv" in k:
                names = "qkv" if "to_qkv" in k else "kv"
                for x, part in zip(names, v.chunk(len(names))):
                    dit[k.replace("to_" + names, "to_" + x)] = part
            else:
                dit[k] = v[:, 0] if k == "time_proj.weight" else v
    restored = {}
    back = {}
    for side in ("encoder", "decoder"):
        for b in range(blocks):
            for u in (1, 2, 3):
                for part in ("snake1", "conv1", "snake2", "conv2"):
                    back |= _both(f"{side}.block.{b}.res_unit{u}.{part}", blocks)
            for part in (("snake1", "conv1") if side == "encoder" else ("snake1", "conv_t1")):
                back |= _both(f"{side}.block.{b}.{part}", blocks)
        for part in ("conv1", "snake1", "conv2"):
            back |= _both(f"{side}.{part}", blocks)
    for k, v in vae.items():
        n = back[k]
        restored[n] = v.reshape(1, -1, 1) if n.endswith((".alpha", ".beta")) else v
    return dit, proj, restored


def _both(prefix, blocks):
    leaves = ("alpha", "beta") if "snake" in prefix else ("weight_g", "weight_v", "bias")
    return {_oobleck_to_original(f"{prefix}.{l}", blocks): f"{prefix}.{l}" for l in leaves}


# ---------------------------------------------------------------- BAAI Emu3 tokenizer

def emu3_released_names(m):
    """transformers key -> key of BAAI/Emu3-VisionTokenizer (attention projections are 1x1 convolutions there)."""
    out = {}
    for k in m.state_dict():
        n = k.replace("down_block.down", "down").replace("up_block.up", "up").replace("middle_block", "mid")
        n = re.sub(r"attn_norms\.(\d+)\.", r"attn.\1.norm.", n).replace("mid.attn_norm.", "mid.attn_1.norm.")
        n = re.sub(r"\.([qkv])_proj\.", r".\1.", n).replace(".out_proj.", ".proj_out.")
        out[k] = n
    return out


def is_conv_attention(released):
    return re.search(r"attn[_.]\d+\.(q|k|v|proj_out)\.weight$", released) is not None


def emu3_released_config(c):
    return {"model_type": "Emu3VisionVQ", "architectures": ["Emu3VisionVQModel"], "codebook_size": c.codebook_size, "embed_dim": c.embed_dim, "z_channels": c.latent_channels,
            "double_z": False, "in_channels": 3, "out_channels": 3, "temporal_downsample_factor": 4, "ch": c.base_channels, "ch_mult": list(c.channel_multiplier),
            "num_res_blocks": c.num_res_blocks, "attn_resolutions": list(c.attn_resolutions), "dropout": 0.0, "torch_dtype": "float32"}


def emu3_config(cfg):
    if cfg.get("model_type") != "Emu3VisionVQ":
        return cfg
    return dict(codebook_size=cfg["codebook_size"], embed_dim=cfg["embed_dim"], latent_channels=cfg["z_channels"], base_channels=cfg["ch"], channel_multiplier=cfg["ch_mult"],
                num_res_blocks=cfg["num_res_blocks"], attn_resolutions=cfg["attn_resolutions"], hidden_size=cfg["ch"] * cfg["ch_mult"][-1], num_attention_heads=1)


def named_values(name, shape):
    """u in [-1,1) of the description: hash of the flat index and FNV-1a of the name."""
    h = 2166136261
    for b in name.encode():
        h = ((h ^ b) * 16777619) & 0xFFFFFFFF
    M = 0xFFFFFFFF
    i = torch.arange(math.prod(shape), dtype=torch.int64)
    mul = lambda x, c: ((x & 0xFFFF) * c + (((x >> 16) * c & 0xFFFF) << 16)) & M      # 32-bit product without overflow
    x = (mul(i, 2654435761) + h) & M
    x = mul(x ^ (x >> 16), 2246822519)
    x = mul(x ^ (x >> 13), 3266489917)
    x = x ^ (x >> 16)
    return (x.double() / 2 ** 32 * 2 - 1).view(shape)


def fill_by_name(m):
    names = emu3_released_names(m)
    sd = {}
    for k, v in m.state_dict().items():
        n = names[k]
        if n.endswith("num_batches_tracked"):
            sd[k] = v
            continue
        u = named_values(n, tuple(v.shape))
        if n.endswith("running_var"):
            w = 1 + 0.5 * u
        elif n.endswith("running_mean"):
            w = 0.1 * u
        elif v.ndim == 1:
            w = (1 + 0.1 * u) if n.endswith("weight") else 0.1 * u
        elif n == "quantize.embedding.weight":
            w = 0.1 * u
        else:
            w = u * math.sqrt(3 / math.prod(v.shape[1:]))
        sd[k] = w.float()
    m.load_state_dict(sd)
    return m
