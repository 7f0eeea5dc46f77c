"""Goldens of the diffusion building blocks: autoencoders, UNets, control nets, transformers, vector quantizers.

python diffusion.py --out DIR [--seed N] [--variant main|heldout] [--only NAME,NAME]; --check DIR reloads every case."""
import json, math, os
from diffusion_common import *
from safetensors.torch import load_file, save_file
import diffusers, transformers
from diffusers import (AutoencoderKL, AutoencoderOobleck, ControlNetModel, DiTTransformer2DModel, FluxTransformer2DModel,
                       SD3Transformer2DModel, StableAudioDiTModel, UNet2DConditionModel, VQModel)
from diffusers.models.embeddings import get_1d_rotary_pos_embed
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from diffusers.pipelines.deprecated.paint_by_example.image_encoder import PaintByExampleImageEncoder
import diffusion_names


# ---------------------------------------------------------------- runners: what a case computes

@runner("autoencoder-kl")
def run_vae(m, i, o):
    d = m.encode(i["image"]).latent_dist
    c = m.config
    scaled = (d.mean - (c.shift_factor or 0.0)) * c.scaling_factor
    return {"mean": d.mean, "logvar": d.logvar, "kl": d.kl(), "scaled_mean": scaled,
            "sample_with_noise": d.mean + d.std * i["noise"],
            "decoded": m.decode(i["latent"] / c.scaling_factor + (c.shift_factor or 0.0)).sample}


@loader("autoencoder-kl")
def load_vae(folder, g):
    cfg = json.load(open(os.path.join(folder, "config.json")))
    sd = load_file(os.path.join(folder, "model.safetensors"))
    m = AutoencoderKL.from_config(cfg)
    layout = g["options"].get("layout", "diffusers")
    if layout == "ldm":
        from diffusers.loaders.single_file_utils import convert_ldm_vae_checkpoint
        sd = convert_ldm_vae_checkpoint(sd, m.config)
    elif layout == "diffusers-old-attention":
        import tempfile
        with tempfile.TemporaryDirectory() as t:   # the library's own from_pretrained renames the old keys
            json.dump(cfg, open(os.path.join(t, "config.json"), "w"))
            save_file(sd, os.path.join(t, "diffusion_pytorch_model.safetensors"), metadata={"format": "pt"})
            return AutoencoderKL.from_pretrained(t).eval()
    m.load_state_dict(sd, strict=True)
    return m.eval()


@runner("unet")
def run_unet(m, i, o):
    added = {k: i[k] for k in ("text_embeds", "time_ids") if k in i} or None
    call = lambda t=i["timestep"], **k: m(i["sample"], t, i["encoder_hidden_states"], added_cond_kwargs=added, **k).sample
    out = {"sample": call()}
    if "single_timestep" in i:
        out["sample_single_timestep"] = call(i["single_timestep"][0])
    if "float_timestep" in i:
        out["sample_float_timestep"] = call(i["float_timestep"][0])
    if "encoder_attention_mask" in i:
        out["sample_masked"] = call(encoder_attention_mask=i["encoder_attention_mask"].float())
    if "mid_residual" in i:
        down = []
        while f"down_residual_{len(down)}" in i:
            down.append(i[f"down_residual_{len(down)}"])
        out["sample_controlled"] = call(down_block_additional_residuals=tuple(down), mid_block_additional_residual=i["mid_residual"])
    if "size_odd" in i:
        out["sample_odd"] = m(i["size_odd"], i["timestep"], i["encoder_hidden_states"], added_cond_kwargs=added).sample
    return out


@loader("unet")
def load_unet(folder, g):
    m = UNet2DConditionModel.from_config(json.load(open(os.path.join(folder, "config.json"))))
    sd = load_file(os.path.join(folder, "model.safetensors"))
    if g["options"].get("layout") == "ldm":
        from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint
        sd = convert_ldm_unet_checkpoint(sd, m.config)
    m.load_state_dict(sd, strict=True)
    return m.eval()


@runner("controlnet")
def run_controlnet(m, i, o):
    out = {}
    for tag, guess in (("", False), ("guess_", True)):
        down, mid = m(i["sample"], i["timestep"], i["encoder_hidden_states"], i["controlnet_cond"],
                      conditioning_scale=o["conditioning_scale"], guess_mode=guess, return_dict=False)
        out |= {f"{tag}down_{k}": v for k, v in enumerate(down)} | {f"{tag}mid": mid}
    return out


@runner("unet-ip-adapter")
def run_ip(m, i, o):
    for p in m.attn_processors.values():
        if hasattr(p, "scale"):
            p.scale = [o["scale"]]
    out = {"sample": m(i["sample"], i["timestep"], i["encoder_hidden_states"], added_cond_kwargs={"image_embeds": [i["image_embeds"]]}).sample}
    out["image_tokens"] = m.encoder_hid_proj.image_projection_layers[0](i["image_embeds"].flatten(0, 1))
    return out


@loader("unet-ip-adapter")
def load_ip(folder, g):
    m = UNet2DConditionModel.from_config(json.load(open(os.path.join(folder, "config.json"))))
    m.load_state_dict(load_file(os.path.join(folder, "model.safetensors")), strict=True)
    return attach_ip(m.eval(), load_file(os.path.join(folder, "ip_adapter.safetensors")))


def attach_ip(m, flat):
    state = {"image_proj": {}, "ip_adapter": {}}
    for k, v in flat.items():
        part, rest = k.split(".", 1)
        state[part][rest] = v
    m._load_ip_adapter_weights([state])
    return m.eval()


@runner("paint-by-example-image-encoder")
def run_pbe(m, i, o):
    latent, uncond = m(i["pixel_values"], return_uncond_vector=True)
    return {"tokens": latent, "uncond": uncond, "pooled": m.model(i["pixel_values"]).pooler_output}


@runner("autoencoder-oobleck")
def run_oobleck(m, i, o):
    d = m.encode(i["audio"]).latent_dist
    return {"mean": d.mean, "scale": d.scale, "std": d.std, "kl": d.kl(), "sample_with_noise": d.mean + d.std * i["noise"],
            "decoded": m.decode(i["latent"]).sample}


@runner("stable-audio-dit")
def run_sa_dit(m, i, o):
    rot = get_1d_rotary_pos_embed(m.config.attention_head_dim // 2, i["sample"].shape[2] + 1, use_real=True, repeat_interleave_real=False)
    call = lambda e, t=i["timestep"]: m(i["sample"], t, encoder_hidden_states=e, global_hidden_states=i["global_hidden_states"],
                                         rotary_embedding=rot).sample
    keep = []
    hooks = [b.register_forward_hook(lambda _m, _i, out: keep.append(out)) for b in m.transformer_blocks]
    out = {"sample": call(i["encoder_hidden_states"])}
    [h.remove() for h in hooks]
    out |= {f"block_{k}": v for k, v in enumerate(keep)}
    out["sample_uncond"] = call(torch.zeros_like(i["encoder_hidden_states"]))
    out["rotary_cos"], out["rotary_sin"] = rot
    return out


@runner("stable-audio-projection")
def run_sa_proj(m, i, o):
    r = m(i["text_hidden_states"], i["start_seconds"], i["end_seconds"])
    return {"text": r.text_hidden_states, "start": r.seconds_start_hidden_states, "end": r.seconds_end_hidden_states}


@runner("stable-audio-checkpoint")
def run_sa_all(ms, i, o):
    dit, proj, vae = ms
    r = proj(i["text_hidden_states"], i["start_seconds"], i["end_seconds"])
    context = torch.cat([r.text_hidden_states * i["attention_mask"].unsqueeze(-1), r.seconds_start_hidden_states, r.seconds_end_hidden_states], 1)
    glob = torch.cat([r.seconds_start_hidden_states, r.seconds_end_hidden_states], 2)
    rot = get_1d_rotary_pos_embed(dit.config.attention_head_dim // 2, i["sample"].shape[2] + 1, use_real=True, repeat_interleave_real=False)
    return {"context": context, "global": glob,
            "v": dit(i["sample"], i["timestep"], encoder_hidden_states=context, global_hidden_states=glob, rotary_embedding=rot).sample,
            "mean": vae.encode(i["audio"]).latent_dist.mean, "decoded": vae.decode(i["sample"]).sample}


@runner("dit")
def run_dit(m, i, o):
    return {"sample": m(i["sample"], i["timestep"], i["class_labels"]).sample}


@runner("sd3-transformer")
def run_sd3(m, i, o):
    return {"sample": m(i["sample"], i["encoder_hidden_states"], i["pooled_projections"], i["timestep"]).sample}


@runner("flux-transformer")
def run_flux(m, i, o):
    return {"sample": m(hidden_states=i["sample"], encoder_hidden_states=i["encoder_hidden_states"], pooled_projections=i["pooled_projections"],
                        timestep=i["timestep"], img_ids=i["img_ids"], txt_ids=i["txt_ids"], guidance=i["guidance"]).sample}


@runner("vq-model")
def run_vq(m, i, o):
    h = m.encode(i["image"]).latents
    q, loss, (_, _, idx) = m.quantize(h)
    shape = (i["codes"].shape[0], i["codes"].shape[1], i["codes"].shape[2], m.config.vq_embed_dim)
    e = m.quantize.get_codebook_entry(i["codes"].flatten(), shape)
    return {"latent": h, "indices": idx.view(h.shape[0], h.shape[2], h.shape[3]), "quantized": q, "commit_loss": loss,
            "reconstruction": m(i["image"]).sample, "decoded": m.decode(e, force_not_quantize=True).sample}


@runner("emu3-vqvae")
def run_emu3(m, i, o):
    sizes = torch.tensor([list(i["image"].shape[-2:])] * i["image"].shape[0])
    r = m.encode(i["image"], sizes)
    h = r.last_hidden_state if hasattr(r, "last_hidden_state") else r[0]
    codes = torch.stack(list(r.image_tokens))
    out = {"encoder_hidden": h, "codes": codes, "reconstruction": m.decode(codes), "decoded": m.decode(i["codes"])}
    if "video" in i:
        sizes = torch.tensor([list(i["video"].shape[-2:])] * i["video"].shape[0])
        v = m.encoder(i["video"]).permute(0, 2, 1, 3, 4)
        out["video_codes"] = m.quantize(m.quant_conv(v).permute(0, 2, 1, 3, 4))
        out["video_decoded"] = m.decode(out["video_codes"])
    return out


@loader("emu3-vqvae")
def load_emu3(folder, g):
    cfg = json.load(open(os.path.join(folder, "config.json")))
    m = transformers.Emu3VQVAE(transformers.Emu3VQVAEConfig(**diffusion_names.emu3_config(cfg)))
    path = os.path.join(folder, "model.safetensors")
    sd = load_file(path) if os.path.exists(path) else None
    if sd is None:
        return diffusion_names.fill_by_name(m).eval()
    if g["options"].get("layout") == "released":
        names = diffusion_names.emu3_released_names(m)
        sd = {k: sd[names[k]].reshape(v.shape) for k, v in m.state_dict().items()}
    m.load_state_dict(sd, strict=True)
    return m.eval()


@loader("stable-audio-checkpoint")
def load_sa_all(folder, g):
    c = json.load(open(os.path.join(folder, "config.json")))["diffusers"]
    ms = (StableAudioDiTModel.from_config(c["transformer"]), StableAudioProjectionModel.from_config(c["projection_model"]),
          AutoencoderOobleck.from_config(c["vae"]))
    sd = load_file(os.path.join(folder, "model.safetensors"))
    for m, part in zip(ms, diffusion_names.stable_audio_from_original(sd, len(c["vae"]["downsampling_ratios"]))):
        m.load_state_dict(part, strict=True)
    return [m.eval() for m in ms]


# ---------------------------------------------------------------- configurations (tiny; the shapes of the released ones)

def sd_unet(kind, pick, inpaint=False):
    n = pick(2, 1)
    ch = pick((8, 16, 16), (12, 24, 24))
    c = dict(sample_size=8, in_channels=9 if inpaint else 4, out_channels=4, norm_num_groups=4, layers_per_block=n,
             block_out_channels=ch, cross_attention_dim=pick(24, 20), act_fn="silu", center_input_sample=False,
             flip_sin_to_cos=True, freq_shift=0, norm_eps=1e-5, mid_block_scale_factor=1, downsample_padding=1)
    if kind == "sdxl":
        c |= dict(down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
                  up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"), use_linear_projection=True, layers_per_block=1,
                  transformer_layers_per_block=pick((1, 1, 2), (1, 2, 1)), attention_head_dim=pick((2, 2, 4), (2, 4, 2)),
                  addition_embed_type="text_time", addition_time_embed_dim=pick(8, 6),
                  projection_class_embeddings_input_dim=pick(16 + 6 * 8, 12 + 6 * 6))
    else:
        c |= dict(down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
                  up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"))
        c |= dict(attention_head_dim=(2, 4, 4), use_linear_projection=True) if kind == "sd2" else dict(attention_head_dim=4)
        if inpaint:
            c |= dict(layers_per_block=1)
    return c


def tiny_unet(pick, **k):
    c = dict(sample_size=8, in_channels=4, out_channels=4, norm_num_groups=4, layers_per_block=1, block_out_channels=pick((8, 16), (12, 16)),
             down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
             cross_attention_dim=pick(32, 24), attention_head_dim=2)
    return UNet2DConditionModel(**(c | k))


def vae_config(pick, latent=4, **k):
    ch = pick((8, 16, 16), (12, 24))
    return dict(in_channels=3, out_channels=3, latent_channels=latent, block_out_channels=ch, layers_per_block=pick(1, 2), norm_num_groups=4,
                down_block_types=("DownEncoderBlock2D",) * len(ch), up_block_types=("UpDecoderBlock2D",) * len(ch), act_fn="silu",
                sample_size=32, scaling_factor=0.18215, force_upcast=True) | k


def oobleck_config(pick):
    return dict(encoder_hidden_size=pick(12, 8), downsampling_ratios=pick([2, 4, 4], [2, 3, 4]), channel_multiples=pick([1, 2, 3], [1, 2, 4]), decoder_channels=pick(12, 8),
                decoder_input_channels=pick(6, 4), audio_channels=2, sampling_rate=pick(8000, 6000))


def sa_dit_config(pick):
    return dict(sample_size=16, in_channels=pick(6, 4), num_layers=pick(4, 3), attention_head_dim=8, num_attention_heads=pick(4, 6),
                num_key_value_attention_heads=pick(2, 3), out_channels=pick(6, 4), cross_attention_dim=pick(16, 24), time_proj_dim=pick(16, 20),
                global_states_input_dim=pick(32, 48), cross_attention_input_dim=pick(16, 24))


# ---------------------------------------------------------------- cases

def autoencoders(a):
    p, s = a.pick, a.seed
    g = generator(s + 1)
    def inputs(latent, side, f):
        h, w = side
        return {"image": torch.rand(2, 3, h, w, generator=g) * 2 - 1, "noise": torch.randn(2, latent, h // f, w // f, generator=g),
                "latent": torch.randn(2, latent, 5, 3, generator=g)}
    f, side = p(4, 2), p((20, 12), (18, 10))
    m = fill(AutoencoderKL(**vae_config(p)), s + 2)
    emit(a, "autoencoder-kl", "autoencoder-kl", m, inputs(4, side, f),
         "SD-style VAE: encode (asymmetric 0,1,0,1 padding, GroupNorm eps 1e-6, one-head mid attention), clamped logvar, KL summed over C,H,W, decode of latent/scaling_factor; latents 5x3 are odd and not square")
    m = fill(AutoencoderKL(**vae_config(p, latent=p(16, 8), use_quant_conv=False, use_post_quant_conv=False, scaling_factor=1.5305, shift_factor=0.0609)), s + 3)
    emit(a, "autoencoder-kl-16ch", "autoencoder-kl", m, inputs(p(16, 8), side, f),
         "SD3/FLUX-style VAE: no quant_conv, no post_quant_conv, latents scaled as (z - shift_factor) * scaling_factor")
    if a.heldout:
        return
    c = vae_config(lambda x, y: y, layers_per_block=1, block_out_channels=(8, 12))
    m = fill(AutoencoderKL(**c), s + 4)
    io = inputs(4, (10, 14), 2)
    emit(a, "autoencoder-kl-old-attention-names", "autoencoder-kl", m, io, options={"layout": "diffusers-old-attention"},
         about="diffusers checkpoints of 2022 name the mid attention query/key/value/proj_attn; same tensors, same result",
         weights={diffusion_names.old_attention(k): v for k, v in m.state_dict().items()})
    emit(a, "autoencoder-kl-ldm-names", "autoencoder-kl", m, io, options={"layout": "ldm"},
         about="single-file layout: first_stage_model.*, up blocks numbered from the lowest resolution upwards reversed, mid attention as 1x1 convolutions",
         weights={"first_stage_model." + n: v[..., None, None] if (".attn_1." in n and v.ndim == 2) else v
                  for k, v in m.state_dict().items() for n in [diffusion_names.vae_to_ldm(k, 2)]})


def unets(a):
    p, s = a.pick, a.seed
    g = generator(s + 10)
    r = lambda *shape: torch.randn(*shape, generator=g)
    h, w = p((8, 12), (12, 8))
    def inputs(c, inch=4, batch=2, length=7):
        d = {"sample": r(batch, inch, h, w), "timestep": torch.tensor([981, 3, 407][:batch]), "encoder_hidden_states": r(batch, length, c["cross_attention_dim"]),
             "single_timestep": torch.tensor([521]), "float_timestep": torch.tensor([666.25])}
        return d
    c = sd_unet("sd15", p)
    m = fill(UNet2DConditionModel(**c), s + 11)
    i = inputs(c, batch=3)
    mask = torch.ones(3, 7, dtype=torch.int64)
    mask[0, 5:] = 0
    mask[1, :3] = 0
    i["encoder_attention_mask"] = mask
    keep = {}
    hook = m.mid_block.register_forward_hook(lambda _m, _i, o: keep.update(mid=o.shape))
    hooks = [b.register_forward_hook(lambda _m, _i, o: keep.setdefault("down", []).extend(o[1])) for b in m.down_blocks]
    m(i["sample"], 1, i["encoder_hidden_states"])
    [x.remove() for x in hooks + [hook]]
    down = [r(3, c["block_out_channels"][0], h, w)] + [r(*x.shape) for x in keep["down"]]
    i |= {f"down_residual_{k}": 0.3 * v for k, v in enumerate(down)} | {"mid_residual": 0.3 * r(*keep["mid"])}
    emit(a, "unet-sd15", "unet", m, i,
         "SD1.x UNet: 1x1-conv projections, attention_head_dim is the NUMBER of heads, 3 timesteps in one batch, integer and fractional timestep, padded text (mask 1 = keep, bias -10000), control residuals added to skips and mid")
    c = sd_unet("sd2", p) | dict(layers_per_block=1)
    emit(a, "unet-sd2", "unet", fill(UNet2DConditionModel(**c), s + 12), inputs(c) | {"size_odd": r(2, 4, 7, 10)},
         "SD2.x UNet: linear projections, heads per level; sample_odd has sides that are not multiples of 4, so upsampling follows the skip's size (nearest to size, not factor 2)")
    c = sd_unet("sdxl", p)
    i = inputs(c) | {"text_embeds": r(2, c["projection_class_embeddings_input_dim"] - 6 * c["addition_time_embed_dim"]),
                     "time_ids": torch.tensor([[1024., 768., 0., 16., 1024., 1024.], [512., 640., 8., 0., 768., 512.]])}
    emit(a, "unet-sdxl", "unet", fill(UNet2DConditionModel(**c), s + 13), i,
         "SDXL UNet: no attention at the top level, several transformer layers per block, text_time conditioning = pooled text then six cos-first sinusoids (h, w, top, left, th, tw)")
    c = sd_unet("sd15", p, inpaint=True)
    emit(a, "unet-inpaint-9ch", "unet", fill(UNet2DConditionModel(**c), s + 14), inputs(c, inch=9),
         "inpainting UNet: channels are noisy latents (4), mask (1), masked-image latents (4)")
    if a.heldout:
        return
    m = fill(tiny_unet(p), s + 15)
    c = m.config
    emit(a, "unet-ldm-names", "unet", m, inputs(c), options={"layout": "ldm"},
         about="single-file layout: model.diffusion_model.input_blocks / middle_block / output_blocks",
         weights={"model.diffusion_model." + diffusion_names.unet_to_ldm(k, c): v for k, v in m.state_dict().items()})
    # control net
    c = sd_unet("sd15", p)
    u = UNet2DConditionModel(**c)
    m = fill(ControlNetModel.from_unet(u, conditioning_channels=4, controlnet_conditioning_channel_order="rgb", conditioning_embedding_out_channels=(4, 8, 8, 12)), s + 16)
    i = {"sample": r(2, 4, 8, 12), "timestep": torch.tensor([501, 21]), "encoder_hidden_states": r(2, 7, c["cross_attention_dim"]), "controlnet_cond": torch.rand(2, 4, 64, 96, generator=g)}
    emit(a, "controlnet-sd15", "controlnet", m, i, options={"conditioning_scale": 0.7},
         about="ControlNet with a 4-channel hint at 8x the latent size (AnyDoor's width): all residuals scaled by conditioning_scale; guess_* scale them by logspace(-1, 0) as well, first residual weakest")
    # IP-Adapter, released file layout: image_proj.*, ip_adapter.{odd}.to_k_ip/to_v_ip with down, up, mid order
    for name, plus in (("unet-ip-adapter", False), ("unet-ip-adapter-plus", True)):
        m = fill(tiny_unet(p), s + 17)
        cross, emb = m.config.cross_attention_dim, 20
        tokens = 4
        flat = {}
        if plus:
            flat |= ip_plus_weights(emb, cross, tokens, s)
        else:
            flat |= {"image_proj.proj.weight": r(cross * tokens, emb) / emb ** .5, "image_proj.proj.bias": .1 * r(cross * tokens),
                     "image_proj.norm.weight": 1 + .2 * r(cross), "image_proj.norm.bias": .1 * r(cross)}
        k = 1
        for n, proc in m.attn_processors.items():
            if n.endswith("attn2.processor"):
                hidden = m.get_submodule(n.rsplit(".", 1)[0]).to_k.weight.shape[0]
                flat[f"ip_adapter.{k}.to_k_ip.weight"] = 1.6 * r(hidden, cross) / cross ** .5
                flat[f"ip_adapter.{k}.to_v_ip.weight"] = r(hidden, cross) / cross ** .5
            k += 0 if n.endswith("attn1.processor") else 2
        base, cfg = {k2: v.clone() for k2, v in m.state_dict().items()}, config_of(m)
        attach_ip(m, flat)
        i = {"sample": r(2, 4, 8, 8), "timestep": torch.tensor([501, 21]), "encoder_hidden_states": r(2, 7, cross),
             "image_embeds": r(2, 1, 9, emb) if plus else r(2, 1, emb)}
        emit(a, name, "unet-ip-adapter", m, i, options={"scale": 0.6}, weights=base, config=cfg, extra_files={"ip_adapter.safetensors": lambda f, x=flat: save_file(x, f)},
             about="IP-Adapter%s in its released file layout (ip_adapter.safetensors): odd numbers count attention processors in the order down, up, mid; image attention added to text attention times scale" % (" Plus (Perceiver resampler over patch tokens)" if plus else " (one image vector to 4 tokens, LayerNorm)"))
    # Paint-by-Example
    cc = transformers.CLIPVisionConfig(hidden_size=16, intermediate_size=32, num_hidden_layers=6, num_attention_heads=2, image_size=32, patch_size=8, projection_dim=24)
    m = fill(PaintByExampleImageEncoder(cc), s + 18)
    emit(a, "paint-by-example-image-encoder", "paint-by-example-image-encoder", m, {"pixel_values": r(2, 3, 32, 32)}, architecture="PaintByExampleImageEncoder",
         config={k: v for k, v in json.loads(cc.to_json_string(use_diff=False)).items() if k != "_name_or_path"},
         about="Paint-by-Example's condition: CLIP pooled CLS -> (layers+1)//5 one-head transformer blocks without cross attention -> LayerNorm -> linear to projection_dim (released: 768); uncond_vector is a weight of the checkpoint")


def ip_plus_weights(emb, cross, tokens, seed):
    """IP-Adapter Plus resampler, original key names (image_proj.*); four layers and heads of 64 wide as released."""
    g = generator(seed + 99)
    r = lambda *s: torch.randn(*s, generator=g)
    d, heads = cross, 1                     # inner width of the attention is 64 * heads
    w = {"latents": r(1, tokens, d), "proj_in.weight": r(d, emb) / emb ** .5, "proj_in.bias": .1 * r(d),
         "proj_out.weight": r(cross, d) / d ** .5, "proj_out.bias": .1 * r(cross), "norm_out.weight": 1 + .2 * r(cross), "norm_out.bias": .1 * r(cross)}
    for l in range(4):
        w |= {f"layers.{l}.0.norm1.weight": 1 + .2 * r(d), f"layers.{l}.0.norm1.bias": .1 * r(d), f"layers.{l}.0.norm2.weight": 1 + .2 * r(d), f"layers.{l}.0.norm2.bias": .1 * r(d),
              f"layers.{l}.0.to_q.weight": 1.5 * r(64 * heads, d) / d ** .5, f"layers.{l}.0.to_kv.weight": 1.5 * r(128 * heads, d) / d ** .5, f"layers.{l}.0.to_out.weight": r(d, 64 * heads) / 8,
              f"layers.{l}.1.0.weight": 1 + .2 * r(d), f"layers.{l}.1.0.bias": .1 * r(d), f"layers.{l}.1.1.weight": r(4 * d, d) / d ** .5, f"layers.{l}.1.3.weight": r(d, 4 * d) / (4 * d) ** .5}
    return {"image_proj." + k: v for k, v in w.items()}


def stable_audio(a):
    p, s = a.pick, a.seed
    g = generator(s + 30)
    r = lambda *shape: torch.randn(*shape, generator=g)
    vc, dc = oobleck_config(p), sa_dit_config(p)
    hop = math.prod(vc["downsampling_ratios"])
    m = vae = fill(AutoencoderOobleck(**vc), s + 31)
    emit(a, "autoencoder-oobleck", "autoencoder-oobleck", m, {"audio": 0.5 * r(2, 2, 16 * hop), "noise": r(2, vc["decoder_input_channels"], 16), "latent": r(2, vc["decoder_input_channels"], 9)},
         "Stable Audio Oobleck VAE: log-scale snake (alpha, beta), weight_norm kept as weight_g/weight_v (transposed convolution: one g per INPUT channel), std = softplus(scale) + 1e-4, KL mean over batch and time of the channel sum")
    m = dit = fill(StableAudioDiTModel(**dc), s + 32)
    emit(a, "stable-audio-dit", "stable-audio-dit", m,
         {"sample": r(2, dc["in_channels"], 11), "timestep": torch.tensor([0.9987, 0.1856]), "encoder_hidden_states": r(2, 9, dc["cross_attention_input_dim"]), "global_hidden_states": r(2, 1, dc["global_states_input_dim"])},
         "Stable Audio DiT: prepended global+time token, cos-first Fourier time, rotary on half the head (half-rotation) including the prepended token, grouped cross-attention keys repeated by interleaving, no masks; block_N = hidden states after block N, 12 tokens with the prepended one (the frozen half a ControlFormer copies)")
    tc = dc["cross_attention_input_dim"]
    m = proj = fill(StableAudioProjectionModel(text_encoder_dim=p(24, tc), conditioning_dim=tc, min_value=0, max_value=512), s + 33)
    emit(a, "stable-audio-projection", "stable-audio-projection", m,
         {"text_hidden_states": r(2, 7, p(24, tc)), "start_seconds": torch.tensor([0., 31.5]), "end_seconds": torch.tensor([47.55, 600.])},
         "Stable Audio number conditioners: clamp to [0,512], /512, features (x, sin, cos), Linear; text projection is a Linear only where the widths differ (released: identity)")
    if a.heldout:
        return
    proj = fill(StableAudioProjectionModel(text_encoder_dim=tc, conditioning_dim=tc, min_value=0, max_value=512), s + 34)
    small = StableAudioDiTModel(**(dc | dict(num_layers=2)))
    dit = fill(small, s + 35)
    mask = torch.ones(2, 7, dtype=torch.int64)
    mask[0, 4:] = 0
    weights = diffusion_names.stable_audio_to_original(dit.state_dict(), proj.state_dict(), vae.state_dict(), len(vc["downsampling_ratios"]))
    emit(a, "stable-audio-original-names", "stable-audio-checkpoint", (dit, proj, vae), architecture="stable-audio-tools checkpoint",
         config={"model_type": "diffusion_cond", "sample_size": 16 * hop, "sample_rate": vc["sampling_rate"], "audio_channels": 2,
                 "model": {"pretransform": {"type": "autoencoder", "config": {"encoder": {"type": "oobleck", "config": {"in_channels": 2, "channels": 12, "c_mults": vc["channel_multiples"], "strides": vc["downsampling_ratios"], "latent_dim": 12, "use_snake": True}},
                                                                                       "decoder": {"type": "oobleck", "config": {"out_channels": 2, "channels": 12, "c_mults": vc["channel_multiples"], "strides": vc["downsampling_ratios"], "latent_dim": 6, "use_snake": True, "final_tanh": False}},
                                                                                       "bottleneck": {"type": "vae"}, "latent_dim": 6, "downsampling_ratio": hop, "io_channels": 2}},
                           "conditioning": {"configs": [{"id": "prompt", "type": "t5", "config": {"t5_model_name": "t5-base", "max_length": 7}}, {"id": "seconds_start", "type": "number", "config": {"min_val": 0, "max_val": 512}}, {"id": "seconds_total", "type": "number", "config": {"min_val": 0, "max_val": 512}}], "cond_dim": tc},
                           "diffusion": {"type": "dit", "cross_attention_cond_ids": ["prompt", "seconds_start", "seconds_total"], "global_cond_ids": ["seconds_start", "seconds_total"],
                                         "config": {"io_channels": dc["in_channels"], "embed_dim": 32, "depth": 2, "num_heads": 4, "cond_token_dim": tc, "global_cond_dim": 2 * tc, "project_cond_tokens": False, "transformer_type": "continuous_transformer"}}, "io_channels": dc["in_channels"]},
                 "diffusers": {"transformer": config_of(dit), "projection_model": config_of(proj), "vae": config_of(vae)}},
         inputs={"text_hidden_states": r(2, 7, tc), "attention_mask": mask, "start_seconds": torch.tensor([0., 3.]), "end_seconds": torch.tensor([10., 47.]),
                 "sample": r(2, dc["in_channels"], 11), "timestep": torch.tensor([0.93, 0.4]), "audio": 0.5 * r(2, 2, 8 * hop)}, weights=weights,
         about="one checkpoint in the original (stable-audio-tools) layout: fused to_qkv/to_kv, gamma/beta, pretransform.model.*, conditioner.*; the renaming is this script's own, the numbers are diffusers'; config.json imitates model_config.json and adds the diffusers configs; rotary width is head/2 = 4 here (stable-audio-tools: max(head/2, 32), the same for the released head of 64)")


def transformers2d(a):
    if a.heldout:
        return
    s = a.seed
    g = generator(s + 50)
    r = lambda *shape: torch.randn(*shape, generator=g)
    m = fill(DiTTransformer2DModel(num_attention_heads=2, attention_head_dim=12, in_channels=4, out_channels=8, num_layers=2, sample_size=8, patch_size=2, norm_num_groups=4,
                                   num_embeds_ada_norm=10, attention_bias=True, activation_fn="gelu-approximate"), s + 51)
    emit(a, "dit-ada-zero", "dit", m, {"sample": r(3, 4, 8, 8), "timestep": torch.tensor([999, 4, 500]), "class_labels": torch.tensor([3, 10, 0])},
         "DiT (adaLN-Zero): 2x2 patches, fixed 2-D sin-cos positions, class + time embedding, tanh GELU, LayerNorm eps 1e-6 without weights, learned-variance output (8 channels); label 10 is the null class")
    m = fill(SD3Transformer2DModel(sample_size=8, patch_size=2, in_channels=4, num_layers=2, attention_head_dim=8, num_attention_heads=2, joint_attention_dim=16,
                                   caption_projection_dim=16, pooled_projection_dim=12, out_channels=4, pos_embed_max_size=8, qk_norm="rms_norm"), s + 52)
    emit(a, "sd3-transformer", "sd3-transformer", m, {"sample": r(2, 4, 8, 6), "encoder_hidden_states": r(2, 5, 16), "pooled_projections": r(2, 12), "timestep": torch.tensor([875., 12.5])},
         "SD3.5-style MMDiT: joint attention with RMS q/k norms, centre-cropped position table, last block drops its text stream")
    m = fill(FluxTransformer2DModel(patch_size=1, in_channels=16, num_layers=1, num_single_layers=2, attention_head_dim=16, num_attention_heads=2, joint_attention_dim=20,
                                    pooled_projection_dim=12, guidance_embeds=True, axes_dims_rope=(4, 6, 6)), s + 53)
    ids = torch.zeros(3, 4, 3)
    ids[..., 1] += torch.arange(3)[:, None]
    ids[..., 2] += torch.arange(4)[None, :]
    emit(a, "flux-transformer", "flux-transformer", m, {"sample": r(2, 12, 16), "encoder_hidden_states": r(2, 5, 20), "pooled_projections": r(2, 12), "timestep": torch.tensor([0.875, 0.02]),
                                                      "img_ids": ids.view(12, 3), "txt_ids": torch.zeros(5, 3), "guidance": torch.tensor([3.5, 1.0])},
         "FLUX transformer: packed 2x2 latents, three-axis interleaved rotary positions, text tokens first, single-stream blocks, guidance embedding (timestep and guidance are multiplied by 1000 inside)")


def pin_codebook(m, latents, seed):
    """Codebook entries near what the encoder produces, so that many codes are in use."""
    g = generator(seed)
    flat = latents.reshape(-1, latents.shape[-1])
    n = m.weight.shape[0]
    pick = torch.randint(0, flat.shape[0], (n,), generator=g)
    m.weight.data = (flat[pick] + 0.5 * flat.std() * torch.randn(n, flat.shape[1], generator=g)).contiguous()


def gap(latents, codebook):
    d = torch.cdist(latents.reshape(-1, latents.shape[-1]).double(), codebook.double()).pow(2).sort(1).values
    return (d[:, 1] - d[:, 0]).min().item()


def quantizers(a):
    p, s = a.pick, a.seed
    for name, spatial in (("vq-model", False), ("movq", True)):
        if a.heldout and not spatial:
            continue
        ch = p((32, 32), (32, 64)) if spatial else (8, 16, 16)
        m = fill(VQModel(block_out_channels=ch, layers_per_block=1, latent_channels=p(4, 5), vq_embed_dim=p(4, 5), num_vq_embeddings=p(48, 40), norm_num_groups=p(8, 16) if spatial else 4,
                         norm_type="spatial" if spatial else "group", sample_size=16,
                         down_block_types=("DownEncoderBlock2D",) * (len(ch) - 1) + (("AttnDownEncoderBlock2D",) if spatial else ("DownEncoderBlock2D",)),
                         up_block_types=(("AttnUpDecoderBlock2D",) if spatial else ("UpDecoderBlock2D",)) + ("UpDecoderBlock2D",) * (len(ch) - 1)), s + 61)
        side = p((16, 12), (12, 20))
        best = None
        for t in range(200):
            g = generator(s + 62 + t)
            image = torch.rand(2, 3, *side, generator=g) * 2 - 1
            z = m.encode(image).latents.permute(0, 2, 3, 1)
            pin_codebook(m.quantize.embedding, m.encode(torch.rand(2, 3, *side, generator=g) * 2 - 1).latents.permute(0, 2, 3, 1), s + t)
            best = gap(z, m.quantize.embedding.weight)
            if best > 3e-3:
                break
        codes = torch.randint(0, m.quantize.n_e, (2, 5, 3), generator=g)
        emit(a, name, "vq-model", m, {"image": image, "codes": codes}, options={"smallest_distance_gap": best},
             about=("MoVQ (Kandinsky / SBER-MoVQGAN): decoder norms are spatial = GroupNorm(32) * conv_y(zq) + conv_b(zq), zq before post_quant_conv resized nearest (so vq_embed_dim must equal latent_channels); "
                    if spatial else "plain VQ autoencoder; ") + "encode, nearest code (smallest gap of squared distances in options), decode of given codes, legacy commitment loss = mean((sg q - z)^2) + 0.25 mean((q - sg z)^2)")
    # Emu3
    c = transformers.Emu3VQVAEConfig(codebook_size=p(48, 56), embed_dim=4, latent_channels=4, base_channels=32, channel_multiplier=p([1, 1], [1, 2]), num_res_blocks=1,
                                     attn_resolutions=[1], temporal_downsample_factor=4, hidden_size=32 * p(1, 2), num_attention_heads=1)
    m = fill(transformers.Emu3VQVAE(c), s + 71)
    lat = lambda x: m.quant_conv(m.encoder(x).permute(0, 2, 1, 3, 4)).permute(0, 2, 3, 4, 1)
    rep = lambda x: x.unsqueeze(1).repeat(1, 4, 1, 1, 1)
    def draw(g):
        return [torch.rand(2, 3, 8, 12, generator=g) * 2 - 1, torch.rand(1, 8, 3, 8, 8, generator=g) * 2 - 1]
    z = lat(rep(draw(generator(s + 71))[0])).reshape(-1, 4)
    m.quant_conv.conv.weight.data /= z.std(0).view(-1, 1, 1, 1, 1)          # latents of about unit size
    m.quant_conv.conv.bias.data = -z.mean(0) / z.std(0) + m.quant_conv.conv.bias.data / z.std(0)
    for t in range(200):
        g = generator(s + 72 + t)
        image, video = draw(g)
        other = draw(g)
        pin_codebook(m.quantize.embedding, torch.cat([lat(rep(other[0])).reshape(-1, 4), lat(other[1]).reshape(-1, 4)]), s + t)
        best = min(gap(lat(rep(image)), m.quantize.embedding.weight), gap(lat(video), m.quantize.embedding.weight))
        if best > 3e-3:
            break
    i = {"image": image, "codes": torch.randint(0, c.codebook_size, (2, 3, 5), generator=g), "video": video}
    about = ("Emu3 vision tokenizer (causal temporal MoVQ): a still is repeated to 4 frames, 2 frames of zero padding in front of every temporal convolution, BatchNorm running statistics, "
             "spatial norm without 1+; frame 0 of the decode is the image; video of 8 frames gives 2 code frames")
    emit(a, "emu3-vqvae", "emu3-vqvae", m, i, about, options={"smallest_distance_gap": best, "layout": "transformers"}, config=json.loads(c.to_json_string()))
    if a.heldout:
        return
    names = diffusion_names.emu3_released_names(m)
    emit(a, "emu3-vqvae-released-names", "emu3-vqvae", m, i, options={"smallest_distance_gap": best, "layout": "released"},
         config=diffusion_names.emu3_released_config(c), architecture="Emu3VisionVQModel", weights={n: v[..., None, None] if diffusion_names.is_conv_attention(n) else v for k, v in m.state_dict().items() for n in [names[k]]},
         about="the same tokenizer under the keys and config of BAAI/Emu3-VisionTokenizer (encoder.down.N.block.M, decoder.up.N, norm_layer/conv_y/conv_b); the renaming is this script's own, the numbers are transformers'")
    # weightless: the deterministic filler of the SynerGen-VL description
    c = transformers.Emu3VQVAEConfig(codebook_size=64, embed_dim=4, latent_channels=4, base_channels=32, channel_multiplier=[1, 2, 2, 4], num_res_blocks=1, attn_resolutions=[3], hidden_size=128, num_attention_heads=1)
    m = diffusion_names.fill_by_name(transformers.Emu3VQVAE(c)).eval()
    i = {"image": diffusion_names.named_values("input", (1, 3, 32, 48)).float(), "codes": (5 * torch.arange(24) % 64).view(1, 4, 6)}
    emit(a, "emu3-vqvae-filled-by-name", "emu3-vqvae", m, i, options={"filler": "FNV-1a filler of the written description, on the released names", "layout": "filled"},
         config=diffusion_names.emu3_released_config(c), architecture="Emu3VisionVQModel", weights=False,
         about="description golden G1 computed with transformers: 4 levels with nin_shortcut, weights from the description's name-hash filler (released names), no weight file")


def main():
    a = arguments(20)
    for part in (autoencoders, unets, stable_audio, transformers2d, quantizers):
        part(a)
    import diffusion_pipelines, diffusion_keys
    diffusion_pipelines.cases(a)
    diffusion_keys.cases(a)


if __name__ == "__main__":
    import diffusion_pipelines
    main()
