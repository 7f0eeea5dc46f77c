"""Goldens of whole runs and of training arithmetic: text-to-image, image-to-image, inpainting, SDXL, Stable Audio, LoRA, guidance, losses."""
import contextlib, json, math, os, shutil, sys
from diffusion_common import *
from safetensors.torch import load_file, save_file
import diffusers, transformers
from diffusers import (AutoencoderKL, AutoencoderOobleck, CosineDPMSolverMultistepScheduler, DDIMScheduler, DDPMScheduler, EulerDiscreteScheduler,
                       StableAudioDiTModel, StableAudioPipeline, StableDiffusionImg2ImgPipeline, StableDiffusionInpaintPipeline, StableDiffusionPipeline,
                       StableDiffusionXLPipeline, UNet2DConditionModel)
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg
from diffusers.training_utils import compute_loss_weighting_for_sd3, compute_snr

SCRIPT = dict(script="diffusion_pipelines.py")
SD_SCHEDULE = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000, clip_sample=False, set_alpha_to_one=False, steps_offset=1)


@contextlib.contextmanager
def noise_source(draw):
    """Every randn_tensor of the library asks draw(shape) instead."""
    saved = []
    fake = lambda shape, generator=None, device=None, dtype=None, layout=None: draw(tuple(shape))
    for m in [m for n, m in list(sys.modules.items()) if n.startswith("diffusers") and m is not None and "randn_tensor" in getattr(m, "__dict__", {})]:
        saved.append((m, m.randn_tensor))
        m.randn_tensor = fake
    try:
        yield
    finally:
        for m, f in saved:
            m.randn_tensor = f


def replay(inputs):
    count = iter(range(1000))
    def draw(shape):
        n = inputs[f"noise_{next(count)}"]
        assert tuple(n.shape) == shape, (n.shape, shape)
        return n
    return noise_source(draw)


def record(into, seed):
    g = generator(seed)
    def draw(shape):
        into[f"noise_{len([k for k in into if k.startswith('noise_')])}"] = n = torch.randn(shape, generator=g)
        return n
    return noise_source(draw)


# ---------------------------------------------------------------- tiny Stable Diffusion

def tokenizer_files(folder, pad="<|endoftext|>"):
    """A real CLIP byte-level BPE with a small vocabulary: 256 bytes, 256 bytes with </w>, a few merges, the two specials."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode
    chars = list(bytes_to_unicode().values())
    merges = ["t h", "th e</w>", "i n", "e r", "r e", "c a", "ca t</w>", "o n</w>", "a n", "re d</w>", "b l", "bl u", "blu e</w>", "b o", "bo x</w>", "p h", "ph o", "pho t", "phot o</w>"]
    words = chars + [c + "</w>" for c in chars] + [m.replace(" ", "") for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    vocab = {w: i for i, w in enumerate(words)}
    return transformers.CLIPTokenizer(vocab=vocab, merges=[tuple(m.split()) for m in merges], model_max_length=16, pad_token=pad)


def text_config(n, hidden=16, layers=2, act="quick_gelu", projection=16):
    return transformers.CLIPTextConfig(vocab_size=n, hidden_size=hidden, intermediate_size=2 * hidden, num_hidden_layers=layers, num_attention_heads=2, max_position_embeddings=16,
                                       hidden_act=act, projection_dim=projection, bos_token_id=n - 2, eos_token_id=n - 1, pad_token_id=n - 1)


def tiny_sd(a, folder, xl=False):
    p, s = a.pick, a.seed
    tok = tokenizer_files(folder)
    n = len(tok)
    te = fill(transformers.CLIPTextModel(text_config(n)), s + 101)
    vae = fill(AutoencoderKL(in_channels=3, out_channels=3, latent_channels=4, block_out_channels=(8, 12), layers_per_block=1, norm_num_groups=4, sample_size=16,
                             down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2, scaling_factor=0.13025 if xl else 0.18215), s + 102)
    unet = dict(sample_size=8, in_channels=4, out_channels=4, norm_num_groups=4, layers_per_block=1, block_out_channels=(8, 16), cross_attention_dim=32 if xl else 16)
    if xl:
        unet |= dict(down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), attention_head_dim=(2, 4), use_linear_projection=True,
                     transformer_layers_per_block=(1, 2), addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=16 + 48)
        te2 = fill(transformers.CLIPTextModelWithProjection(text_config(n, act="gelu")), s + 104)
        pipe = StableDiffusionXLPipeline(vae=vae, text_encoder=te, text_encoder_2=te2, tokenizer=tok, tokenizer_2=tokenizer_files(folder, pad="!"), unet=fill(UNet2DConditionModel(**unet), s + 103),
                                         scheduler=EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", timestep_spacing="leading", steps_offset=1),
                                         force_zeros_for_empty_prompt=True, add_watermarker=False)
    else:
        unet |= dict(down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"), attention_head_dim=2)
        pipe = StableDiffusionPipeline(vae=vae, text_encoder=te, tokenizer=tok, unet=fill(UNet2DConditionModel(**unet), s + 103), scheduler=DDIMScheduler(**SD_SCHEDULE),
                                       safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipe.save_pretrained(folder)
    for f in ("README.md",):
        if os.path.exists(os.path.join(folder, f)):
            os.remove(os.path.join(folder, f))
    return unet


def load_pipe(folder, options):
    cls = getattr(diffusers, options["pipeline"])
    extra = {}
    if options.get("unet"):
        extra["unet"] = UNet2DConditionModel.from_pretrained(os.path.join(folder, options["unet"]))
    if cls is StableAudioPipeline:
        return cls.from_pretrained(os.path.join(folder, options["components"]), text_encoder=None, tokenizer=None)
    if "XL" not in options["pipeline"]:
        extra |= dict(safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipe = cls.from_pretrained(os.path.join(folder, options["components"]), **extra)
    if options.get("scheduler"):
        c = dict(options["scheduler"])
        pipe.scheduler = getattr(diffusers, c.pop("_class_name")).from_config(c)
    pipe.set_progress_bar_config(disable=True)
    return pipe


@loader("diffusion-pipeline")
def load_pipeline(folder, g):
    return load_pipe(folder, g["options"])


@runner("diffusion-pipeline")
def run_pipeline(pipe, i, o, source=None):
    pipe.set_progress_bar_config(disable=True)
    steps, arg = [], {k: tuple(v) if isinstance(v, list) else v for k, v in o["call"].items()}
    names = {"latents": "latents", "image": "image", "mask": "mask_image"}
    arg |= {names[k]: v for k, v in i.items() if k in names}
    arg["prompt"], arg["negative_prompt"] = o["prompt"], o.get("negative_prompt")
    seen = []
    hook = pipe.unet.register_forward_pre_hook(lambda _m, args, kw: seen.append((args[0], kw["encoder_hidden_states"], kw.get("added_cond_kwargs"))), with_kwargs=True)
    def step(_pipe, _k, _t, kw):
        steps.append(kw["latents"].clone())
        return kw
    with (source or replay(i)):
        image = pipe(output_type="pt", callback_on_step_end=step, **arg).images
    hook.remove()
    sd = pipe.tokenizer(o["prompt"], padding="max_length", truncation=True, max_length=pipe.tokenizer.model_max_length, return_tensors="pt").input_ids
    out = {"input_ids": sd, "prompt_embeds": seen[0][1], "unet_input_0": seen[0][0], "timesteps": pipe.scheduler.timesteps.float(), "latents": torch.stack(steps), "image": image}
    if seen[0][2]:
        out |= {"text_embeds": seen[0][2]["text_embeds"], "time_ids": seen[0][2]["time_ids"]}
    return out


def pipeline_case(a, name, about, options, inputs, extra=None):
    if a.only and name not in a.only:
        return
    folder = os.path.join(a.out, name)
    os.makedirs(folder, exist_ok=True)
    if extra:
        extra(folder)
    pipe = load_pipe(folder, options)
    run_pipeline(pipe, inputs, options, record(inputs, a.seed + 7))
    emit(a, name, "diffusion-pipeline", load_pipe(folder, options), inputs, about, options=options, architecture=options["pipeline"], config=False, weights=False, **SCRIPT)


def pipelines(a):
    if a.heldout:
        held_inpaint(a)
        return
    s = a.seed
    home = os.path.join(a.out, "sd-tiny")
    unet = tiny_sd(a, home)
    tiny_components(a, "sd-tiny", "a whole tiny Stable Diffusion folder as diffusers saves it (model_index.json, unet/, vae/, text_encoder/, tokenizer/, scheduler/); the pipeline-* cases point here through options.components; in/out: CLIP text encoding of padded prompts")
    g = generator(s + 110)
    base = dict(components="../sd-tiny", pipeline="StableDiffusionPipeline", prompt=["a photo of the red box on a cat", "Blue"], negative_prompt=["bad", "the blurry box, in red"])
    lat = torch.randn(2, 4, 8, 12, generator=g)
    size = dict(height=16, width=24)
    pipeline_case(a, "pipeline-txt2img", "text to image: 2 prompts with negative prompts, guidance 7.5, 5 DDIM steps (offset 1, alpha of step 0 at the end), latents after every step, decoded image in 0..1; unet_input_0 is the doubled batch, negative first",
                  base | dict(call=dict(num_inference_steps=5, guidance_scale=7.5) | size), {"latents": lat})
    vpred = dict(_class_name="DDIMScheduler") | SD_SCHEDULE | dict(prediction_type="v_prediction", rescale_betas_zero_snr=True, timestep_spacing="trailing")
    pipeline_case(a, "pipeline-txt2img-rescale", "v-prediction with zero terminal SNR, trailing spacing and guidance_rescale 0.7; unconditional prompt is the empty string; DDIM eta 0.4 with the stored noise_k",
                  base | dict(scheduler=vpred, negative_prompt=None, call=dict(num_inference_steps=4, guidance_scale=6.0, guidance_rescale=0.7, eta=0.4) | size), {"latents": lat.clone()})
    image = torch.rand(2, 3, 16, 24, generator=g)
    pipeline_case(a, "pipeline-img2img", "image to image: strength 0.6 of 5 steps = the last 3 of the listed timesteps; noise_0 samples the VAE posterior, noise_1 is added at timestep 601; image in 0..1, the VAE sees -1..1",
                  base | dict(pipeline="StableDiffusionImg2ImgPipeline", call=dict(num_inference_steps=5, strength=0.6, guidance_scale=5.0)), {"image": image})
    mask = torch.zeros(1, 1, 16, 24)
    mask[..., 3:12, 5:17] = 1.0
    mask[..., 3:5, 5:9] = 0.4
    one = base | dict(prompt="a red box", negative_prompt="cat", pipeline="StableDiffusionInpaintPipeline")
    lat1 = torch.randn(1, 4, 8, 12, generator=g)
    pipeline_case(a, "pipeline-inpaint-4ch", "inpainting with a plain 4-channel UNet: after every step latents outside the mask are replaced by the original re-noised to the next timestep (clean after the last); the re-noising uses the start noise in.latents, noise_0 samples the posterior of the image, noise_1 that of the masked image (drawn, not used); mask >= 0.5 repaints, mask resized nearest to latents",
                  one | dict(call=dict(num_inference_steps=4, strength=1.0, guidance_scale=4.0) | size), {"latents": lat1, "image": image[:1], "mask": mask})
    def nine(folder):
        fill(UNet2DConditionModel(**(unet | dict(in_channels=9))), s + 105).save_pretrained(os.path.join(folder, "unet"))
    pipeline_case(a, "pipeline-inpaint-9ch", "inpainting UNet (own unet/ folder, the rest from components): input = latents, mask, VAE(image * (mask < 0.5)) sampled with noise_0; strength 1 starts from pure noise; 4 DDIM steps",
                  one | dict(unet="unet", call=dict(num_inference_steps=4, strength=1.0, guidance_scale=4.0) | size), {"latents": lat1.clone(), "image": image[:1], "mask": mask}, extra=nine)
    tiny_sd(a, os.path.join(a.out, "sdxl-tiny"), xl=True)
    tiny_components(a, "sdxl-tiny", "a whole tiny SDXL folder (two text encoders, two tokenizers); in/out: both encoders' hidden states before the last layer, and the projected pooled state of the second")
    pipeline_case(a, "pipeline-sdxl", "SDXL: hidden states before the last layer of both encoders side by side (no final norm), pooled projection of the second, six size numbers, empty negative prompt = zeros (force_zeros_for_empty_prompt), Euler 4 steps, latents scaled by sqrt(sigma^2+1)",
                  dict(components="../sdxl-tiny", pipeline="StableDiffusionXLPipeline", prompt="the red photo", negative_prompt=None, call=dict(num_inference_steps=4, guidance_scale=5.0, original_size=(20, 30), crops_coords_top_left=(2, 3), **size)),
                  {"latents": torch.randn(1, 4, 8, 12, generator=g)})


def held_inpaint(a):
    s = a.seed
    unet = tiny_sd(a, os.path.join(a.out, "sd-tiny"))
    g = generator(s + 110)
    mask = torch.zeros(1, 1, 12, 20)
    mask[..., 2:9, 4:15] = 1.0
    def nine(folder):
        fill(UNet2DConditionModel(**(unet | dict(in_channels=9))), s + 105).save_pretrained(os.path.join(folder, "unet"))
    pipeline_case(a, "pipeline-inpaint-9ch", "held out: inpainting UNet, 3 DDIM steps", dict(components="../sd-tiny", unet="unet", pipeline="StableDiffusionInpaintPipeline", prompt="the blue cat", negative_prompt="",
                  call=dict(num_inference_steps=3, strength=1.0, guidance_scale=3.0, height=12, width=20)), {"latents": torch.randn(1, 4, 6, 10, generator=g), "image": torch.rand(1, 3, 12, 20, generator=g), "mask": mask}, extra=nine)


@loader("diffusers-folder")
def load_folder(folder, g):
    cls = StableDiffusionXLPipeline if g["options"]["xl"] else StableDiffusionPipeline
    return cls.from_pretrained(folder, **({} if g["options"]["xl"] else dict(safety_checker=None, requires_safety_checker=False)))


@runner("diffusers-folder")
def run_folder(pipe, i, o):
    out = {}
    for tag, tok, te in (("", pipe.tokenizer, pipe.text_encoder),) + ((("_2", pipe.tokenizer_2, pipe.text_encoder_2),) if o["xl"] else ()):
        ids = tok(o["prompts"], padding="max_length", truncation=True, max_length=tok.model_max_length, return_tensors="pt").input_ids
        r = te(ids, output_hidden_states=True)
        out |= {"input_ids" + tag: ids, "before_last" + tag: r.hidden_states[-2]}
        out |= {"last" + tag: r.last_hidden_state, "pooled" + tag: r.pooler_output} if not tag else {"projected" + tag: r.text_embeds}
    return out


def tiny_components(a, name, about):
    folder = os.path.join(a.out, name)
    xl = name.startswith("sdxl")
    o = dict(prompts=["a photo of the red box on a cat", "", "Blue box! it's 2 cats... in the photo, quite long"], xl=xl)
    pipe = load_folder(folder, {"options": o})
    emit(a, name, "diffusers-folder", pipe, {}, about, options=o, architecture=type(pipe).__name__, config=False, weights=False, **SCRIPT)


# ---------------------------------------------------------------- ObjectMate grid

def grid_unet(a):
    c = dict(sample_size=8, in_channels=9, out_channels=4, norm_num_groups=4, layers_per_block=1, block_out_channels=a.pick((8, 16), (12, 16)), cross_attention_dim=16, attention_head_dim=2,
             down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    return fill(UNet2DConditionModel(**c), a.seed + 120)


@runner("objectmate-grid")
def run_grid(m, i, o):
    r = i["target_noise"].shape[-1]
    def canvas(refs, z):
        return torch.cat([torch.cat([refs[:, 0], refs[:, 1]], -1), torch.cat([refs[:, 2], z], -1)], -2)
    def cell(x):
        return x[..., r:, r:]
    def field(x):
        z = torch.zeros(x.shape[0], x.shape[1], 2 * r, 2 * r)
        z[..., r:, r:] = x
        return z
    mask, bg = field(i["mask"]), field(i["background"])
    sched = DDIMScheduler(**SD_SCHEDULE)
    sched.set_timesteps(o["steps"])
    z, canvases, zs = i["target_noise"], [], []
    for t in sched.timesteps:
        full = torch.cat([canvas(i["references"], z), mask, bg], 1)
        none = torch.cat([canvas(torch.zeros_like(i["references"]), z), mask, bg], 1)
        c, u = m(full, t, i["context"]).sample, m(none, t, i["context"]).sample
        eps = cell(u) + o["reference_scale"] * (cell(c) - cell(u))
        canvases.append(full)
        z = sched.step(eps, t, z).prev_sample
        zs.append(z)
    noisy = DDPMScheduler(**{k: v for k, v in SD_SCHEDULE.items() if k not in ("set_alpha_to_one", "steps_offset")}).add_noise(i["target"], i["target_noise"], i["train_timestep"])
    pred = m(torch.cat([canvas(i["references"], noisy), mask, bg], 1), i["train_timestep"], i["context"]).sample
    loss = (cell(pred) - i["target_noise"]).pow(2).mean()
    return {"canvas_0": canvases[0], "latents": torch.stack(zs), "train_prediction": pred, "train_loss": loss}


def grid(a):
    g = generator(a.seed + 121)
    r = a.pick(6, 4)
    m = torch.zeros(2, 1, r, r)
    m[0, :, 1:4, 2:] = 1
    m[1, :, 2:, 1:3] = 1
    n = lambda *x: torch.randn(*x, generator=g)
    emit(a, "objectmate-grid", "objectmate-grid", grid_unet(a),
         {"references": n(2, 3, 4, r, r), "target_noise": n(2, 4, r, r), "target": n(2, 4, r, r), "mask": m, "background": n(2, 4, r, r), "context": torch.zeros(2, 1, 16), "train_timestep": torch.tensor([640, 77])},
         "ObjectMate 2x2 canvas, the loop is this script's own reading of the description (cells ref1 ref2 / ref3 target; clean references every step; mask and background in the target cell; two-pass guidance with zeroed references; loss on the target cell), UNet and DDIM are diffusers'",
         options=dict(steps=4, reference_scale=3.0, scheduler=dict(_class_name="DDIMScheduler") | SD_SCHEDULE), **SCRIPT)


# ---------------------------------------------------------------- guidance, losses

@runner("guidance")
def run_guidance(_, i, o):
    u, r, t = i["none"], i["reference"], i["reference_and_text"]
    s_i, s_t = o["image_scale"], o["text_scale"]
    two = u + s_i * (r - u)
    di, dt = r - u, t - r
    norm = lambda x: x.flatten(1).norm(dim=1).view(-1, *[1] * (x.ndim - 1))
    m = torch.minimum(norm(di), norm(dt))
    return {"two_pass": two, "three_pass": u + s_i * di + s_t * dt, "rescaled": rescale_noise_cfg(two, r, guidance_rescale=o["rescale"]),
            "norm_matched": r + s_i * di * (m / norm(di)).clamp(max=1) + s_t * dt * (m / norm(dt)).clamp(max=1)}


@runner("training-losses")
def run_losses(_, i, o):
    x0, e, t, p = i["x0"], i["noise"], i["timesteps"], i["model_output"]
    d = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    z = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", rescale_betas_zero_snr=True, timestep_spacing="trailing")
    per = lambda a, b: (a - b).pow(2).flatten(1).mean(1)
    snr = compute_snr(d, t)
    w = torch.minimum(snr, torch.full_like(snr, o["snr_gamma"]))
    v = d.get_velocity(x0, e, t)
    out = {"noisy": d.add_noise(x0, e, t), "velocity": v, "snr": snr, "min_snr_epsilon_weight": w / snr, "min_snr_v_weight": w / (snr + 1),
           "mse_epsilon": per(p, e), "mse_v": per(p, v), "mse_sample": per(p, x0), "loss_epsilon": per(p, e).mean(), "loss_epsilon_min_snr": (per(p, e) * w / snr).mean(),
           "loss_v": per(p, v).mean(), "loss_v_min_snr": (per(p, v) * w / (snr + 1)).mean(), "loss_sample": per(p, x0).mean(),
           "noisy_zero_snr": z.add_noise(x0, e, t), "velocity_zero_snr": z.get_velocity(x0, e, t)}
    s = i["sigmas"].view(-1, 1, 1, 1)
    target = e - x0
    out |= {"flow_noisy": (1 - s) * x0 + s * e, "flow_target": target, "flow_loss": per(p, target).mean(),
            "flow_loss_sigma_sqrt": (compute_loss_weighting_for_sd3("sigma_sqrt", i["sigmas"]) * per(p, target)).mean(),
            "flow_loss_cosmap": (compute_loss_weighting_for_sd3("cosmap", i["sigmas"]) * per(p, target)).mean(),
            "flow_denoised": (1 - s) * x0 + s * e - s * p}
    a, b = torch.cos(i["sigmas"] * math.pi / 2).view(-1, 1, 1, 1), torch.sin(i["sigmas"] * math.pi / 2).view(-1, 1, 1, 1)
    out |= {"cosine_noisy": a * x0 + b * e, "cosine_v": a * e - b * x0, "cosine_loss": per(p, a * e - b * x0).mean()}
    return out


class Nothing(torch.nn.Module):
    pass


for _kind in ("guidance", "training-losses", "vq-training"):
    LOADERS[_kind] = lambda folder, g: Nothing()


@runner("vq-training")
def run_vq_training(_, i, o):
    from diffusers.models.autoencoders.vae import VectorQuantizer
    out = {}
    for tag, legacy in (("legacy", True), ("fixed", False)):
        with torch.enable_grad():
            q = VectorQuantizer(i["codebook"].shape[0], i["codebook"].shape[1], beta=o["beta"], legacy=legacy)
            q.embedding.weight = torch.nn.Parameter(i["codebook"].clone())
            z = i["z"].clone().requires_grad_()
            zq, loss, (_, _, idx) = q(z)
            total = loss + (zq * i["decoder_gradient"]).sum()
            total.backward()
        out |= {f"loss_{tag}": loss.detach(), f"grad_z_{tag}": z.grad, f"grad_codebook_{tag}": q.embedding.weight.grad}
    out |= {"indices": idx, "quantized": zq.detach()}
    flat = i["z"].permute(0, 2, 3, 1).reshape(-1, i["codebook"].shape[1])
    hot = torch.nn.functional.one_hot(idx, i["codebook"].shape[0]).float()
    size = o["decay"] * i["ema_size"] + (1 - o["decay"]) * hot.sum(0)
    total = o["decay"] * i["ema_sum"] + (1 - o["decay"]) * hot.T @ flat
    n = size.sum()
    smooth = (size + o["epsilon"]) / (n + len(size) * o["epsilon"]) * n
    return out | {"ema_size": size, "ema_sum": total, "ema_codebook": total / smooth[:, None]}


def arithmetic(a):
    g = generator(a.seed + 130)
    n = lambda *x: torch.randn(*x, generator=g)
    u = n(3, 4, 5, 6)
    emit(a, "guidance", "guidance", Nothing(), {"none": u, "reference": u + 0.3 * n(3, 4, 5, 6), "reference_and_text": u + 0.8 * n(3, 4, 5, 6)},
         "guidance: two-pass and three-pass (InstructPix2Pix order: image, then text) and SynCD's norm-matched form are formulas of this script; rescaled is diffusers' rescale_noise_cfg (unbiased std over all but the batch axis)",
         options=dict(image_scale=2.5, text_scale=7.5, rescale=0.7), config=False, weights=False, architecture="formula", **SCRIPT)
    emit(a, "training-losses", "training-losses", Nothing(), {"x0": n(6, 4, 3, 5), "noise": n(6, 4, 3, 5), "model_output": n(6, 4, 3, 5), "timesteps": torch.tensor([0, 1, 250, 500, 998, 999]), "sigmas": torch.tensor([0.02, 0.2, 0.5, 0.731, 0.95, 1.0])},
         "noising and targets by DDPMScheduler (scaled_linear, also rescaled to zero terminal SNR), SNR by diffusers.training_utils; min-SNR weights (gamma/SNR, /(SNR+1)), flow-matching and cosine-v (t = sigmas) lines are this script's formulas; loss weightings sigma_sqrt and cosmap are diffusers'",
         options=dict(snr_gamma=5.0), config=False, weights=False, architecture="formula", **SCRIPT)
    code = n(10, 3)
    emit(a, "vq-training", "vq-training", Nothing(), {"z": n(2, 3, 4, 5), "codebook": code, "decoder_gradient": 0.1 * n(2, 3, 4, 5), "ema_size": torch.rand(10, generator=g) * 5 + 1, "ema_sum": 3 * n(10, 3)},
         "one quantizer training step by diffusers' VectorQuantizer: loss and gradients (of loss + sum(quantized * decoder_gradient), straight-through) in legacy mode (beta on the codebook term, as MoVQ) and fixed mode (beta on the commitment term); the EMA codebook update is this script's formula (decay, Laplace smoothing)",
         options=dict(beta=0.25, decay=0.9, epsilon=1e-5), config=False, weights=False, architecture="VectorQuantizer", **SCRIPT)


# ---------------------------------------------------------------- LoRA

def lora_base(a):
    c = dict(sample_size=8, in_channels=4, out_channels=4, norm_num_groups=4, layers_per_block=1, block_out_channels=(8, 16), cross_attention_dim=16, attention_head_dim=2,
             down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    return c, fill(UNet2DConditionModel(**c), a.seed + 140)


@runner("unet-lora")
def run_lora(m, i, o):
    call = lambda: m(i["sample"], i["timestep"], i["encoder_hidden_states"]).sample
    name = list(m.peft_config)[0]
    m.disable_adapters()
    out = {"base": call()}
    m.enable_adapters()
    out["adapted"] = call()
    m.set_adapters([name], weights=[o["half_scale"]])
    out["adapted_half"] = call()
    m.set_adapters([name], weights=[1.0])
    m.fuse_lora()
    out["merged"] = call()
    for k in o["merged_modules"]:
        w = m.get_submodule(k)
        out["weight." + k] = (w.base_layer if hasattr(w, "base_layer") else w).weight
    m.unfuse_lora()
    return out


@loader("unet-lora")
def load_lora(folder, g):
    m = UNet2DConditionModel.from_config(json.load(open(os.path.join(folder, "config.json"))))
    m.load_state_dict(load_file(os.path.join(folder, "model.safetensors")), strict=True)
    pipe = StableDiffusionPipeline.from_pretrained(os.path.join(os.path.dirname(folder), "sd-tiny"), unet=m, safety_checker=None, requires_safety_checker=False)
    pipe.load_lora_weights(folder, weight_name=g["options"].get("check_file", "pytorch_lora_weights.safetensors"))
    return pipe.unet


def lora(a):
    if a.heldout or (a.only and "lora-unet" not in a.only):
        return
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict
    c, m = lora_base(a)
    base, cfg = {k: v.clone() for k, v in m.state_dict().items()}, config_of(m)
    lc = LoraConfig(r=3, lora_alpha=6, target_modules=["attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0", "attn2.to_k", "ff.net.0.proj", "conv1"], init_lora_weights="gaussian")
    m.add_adapter(lc)
    g = generator(a.seed + 141)
    for n, p in m.named_parameters():
        if "lora_" in n:
            p.data = torch.randn(p.shape, generator=g) * (0.4 if "lora_B" in n else 1 / math.sqrt(p[0].numel()))
    sd = {k: v.detach().clone() for k, v in get_peft_model_state_dict(m).items()}
    folder = os.path.join(a.out, "lora-unet")
    os.makedirs(folder, exist_ok=True)
    meta = {k: (sorted(v) if isinstance(v, set) else v) for k, v in lc.to_dict().items()}
    StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=sd, unet_lora_adapter_metadata=meta)
    from diffusers.utils import convert_state_dict_to_kohya
    save_file({k: v.contiguous() for k, v in convert_state_dict_to_kohya({"unet." + k: v for k, v in sd.items()}).items()}, os.path.join(folder, "kohya_weights.safetensors"))
    kohya = load_file(os.path.join(folder, "kohya_weights.safetensors"))
    kohya = {k: torch.tensor(float(lc.lora_alpha)) if k.endswith(".alpha") else v for k, v in kohya.items()}
    save_file(kohya, os.path.join(folder, "kohya_weights.safetensors"))
    n = lambda *x: torch.randn(*x, generator=g)
    inputs = {"sample": n(2, 4, 8, 8), "timestep": torch.tensor([700, 35]), "encoder_hidden_states": n(2, 5, 16)}
    emit(a, "lora-unet", "unet-lora", m, inputs, weights=base, config=cfg, options=dict(r=3, lora_alpha=6, half_scale=0.5, files=["pytorch_lora_weights.safetensors", "kohya_weights.safetensors"],
         merged_modules=["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", "up_blocks.1.resnets.0.conv1"]),
         about="LoRA on linear and 3x3-convolution layers of a UNet: base, adapted, at half strength, merged (and two merged weights); the same adapter as pytorch_lora_weights.safetensors (peft keys under unet.; alpha only in the safetensors metadata) and as kohya_weights.safetensors (lora_unet_*, lora_down/lora_up/alpha); delta = alpha/r * B A", **SCRIPT)


# ---------------------------------------------------------------- Stable Audio

@runner("stable-audio-pipeline")
def run_sa(pipe, i, o):
    pipe.set_progress_bar_config(disable=True)
    sched = pipe.scheduler
    real = type(sched).set_timesteps
    count = iter(range(1000))
    class Hook:
        def __get__(self, _o, _t=None):
            return lambda *x, **k: (real(sched, *x, **k), setattr(sched, "noise_sampler", lambda s0, s1: i[f"step_noise_{next(count)}"]))
    sched.set_timesteps = Hook().__get__(sched)
    steps = []
    arg = dict(o["call"])
    for k in ("latents", "prompt_embeds", "attention_mask", "negative_prompt_embeds", "negative_attention_mask", "initial_audio_waveforms"):
        if k in i:
            arg[k] = i[k]
    seen = []
    hook = pipe.transformer.register_forward_pre_hook(lambda _m, args, kw: seen.append((args[0], args[1], kw["encoder_hidden_states"], kw["global_hidden_states"])), with_kwargs=True)
    with replay(i):
        audio = pipe(output_type="pt", callback=lambda k, t, l: steps.append(l.clone()), **arg).audios
    hook.remove()
    return {"context": seen[0][2], "global": seen[0][3], "model_input_0": seen[0][0], "timesteps": torch.stack([s[1] for s in seen]).flatten(), "sigmas": sched.sigmas, "latents": torch.stack(steps), "audio": audio}


@loader("stable-audio-pipeline")
def load_sa(folder, g):
    return load_pipe(folder, g["options"])


def stable_audio_pipeline(a):
    if a.heldout:
        return
    from diffusion import oobleck_config, sa_dit_config
    p, s = a.pick, a.seed
    home = os.path.join(a.out, "stable-audio-tiny")
    vc, dc = oobleck_config(p), sa_dit_config(p) | dict(num_layers=2, sample_size=12)
    tc = dc["cross_attention_input_dim"]
    parts = {"vae": fill(AutoencoderOobleck(**vc), s + 151), "transformer": fill(StableAudioDiTModel(**dc), s + 152),
             "projection_model": fill(StableAudioProjectionModel(text_encoder_dim=tc, conditioning_dim=tc, min_value=0, max_value=512), s + 153),
             "scheduler": CosineDPMSolverMultistepScheduler()}
    for k, v in parts.items():
        v.save_pretrained(os.path.join(home, k))
    index = {"_class_name": "StableAudioPipeline", "_diffusers_version": diffusers.__version__, "projection_model": ["stable_audio", "StableAudioProjectionModel"], "scheduler": ["diffusers", "CosineDPMSolverMultistepScheduler"],
             "text_encoder": [None, None], "tokenizer": [None, None], "transformer": ["diffusers", "StableAudioDiTModel"], "vae": ["diffusers", "AutoencoderOobleck"]}
    json.dump(index, open(os.path.join(home, "model_index.json"), "w"), indent=1)
    g = generator(s + 154)
    n = lambda *x: torch.randn(*x, generator=g)
    mask = torch.ones(2, 6, dtype=torch.int64)
    mask[1, 4:] = 0
    ch, L = dc["in_channels"], dc["sample_size"]
    base = {"latents": n(2, ch, L), "prompt_embeds": n(2, 6, tc), "attention_mask": mask}
    noise = {f"step_noise_{k}": n(2, ch, L) for k in range(4)}
    o = dict(components="../stable-audio-tiny", pipeline="StableAudioPipeline")
    for name, extra, call, about in (
        ("pipeline-stable-audio", {}, dict(num_inference_steps=4, guidance_scale=7.0, audio_start_in_s=0.005, audio_end_in_s=0.04),
         "Stable Audio run of 4 steps from text states (no text encoder here): padded text states multiplied by the mask, context = text, start, total; unconditional = zeros for the whole context but the same global token; step_noise_k replaces the Brownian noise of step k; audio cut to start..end"),
        ("pipeline-stable-audio-negative", {"negative_prompt_embeds": n(2, 6, tc), "negative_attention_mask": torch.tensor([[1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 0]]), "initial_audio_waveforms": 0.5 * n(2, 2, 300), "noise_0": n(2, ch, L)},
         dict(num_inference_steps=3, guidance_scale=4.0, audio_end_in_s=0.04, initial_audio_sampling_rate=vc["sampling_rate"]),
         "with a negative prompt the unconditional half keeps the timing tokens; initial audio is zero-padded, encoded (noise_0 samples the posterior) and ADDED to the start noise scaled by sqrt(sigma_max^2+1)")):
        if a.only and name not in a.only:
            continue
        folder = os.path.join(a.out, name)
        os.makedirs(folder, exist_ok=True)
        opts = o | dict(call=call)
        emit(a, name, "stable-audio-pipeline", load_pipe(folder, opts), {k: v.clone() for k, v in (base | extra | noise).items()}, about, options=opts, architecture="StableAudioPipeline", config=False, weights=False, **SCRIPT)


@runner("controlformer")
def run_controlformer(parts, i, o):
    base, control, z_in, c_in, z = parts
    rot = diffusers.models.embeddings.get_1d_rotary_pos_embed(base.config.attention_head_dim // 2, i["sample"].shape[2] + 1, use_real=True, repeat_interleave_real=False)
    def embed(m, x, ref=None):
        x = x + m.preprocess_conv(x) + (0 if ref is None else ref)
        token = m.global_proj(i["global_hidden_states"]) + m.timestep_proj(m.time_proj(i["timestep"])).unsqueeze(1)
        return torch.cat([token, m.proj_in(x.transpose(1, 2))], 1), m.cross_attention_proj(i["encoder_hidden_states"])
    def head(h):
        y = base.proj_out(h).transpose(1, 2)[:, :, 1:]
        return base.postprocess_conv(y) + y
    run = lambda b, h, ctx: b(hidden_states=h, encoder_hidden_states=ctx, rotary_embedding=rot)
    out = {"frozen": base(i["sample"], i["timestep"], encoder_hidden_states=i["encoder_hidden_states"], global_hidden_states=i["global_hidden_states"], rotary_embedding=rot).sample}
    # the figure: inject after embedding, copies read the frozen context, add after the frozen block
    h, ctx = embed(base, i["sample"])
    ref = z_in(control.proj_in(i["reference"].transpose(1, 2)))
    c = torch.cat([h[:, :1], h[:, 1:] + o["strength"] * ref], 1)
    for k, b in enumerate(base.transformer_blocks):
        h = run(b, h, ctx)
        if k < len(z):
            c = run(control.transformer_blocks[k], c, ctx)
            h = h + o["strength"] * z[k](c)
    out["after_block_embedded"] = head(h)
    # the public stable-audio-controlnet: inject in latent space, own embedders, add before the frozen block
    h, ctx = embed(base, i["sample"])
    c, own = embed(control, i["sample"], c_in(i["reference"]))
    for k, b in enumerate(base.transformer_blocks):
        if k < len(z):
            c = run(control.transformer_blocks[k], c, own)
            h = h + z[k](c)
        h = run(b, h, ctx)
    out["before_block_latent"] = head(h)
    return out


def controlformer_parts(c, n):
    d = c["num_attention_heads"] * c["attention_head_dim"]
    bare = lambda a, b: torch.nn.Linear(a, b, bias=False)
    return torch.nn.ModuleList([StableAudioDiTModel(**c), StableAudioDiTModel(**(c | dict(num_layers=n))), bare(d, d), torch.nn.Conv1d(c["in_channels"], c["in_channels"], 1, bias=False),
                                torch.nn.ModuleList([bare(d, d) for _ in range(n)])])


NAMES = ("base", "control", "zero_in", "conv_in", "zero_out")


@loader("controlformer")
def load_controlformer(folder, g):
    c = {k: v for k, v in json.load(open(os.path.join(folder, "config.json"))).items() if not k.startswith("_")}
    m = controlformer_parts(c, g["options"]["copies"])
    sd = load_file(os.path.join(folder, "model.safetensors"))
    m.load_state_dict({f"{NAMES.index(k.split('.', 1)[0])}.{k.split('.', 1)[1]}": v for k, v in sd.items()}, strict=True)
    return m.eval()


def controlformer(a):
    from diffusion import sa_dit_config
    c = sa_dit_config(a.pick) | dict(num_layers=3)
    m = fill(controlformer_parts(c, 2), a.seed + 160)
    g = generator(a.seed + 161)
    r = lambda *x: torch.randn(*x, generator=g)
    ch = c["in_channels"]
    emit(a, "controlformer", "controlformer", m, {"sample": r(2, ch, 9), "reference": r(2, ch, 9), "timestep": torch.tensor([0.8, 0.25]), "encoder_hidden_states": r(2, 6, c["cross_attention_input_dim"]), "global_hidden_states": r(2, 1, c["global_states_input_dim"])},
         "Music ControlFormer on a Stable Audio DiT with 2 copied blocks; the wiring is this script's reading of the written description (blocks are diffusers'): after_block_embedded = the paper's figure, before_block_latent = the public control net; the zero layers are not zero here, with zeros both equal 'frozen'",
         options=dict(copies=2, strength=0.8, names=list(NAMES)), architecture="StableAudioDiTModel", config=config_of(m[0]),
         weights={f"{NAMES[int(k.split('.', 1)[0])]}.{k.split('.', 1)[1]}": v for k, v in m.state_dict().items()}, **SCRIPT)


def cases(a):
    pipelines(a)
    controlformer(a)
    grid(a)
    arithmetic(a)
    lora(a)
    stable_audio_pipeline(a)
