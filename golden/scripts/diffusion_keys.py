"""Key tables (diffusers <-> single-file names) and full-size parameter listings; nothing here allocates weights."""
import json, os, re
from diffusion_common import *
import diffusers, transformers
from diffusers import AutoencoderKL, AutoencoderOobleck, ControlNetModel, StableAudioDiTModel, UNet2DConditionModel, VQModel
from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint, convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
import diffusion_names

SD_BLOCKS = dict(block_out_channels=(320, 640, 1280, 1280), layers_per_block=2, norm_num_groups=32, sample_size=64)
SD15 = SD_BLOCKS | dict(cross_attention_dim=768, attention_head_dim=8)
SD21 = SD_BLOCKS | dict(cross_attention_dim=1024, attention_head_dim=(5, 10, 20, 20), use_linear_projection=True, sample_size=96)
SDXL = dict(block_out_channels=(320, 640, 1280), layers_per_block=2, norm_num_groups=32, sample_size=128, cross_attention_dim=2048, attention_head_dim=(5, 10, 20), use_linear_projection=True,
            transformer_layers_per_block=(1, 2, 10), down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            addition_embed_type="text_time", addition_time_embed_dim=256, projection_class_embeddings_input_dim=2816)
VAE = dict(block_out_channels=(128, 256, 512, 512), layers_per_block=2, latent_channels=4, norm_num_groups=32, sample_size=512, down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)


def meta(cls, **c):
    with torch.device("meta"):
        return cls(**c)


def shape(t):
    return "x".join(str(x) for x in t.shape) or "scalar"


def size_of(tensors):
    return sum(t.numel() for t in tensors)


def listing(a, name, model, about, variants=(), rename=None, extra=None, config=None):
    if a.only and name not in a.only:
        return
    folder = os.path.join(a.out, name)
    os.makedirs(folder, exist_ok=True)
    sd = model.state_dict()
    rename = rename or (lambda k, v: (k, shape(v)))
    rows = [rename(k, v) for k, v in sd.items()]
    open(os.path.join(folder, "parameters.txt"), "w").write("".join(f"{k} {s}\n" for k, s in rows))
    count = size_of(model.parameters())
    case = {"model": type(model).__name__, "tensors": len(sd), "parameters": count, "buffers": len(sd) - len(list(model.parameters())), "file": "parameters.txt"} | (extra or {})
    cases = [case]
    for label, other in variants:
        o = other.state_dict()
        assert o.keys() == sd.keys()
        cases.append({"model": label, "tensors": len(o), "parameters": size_of(other.parameters()), "differs": {k: shape(o[k]) for k in o if o[k].shape != sd[k].shape}})
    gold.write(a.out, name, kind="parameter-listing", architecture=type(model).__name__, seed=0, script="diffusion_keys.py", libs=libs(), cases=cases,
               config=config or config_of(model),
               about=about + ". parameters.txt: one line per tensor, 'name AxBxC', in state_dict order; cases.json: counts, and other releases of the same layout with the tensors that differ")


def key_map(a, name, pairs, about, config):
    if a.only and name not in a.only:
        return
    gold.write(a.out, name, kind="key-map", architecture=config.get("_class_name", ""), seed=0, script="diffusion_keys.py", libs=libs(), cases=None, config=config, about=about)
    with open(os.path.join(a.out, name, "cases.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(p, separators=(",", ":")) for p in pairs) + "\n]\n")
    print(name, len(pairs), os.path.getsize(os.path.join(a.out, name, "cases.json")) // 1024, "KB")


def tagged(keys):
    return {k: torch.full((1, 1, 1, 1), float(i)) for i, k in enumerate(keys)}


def verify(converted, pairs, prefix):
    """The library's converter, fed one marked tensor per original key, must yield exactly our pairs."""
    number = {o: i for i, (_, o) in enumerate(pairs)}
    assert converted.keys() == {d for d, _ in pairs}, sorted(converted.keys() ^ {d for d, _ in pairs})[:5]
    for d, o in pairs:
        assert int(converted[d].flatten()[0]) == number[o], (d, o)


def unet_pairs(model):
    c = model.config
    pairs = [(k, "model.diffusion_model." + diffusion_names.unet_to_ldm(k, c)) for k in model.state_dict()]
    verify(convert_ldm_unet_checkpoint(tagged([o for _, o in pairs]), c), pairs, "model.diffusion_model.")
    return pairs


def folded(pairs):
    """Everything below transformer_blocks has the same name on both sides: keep the prefix once."""
    out, seen = [], set()
    for d, o in pairs:
        if ".transformer_blocks." in d:
            d, o = d.split(".transformer_blocks.")[0] + ".transformer_blocks.*", o.split(".transformer_blocks.")[0] + ".transformer_blocks.*"
        if d not in seen:
            seen.add(d)
            out.append([d, o])
    return out


def controlnet_pairs(model):
    n = model.config["layers_per_block"]
    def one(k):
        leaf = k.rsplit(".", 1)[1]
        if m := re.match(r"controlnet_down_blocks\.(\d+)\.", k):
            return f"zero_convs.{m[1]}.0.{leaf}"
        if k.startswith("controlnet_mid_block."):
            return "middle_block_out.0." + leaf
        if k.startswith("controlnet_cond_embedding.conv_in."):
            return "input_hint_block.0." + leaf
        if k.startswith("controlnet_cond_embedding.conv_out."):
            return "input_hint_block.14." + leaf
        if m := re.match(r"controlnet_cond_embedding\.blocks\.(\d+)\.", k):
            return f"input_hint_block.{2 * int(m[1]) + 2}.{leaf}"
        return diffusion_names.unet_to_ldm(k, model.config)
    pairs = [(k, "control_model." + one(k)) for k in model.state_dict()]
    c = dict(model.config)
    verify(convert_controlnet_checkpoint(tagged([o for _, o in pairs]), c), pairs, "control_model.")
    return pairs


def cases(a):
    if a.heldout:
        return
    unet = lambda c, **k: meta(UNet2DConditionModel, **(c | k))
    public = "; configuration as in the public release, counts checked against the published ones"
    sd15, sdxl, vae = unet(SD15), unet(SDXL), meta(AutoencoderKL, **VAE)
    control = meta(ControlNetModel, **{k: v for k, v in SD15.items() if k != "sample_size"})
    key_map(a, "keys-unet-sd15", unet_pairs(sd15), "pairs [diffusers key, single-file key] of the SD1.x UNet (SD2.x: same names), verified with diffusers' convert_ldm_unet_checkpoint", config_of(sd15))
    key_map(a, "keys-unet-sdxl", folded(unet_pairs(sdxl)), "pairs [diffusers key, single-file key] of the SDXL UNet, verified in full with diffusers' convert_ldm_unet_checkpoint; every key below transformer_blocks keeps its name, so those are folded into one '.*' row per attention", config_of(sdxl))
    pairs = [(k, "first_stage_model." + diffusion_names.vae_to_ldm(k, 4)) for k in vae.state_dict()]
    verify(convert_ldm_vae_checkpoint(tagged([o for _, o in pairs]), vae.config), pairs, "first_stage_model.")
    key_map(a, "keys-vae", [[d, o, diffusion_names.old_attention(d)] if diffusion_names.old_attention(d) != d else [d, o] for d, o in pairs],
            "pairs [diffusers key, single-file key] of the SD VAE, with the 2022 diffusers attention name as a third entry; verified with diffusers' convert_ldm_vae_checkpoint; mid attention weights are CxCx1x1 in single files", config_of(vae))
    key_map(a, "keys-controlnet-sd15", controlnet_pairs(control), "pairs [diffusers key, original key] of a SD1.x ControlNet (control_model.*, as AnyDoor's checkpoint uses), verified with diffusers' convert_controlnet_checkpoint", config_of(control))
    listing(a, "parameters-unet-sd15", sd15, "SD1.5 UNet at its released size" + public, [("SD1.5-inpainting", unet(SD15, in_channels=9))])
    listing(a, "parameters-unet-sd21", unet(SD21), "SD2.1 UNet at its released size" + public, [("SD2-inpainting", unet(SD21, in_channels=9))])
    listing(a, "parameters-unet-sdxl", sdxl, "SDXL base UNet at its released size" + public, [("SDXL-inpainting-0.1", unet(SDXL, in_channels=9))])
    listing(a, "parameters-vae", vae, "SD/SDXL VAE at its released size" + public)
    listing(a, "parameters-controlnet-sd15", control, "SD1.5 ControlNet at its released size; configuration: the library's defaults")
    listing(a, "parameters-stable-audio-dit", meta(StableAudioDiTModel), "Stable Audio Open 1.0 DiT; configuration: the library's defaults, the published numbers; diffusers stores the layer norms' zero beta as norm*.bias parameters, the original layout as buffers",
            extra={"parameters_without_norm_bias": size_of(meta(StableAudioDiTModel).parameters()) - 24 * 3 * 1536})
    listing(a, "parameters-oobleck", meta(AutoencoderOobleck), "Stable Audio Open VAE; configuration: the library's defaults, the published numbers; weight_g included")
    listing(a, "parameters-stable-audio-projection", meta(StableAudioProjectionModel, text_encoder_dim=768, conditioning_dim=768, min_value=0, max_value=512), "Stable Audio Open number conditioners; configuration as published")
    ch = (128, 256, 256, 512)
    listing(a, "parameters-movq-kandinsky", meta(VQModel, block_out_channels=ch, layers_per_block=2, latent_channels=4, vq_embed_dim=4, num_vq_embeddings=16384, norm_type="spatial", norm_num_groups=32,
            down_block_types=("DownEncoderBlock2D",) * 3 + ("AttnDownEncoderBlock2D",), up_block_types=("AttnUpDecoderBlock2D",) + ("UpDecoderBlock2D",) * 3),
            "Kandinsky 2.x MoVQ (SBER-MoVQGAN 67M) in diffusers names; configuration as published, from memory")
    c = transformers.Emu3VQVAEConfig()
    with torch.device("meta"):
        emu = transformers.Emu3VQVAE(c)
    names = diffusion_names.emu3_released_names(emu)
    listing(a, "parameters-emu3-vqvae", emu, "Emu3 vision tokenizer in transformers names (released repositories prefix model.vqmodel.); configuration: the library's defaults", config=json.loads(c.to_json_string()))
    listing(a, "parameters-emu3-vqvae-released", emu, "Emu3 vision tokenizer under the keys of BAAI/Emu3-VisionTokenizer (attention projections are 1x1 convolutions there); renaming by this script, counts checked against the published ones",
            rename=lambda k, v: (names[k], shape(v) + ("x1x1" if diffusion_names.is_conv_attention(names[k]) else "")), config=diffusion_names.emu3_released_config(c))
