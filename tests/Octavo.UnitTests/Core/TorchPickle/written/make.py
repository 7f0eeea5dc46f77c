# Writes the checkpoints of this folder with torch (last with 1.13), and expected.json: what each tensor is, its bytes in hexadecimal.
import json, sys, torch
from collections import OrderedDict

expected = {}

def raw(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.numel() == 0:
        return ""
    return bytes(tensor.reshape(-1).view(torch.uint8).tolist() if tensor.dtype != torch.bool else [int(x) for x in tensor.reshape(-1)]).hex()

def save(name, value, state, entry=None, **how):
    torch.save(value, name, **how)
    expected[name] = {"entry": entry, "tensors": [
        {"name": key, "type": str(t.dtype)[6:], "shape": list(t.shape), "bytes": raw(t)} for key, t in state.items() if torch.is_tensor(t)]}

torch.manual_seed(1)
types = [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
every = OrderedDict((f"t.{str(t)[6:]}", (torch.randn(2, 3) * 50).to(t)) for t in types)
save("types.pt", every, every)
save("types-old.pt", every, every, _use_new_zipfile_serialization=False)

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(5, 4)
        self.norm = torch.nn.BatchNorm1d(4)
        self.body = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.ReLU(), torch.nn.Linear(6, 4, bias=False))
        self.head = torch.nn.Linear(4, 5, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("mask", torch.ones(3, 3).tril().bool())

net = Net()
state = net.state_dict()
save("module.bin", state, state)
save("module-old.bin", state, state, _use_new_zipfile_serialization=False)
save("module-protocol4.bin", state, state, pickle_protocol=4)
save("module-old-protocol4.bin", state, state, pickle_protocol=4, _use_new_zipfile_serialization=False)
parameters = OrderedDict(net.named_parameters())
save("parameters.pth", parameters, parameters)

base = torch.arange(24, dtype=torch.float32)
views = {"whole": base, "rows": base.view(4, 6)[1:3], "turned": base.view(4, 6).t(), "cut": base.view(4, 6)[:, 2:4], "step": base[1::5],
         "scalar": base[7], "none": base[24:], "cube": base.view(2, 3, 4).permute(2, 0, 1), "half": base.half(), "empty": torch.zeros(0, 3)}
save("views.pt", views, views)
save("views-old.pt", views, views, _use_new_zipfile_serialization=False)

optimizer = torch.optim.AdamW(net.parameters())
net.head(net.body(net.norm(net.embed(torch.tensor([0, 1, 2]))))).sum().backward()
optimizer.step()
training = {"epoch": 3, "lr": 0.5, "name": "run 1", "state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "best": torch.tensor(0.25),
            "shape": torch.Size([2, 3]), "dtype": torch.float16, "list": [1, (2, "x"), None, True], "big": 1 << 40}
save("training.pt", training, net.state_dict(), "state_dict")
large = OrderedDict((f"layers.{i}.weight", torch.full((2,), float(i))) for i in range(40))
save("many.bin", large, large)
json.dump(expected, open("expected.json", "w"), indent=0, separators=(",", ":"))
