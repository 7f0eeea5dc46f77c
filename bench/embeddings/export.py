"""Writes all-MiniLM-L6-v2 as an ONNX file in fp32: ids and mask [texts, tokens] to unit embeddings [texts, width].

usage: python3 export.py MODEL_FOLDER FILE.onnx     (needs torch alone)
"""
import json
import struct
import sys

import torch
from torch import nn


def read(path):
    """The tensors of a safetensors file in fp32."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    kinds = {"F16": torch.float16, "F32": torch.float32}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] in kinds:
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(data[begin:end], dtype=kinds[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"]).float()
    return tensors


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        self.heads = config["num_attention_heads"]
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = (nn.LayerNorm(width, config["layer_norm_eps"]) for _ in range(2))

    def forward(self, x, bias):
        def split(y):
            return y.view(y.shape[0], y.shape[1], self.heads, -1).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = q @ k.transpose(-1, -2) / (q.shape[-1] ** 0.5) + bias
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
        x = self.norm1(self.out(mixed) + x)
        return self.norm2(self.down(nn.functional.gelu(self.up(x))) + x)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.positions = nn.Embedding(config["max_position_embeddings"], width)
        self.types = nn.Embedding(config["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, config["layer_norm_eps"])
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))

    def forward(self, ids, mask):
        places = torch.arange(ids.shape[1]).unsqueeze(0)
        x = self.norm(self.words(ids) + self.types(torch.zeros_like(ids)) + self.positions(places))
        seen = mask.to(x.dtype)
        bias = (1 - seen)[:, None, None, :] * torch.finfo(x.dtype).min
        for layer in self.layers:
            x = layer(x, bias)
        pooled = (x * seen.unsqueeze(-1)).sum(1) / seen.sum(1, keepdim=True)
        return nn.functional.normalize(pooled, dim=1)


NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
}


def load(folder):
    """The encoder with the checkpoint's weights."""
    tensors = read(f"{folder}/model.safetensors")
    with open(f"{folder}/config.json", encoding="utf-8") as file:
        encoder = Encoder(json.load(file)).eval()
    state = {}
    for name in encoder.state_dict():
        part, kind = name.rsplit(".", 1)
        if part.startswith("layers."):
            _, layer, inner = part.split(".")
            stored = f"encoder.layer.{layer}.{NAMES[inner]}.{kind}"
        elif part == "norm":
            stored = f"embeddings.LayerNorm.{kind}"
        else:
            stored = {"words": "embeddings.word_embeddings", "positions": "embeddings.position_embeddings",
                      "types": "embeddings.token_type_embeddings"}[part] + f".{kind}"
        state[name] = tensors[stored]
    encoder.load_state_dict(state)
    return encoder


def main():
    folder, path = sys.argv[1:]
    ids = torch.tensor([[101, 7592, 2088, 102], [101, 7592, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    axes = {"ids": {0: "texts", 1: "tokens"}, "mask": {0: "texts", 1: "tokens"}, "embedding": {0: "texts"}}
    with torch.no_grad():
        torch.onnx.export(load(folder), (ids, mask), path, opset_version=17, do_constant_folding=True,
                          input_names=["ids", "mask"], output_names=["embedding"], dynamic_axes=axes)


if __name__ == "__main__":
    main()
