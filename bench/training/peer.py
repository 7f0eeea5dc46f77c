#!/usr/bin/env python3
"""The other side of the training race: a Llama in plain PyTorch, eager, trained as people train it there.

Runs on PyTorch 1.13 and later and needs numpy besides. Prints one line of JSON. README.md tells what is compared.

Shapes: B batch, T tokens, H heads, G key-value heads, D size of a head, C hidden size, V vocabulary.
"""
import argparse
import json
import math
import struct
import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn

IGNORED = -100


class RmsNorm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps))


class LoraLinear(nn.Module):
    """A frozen matrix and a trained correction of low rank: W x + (alpha / r) B A x, B zero at first."""

    def __init__(self, base, rank, alpha):
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        self.lora_A = nn.Parameter(torch.empty(rank, base.in_features))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def forward(self, x):
        return self.base(x) + F.linear(F.linear(x, self.lora_A), self.lora_B) * self.scale


def rotary(positions, size, theta):
    """cos and sin of shape (T, D): the angles of one half, twice."""
    inverse = theta ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
    angles = positions.float()[:, None] * inverse[None, :]
    angles = torch.cat((angles, angles), -1)
    return angles.cos(), angles.sin()


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden, self.heads = config["hidden_size"], config["num_attention_heads"]
        self.groups = config.get("num_key_value_heads") or self.heads
        self.size = config.get("head_dim") or hidden // self.heads
        bias = bool(config.get("attention_bias", False))
        self.q_proj = nn.Linear(hidden, self.heads * self.size, bias=bias)
        self.k_proj = nn.Linear(hidden, self.groups * self.size, bias=bias)
        self.v_proj = nn.Linear(hidden, self.groups * self.size, bias=bias)
        self.o_proj = nn.Linear(self.heads * self.size, hidden, bias=bias)

    def forward(self, x, cos, sin, mask):
        batch, length, _ = x.shape
        q = rotate(self.q_proj(x).view(batch, length, self.heads, self.size).transpose(1, 2), cos, sin)
        k = rotate(self.k_proj(x).view(batch, length, self.groups, self.size).transpose(1, 2), cos, sin)
        v = self.v_proj(x).view(batch, length, self.groups, self.size).transpose(1, 2)
        k = k.repeat_interleave(self.heads // self.groups, dim=1)
        v = v.repeat_interleave(self.heads // self.groups, dim=1)
        if mask is None:
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = torch.matmul(q, k.transpose(2, 3)) / math.sqrt(self.size) + mask
            mixed = torch.matmul(torch.softmax(scores, -1), v)
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, length, self.heads * self.size))


class Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden, inner = config["hidden_size"], config["intermediate_size"]
        bias = bool(config.get("mlp_bias", False))
        self.gate_proj = nn.Linear(hidden, inner, bias=bias)
        self.up_proj = nn.Linear(hidden, inner, bias=bias)
        self.down_proj = nn.Linear(inner, hidden, bias=bias)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn = Attention(config)
        self.mlp = Mlp(config)
        self.input_layernorm = RmsNorm(config["hidden_size"], config["rms_norm_eps"])
        self.post_attention_layernorm = RmsNorm(config["hidden_size"], config["rms_norm_eps"])

    def forward(self, x, cos, sin, mask):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RmsNorm(config["hidden_size"], config["rms_norm_eps"])


class Llama(nn.Module):
    """Parameters have the names of published checkpoints."""

    def __init__(self, config, fused):
        super().__init__()
        self.model = Decoder(config)
        self.lm_head = nn.Linear(config["hidden_size"], config["vocab_size"], bias=False)
        if config.get("tie_word_embeddings", False):
            self.lm_head.weight = self.model.embed_tokens.weight
        self.size = self.model.layers[0].self_attn.size
        self.theta = rope_theta(config)
        self.fused = fused

    def forward(self, ids):
        x = self.model.embed_tokens(ids)
        length = ids.shape[1]
        cos, sin = rotary(torch.arange(length), self.size, self.theta)
        mask = None if self.fused else torch.full((length, length), float("-inf")).triu(1)
        for layer in self.model.layers:
            x = layer(x, cos, sin, mask)
        return self.lm_head(self.model.norm(x))


def rope_theta(config):
    scaling = config.get("rope_parameters") or config.get("rope_scaling") or {}
    kind = scaling.get("rope_type") or scaling.get("type") or "default"
    if kind != "default":
        sys.exit(f"rotary scaling '{kind}' is not written down here; take a configuration without it")
    return float(config.get("rope_theta") or scaling.get("rope_theta") or 10000.0)


def loss_of(model, ids, labels):
    """Full logits in fp32, labels shifted by one, mean over those that are not ignored."""
    logits = model(ids).float()
    return F.cross_entropy(logits[:, :-1].reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=IGNORED)


def generated_ids(seed, step, batch, length, vocabulary):
    """Ids that any language can repeat: x <- 6364136223846793005 x + 1442695040888963407 modulo 2^64, from x = seed * 2^32 + step;
    each id is (x >> 33) modulo the vocabulary, row by row."""
    x = (seed << 32) + step
    ids = numpy.empty(batch * length, dtype=numpy.int64)
    for i in range(ids.size):
        x = (6364136223846793005 * x + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        ids[i] = (x >> 33) % vocabulary
    return torch.from_numpy(ids.reshape(batch, length))


def read_safetensors(path):
    """Tensors by name; bf16 is widened to fp32."""
    kinds = {"F32": numpy.float32, "F16": numpy.float16, "F64": numpy.float64, "I64": numpy.int64, "I32": numpy.int32, "BF16": numpy.uint16}
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        array = numpy.frombuffer(data[first:last], dtype=kinds[entry["dtype"]])
        if entry["dtype"] == "BF16":
            array = (array.astype(numpy.uint32) << 16).view(numpy.float32)
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors


def load(model, path):
    tensors = {name: tensor.float() for name, tensor in read_safetensors(path).items()}
    if model.lm_head.weight is model.model.embed_tokens.weight:
        tensors.setdefault("lm_head.weight", tensors["model.embed_tokens.weight"])
    model.load_state_dict(tensors, strict=True)


def add_lora(model, rank, alpha, weights):
    """Puts an adapter on every linear layer but the head, and freezes the rest."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    given = read_safetensors(weights) if weights else {}
    for index, layer in enumerate(model.model.layers):
        for part in ("self_attn", "mlp"):
            block = getattr(layer, part)
            for name, linear in list(block.named_children()):
                adapted = LoraLinear(linear, rank, alpha)
                for side in ("lora_A", "lora_B"):
                    key = f"base_model.model.model.layers.{index}.{part}.{name}.{side}.weight"
                    if given:
                        getattr(adapted, side).data.copy_(given[key].float())
                setattr(block, name, adapted)


def peak_memory():
    """The most resident memory of this process so far, in bytes."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def train(model, options, batches):
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=options.lr[0], betas=(0.9, options.beta2), eps=1e-8, weight_decay=options.weight_decay)
    losses, norms, rates = [], [], []
    for step, (ids, labels) in enumerate(batches):
        optimizer.param_groups[0]["lr"] = options.lr[min(step, len(options.lr) - 1)]
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model, ids, labels)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, options.clip)
        optimizer.step()
        losses.append(loss.item())
        norms.append(float(norm))
        rates.append(ids.numel() / (time.perf_counter() - start))
    return losses, norms, rates


def batches_of(options, config):
    steps = options.warmup + options.steps
    if options.batch_file:
        tensors = read_safetensors(options.batch_file)
        # one batch at every step, as goldens have it
        return [(tensors["in.input_ids"].long(), tensors["in.labels"].long())] * steps
    batches = []
    for step in range(steps):
        ids = generated_ids(options.seed, step, options.batch, options.sequence, config["vocab_size"])
        batches.append((ids, ids))
    return batches


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True, help="config.json of a Llama")
    parser.add_argument("--weights", help="model.safetensors; random weights without it")
    parser.add_argument("--mode", choices=("full", "lora"), default="full")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--sequence", type=int, default=512)
    parser.add_argument("--steps", type=int, default=5, help="steps that are timed")
    parser.add_argument("--warmup", type=int, default=1, help="steps before those")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0, help="of the generated ids and of random weights")
    parser.add_argument("--lr", type=lambda text: [float(rate) for rate in text.split(",")], default=[1e-4],
                        help="learning rates of the steps with commas between; the last one stays")
    parser.add_argument("--beta2", type=float, default=0.999)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--clip", type=float, default=1.0, help="the gradient's largest norm")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=float, default=32.0)
    parser.add_argument("--adapter", help="adapter_model.safetensors to begin with; PEFT's names")
    parser.add_argument("--batch-file", help="safetensors with in.input_ids and in.labels, taken at every step in place of generated ids")
    parser.add_argument("--attention", choices=("best", "plain"), default="best", help="best: the fused kernel where PyTorch has one")
    return parser.parse_args()


def main():
    options = read_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    with open(options.config) as file:
        config = json.load(file)
    fused = options.attention == "best" and hasattr(F, "scaled_dot_product_attention")
    model = Llama(config, fused)
    if options.weights:
        load(model, options.weights)
    else:
        for parameter in model.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=config.get("initializer_range", 0.02))
    if options.mode == "lora":
        add_lora(model, options.rank, options.alpha, options.adapter)
    batches = batches_of(options, config)
    losses, norms, rates = train(model, options, batches)
    print(json.dumps({
        "peer": "pytorch", "version": torch.__version__, "attention": "fused" if fused else "plain", "mode": options.mode,
        "threads": options.threads, "batch": batches[0][0].shape[0], "sequence": batches[0][0].shape[1],
        "trained_parameters": sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad),
        "tokens_per_second": [round(rate, 3) for rate in rates[options.warmup:]],
        "peak_bytes": peak_memory(), "losses": losses, "gradient_norms": norms,
    }))


if __name__ == "__main__":
    main()
