"""Goldens of image, audio and video input handling (group `media/`).

python scripts/media.py --out DIR --seed N [--variant heldout] [--only NAME,NAME]
Needs ffmpeg and ffprobe on the path for the yuv-rgb and video cases, OpenCV for opencv-linear; each is skipped when absent.
"""
import argparse, base64, hashlib, io, json, logging, math, os, shutil, struct, subprocess, sys, tempfile, warnings, wave, zlib
warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
import numpy as np
import PIL
import scipy
import scipy.io.wavfile
import scipy.signal
import torch
import transformers as tr
from PIL import Image, ImageDraw, ImageFont, ImageOps
from transformers.image_processing_utils import select_best_resolution
from transformers.image_transforms import convert_to_rgb
from transformers.image_utils import SizeDict
from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.got_ocr2.image_processing_pil_got_ocr2 import GotOcr2ImageProcessorPil, get_optimal_tiled_canvas
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil
from transformers.models.llava_next.modeling_llava_next import get_anyres_image_grid_shape, image_size_to_num_patches, unpad_image
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gold

tr.logging.set_verbosity_error()
logging.disable(logging.WARNING)
HELDOUT = False
R = Image.Resampling
FILTERS = {"nearest": R.NEAREST, "box": R.BOX, "bilinear": R.BILINEAR, "hamming": R.HAMMING, "bicubic": R.BICUBIC, "lanczos": R.LANCZOS}


def v(normal, heldout):
    return heldout if HELDOUT else normal


class Out:
    def __init__(self, root, seed, only):
        self.root, self.seed, self.only, self.n = root, seed, only, 0

    def wants(self, name):
        self.n += 1
        self.rng = np.random.default_rng(self.seed * 1000 + self.n)
        torch.manual_seed(self.seed * 1000 + self.n)
        np.random.seed((self.seed * 1000 + self.n) % 2 ** 31)
        if self.only and name not in self.only:
            return False
        self.dir = os.path.join(self.root, name)
        shutil.rmtree(self.dir, ignore_errors=True)
        os.makedirs(self.dir)
        return True

    def write(self, name, **k):
        gold.write(self.root, name, seed=self.seed, script="media.py", libs=k.pop("libs", [PIL, np]), **k)

    def save(self, image, name, **k):
        image.save(os.path.join(self.dir, name), **k)
        return name


# ---------------------------------------------------------------- pictures
def picture(kind, w, h, rng):
    y, x = np.mgrid[0:h, 0:w]
    if kind == "gradient":
        a = np.stack([x * 255 // max(1, w - 1), y * 255 // max(1, h - 1), (x + y) * 255 // max(1, w + h - 2)], -1)
        return Image.fromarray(a.astype(np.uint8))
    if kind == "noise":
        return Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8))
    if kind == "checker":
        return Image.fromarray((((x + y) % 2) * 255).astype(np.uint8))
    if kind == "stripes":
        return Image.fromarray(np.where((x // 3 + y // 5) % 2 == 0, 20, 235).astype(np.uint8))
    if kind == "text":
        im = Image.new("RGB", (w, h), (250, 248, 240))
        d = ImageDraw.Draw(im)
        f = ImageFont.load_default(max(8, h // 4))
        d.text((2, 1), "Octavo 8vo", fill=(10, 20, 60), font=f)
        d.text((3, h // 2), "0123 xyz&", fill=(160, 20, 20), font=f)
        d.line((0, h - 1, w - 1, 0), fill=(0, 120, 0))
        return im
    if kind == "rgba":
        a = rng.integers(0, 256, (h, w, 4), dtype=np.uint8)
        a[..., 3] = np.where((x + y) % 7 == 0, 0, np.where(x % 5 == 0, 255, a[..., 3]))
        return Image.fromarray(a)
    if kind == "scene":
        im = Image.fromarray(np.stack([60 + x * 150 // w, 90 + y * 120 // h, 200 - (x + 2 * y) * 150 // (w + 2 * h)], -1).astype(np.uint8))
        d = ImageDraw.Draw(im)
        for _ in range(14):
            x0, y0 = int(rng.integers(0, w)), int(rng.integers(0, h))
            s = int(rng.integers(5, max(6, min(w, h) // 3)))
            c = tuple(int(t) for t in rng.integers(0, 256, 3))
            (d.ellipse if rng.random() < .5 else d.rectangle)((x0, y0, x0 + s, y0 + s), fill=c, outline=(0, 0, 0))
        d.text((w // 8, h // 3), "The quick brown fox 12345", fill=(255, 255, 255), font=ImageFont.load_default(max(8, h // 12)))
        return im
    raise ValueError(kind)


def b64(raw):
    return base64.b64encode(raw).decode()


def pixels(im, limit=2000):
    """Exact bytes (row-major, channels last) of a picture: always a hash; whole when small, else crops."""
    raw = im.tobytes() if im.mode != "1" else im.convert("L").tobytes()
    d = {"mode": im.mode, "width": im.width, "height": im.height, "sha256": hashlib.sha256(raw).hexdigest()}
    if len(raw) <= limit:
        return d | {"raw_b64": b64(raw)}
    cw, ch = min(8, im.width), min(6, im.height)
    d["crops"] = []
    for cx, cy in ((0, 0), ((im.width - cw) // 2, (im.height - ch) // 2), (im.width - cw, im.height - ch)):
        c = im.crop((cx, cy, cx + cw, cy + ch))
        c = c.convert("L") if c.mode == "1" else c
        d["crops"].append({"x": cx, "y": cy, "width": cw, "height": ch, "raw_b64": b64(c.tobytes())})
    return d


PIXELS = ("`sha256` is over the raw bytes, row-major, channels interleaved, mode '1' as 0/255 bytes; `raw_b64` are those bytes (whole picture, or in each crop). ")


def pil_resize(o):
    if o.wants("pil-resize"):
        names = {"gradient": v((37, 53), (43, 31)), "noise": v((41, 29), (35, 47)), "checker": v((33, 33), (27, 30)), "stripes": v((64, 20), (50, 26)),
                 "text": v((60, 36), (72, 28)), "rgba": v((31, 27), (25, 34))}
        pics = {n: picture(n, *s, o.rng) for n, s in names.items()}
        pics["la"] = pics["rgba"].convert("LA").crop((0, 0, 19, 23))
        pics["palette"] = pics["noise"].quantize(16)
        pics["bilevel"] = pics["text"].convert("1")
        cases = []
        for n, im in pics.items():
            f = o.save(im, f"{n}.png")
            sizes = [(24, 24), (13, 40), (75, 61), (1, 1), (im.width, 17), (im.width + 1, im.height), (224, 9)] if not HELDOUT else [(28, 28), (50, 11), (61, 83), (2, 1), (21, im.height), (im.width, im.height + 1), (7, 150)]
            if n in ("la", "palette", "bilevel", "checker", "stripes"):
                sizes = sizes[:3]
            for fn, fv in FILTERS.items():
                for s in sizes:
                    cases.append({"input": f, "input_sha256": hashlib.sha256(im.tobytes()).hexdigest(), "filter": fn, "width": s[0], "height": s[1],
                                  "expected": pixels(im.resize(s, fv), 400)})
        # the numbers quoted in the Apollo description
        five = Image.fromarray((np.arange(25).reshape(5, 5) * 10).astype(np.uint8))
        f = o.save(five, "five.png")
        for s in ((3, 3), (8, 8)):
            cases.append({"input": f, "input_sha256": hashlib.sha256(five.tobytes()).hexdigest(), "filter": "bicubic", "width": s[0], "height": s[1],
                          "expected": pixels(five.resize(s, R.BICUBIC))})
        o.write("pil-resize", kind="pil-resize", architecture="PIL.Image.resize", cases=cases, tolerance=(0, 0),
                about="Pillow's resize: antialiased separable filters (support scaled by the reduction), horizontal pass first, 22-bit fixed-point coefficients, rounding "
                      "and clamping to uint8 between the passes, a pass whose size does not change is skipped; bicubic a=-0.5; RGBA and LA are premultiplied "
                      "(8-bit) before and divided after, except for nearest; palette and 1-bit pictures are always nearest, and mode P results are palette indices. " + PIXELS)
    if o.wants("pil-resize-large"):
        pics = {"scene": picture("scene", *v((640, 360), (600, 420)), o.rng), "tall": picture("scene", *v((200, 517), (233, 401)), o.rng)}
        cases = []
        for n, im in pics.items():
            f = o.save(im, f"{n}.png", optimize=True)
            for fn in ("bilinear", "bicubic", "lanczos", "nearest", "box"):
                for s in v([(384, 384), (336, 336), (448, 896), (1000, 700)], [(384, 384), (224, 224), (896, 448), (801, 999)]):
                    cases.append({"input": f, "input_sha256": hashlib.sha256(im.tobytes()).hexdigest(), "filter": fn, "width": s[0], "height": s[1],
                                  "expected": pixels(im.resize(s, FILTERS[fn]), 0)})
        o.write("pil-resize-large", kind="pil-resize", architecture="PIL.Image.resize", cases=cases, tolerance=(0, 0),
                about="The same at release sizes: hashes of the whole result and three crops. " + PIXELS)
    if o.wants("pil-reduce"):
        im = picture("scene", *v((101, 67), (99, 77)), o.rng)
        f = o.save(im, "scene.png")
        cases = []
        for a in (2, 3, 5, (2, 3), (4, 1)):
            cases.append({"input": f, "call": "reduce", "factor": list(a) if isinstance(a, tuple) else [a, a], "expected": pixels(im.reduce(a), 0)})
        for gap in (1.0, 2.0, 3.0):
            for fn in ("bicubic", "lanczos"):
                cases.append({"input": f, "call": "resize", "filter": fn, "reducing_gap": gap, "width": 11, "height": 9,
                              "expected": pixels(im.resize((11, 9), FILTERS[fn], reducing_gap=gap))})
        for box in ((10.5, 3.25, 90.75, 60.0), (0, 0, 50, 50), (33.3, 20.1, 40.9, 31.7)):
            for fn in ("bilinear", "bicubic", "nearest"):
                cases.append({"input": f, "call": "resize", "filter": fn, "box": list(box), "width": 20, "height": 16,
                              "expected": pixels(im.resize((20, 16), FILTERS[fn], box=box))})
        for s in ((40, 40), (25, 60), (300, 300)):
            t = im.copy()
            t.thumbnail(s)
            cases.append({"input": f, "call": "thumbnail", "width": s[0], "height": s[1], "expected": pixels(t)})
        o.write("pil-reduce", kind="pil-reduce", architecture="PIL.Image", cases=cases, tolerance=(0, 0),
                about="Image.reduce, resize with box and with reducing_gap, and thumbnail (bicubic, reducing_gap 2, keeps the aspect ratio, never enlarges). " + PIXELS)
    if o.wants("opencv-linear"):
        try:
            import cv2
        except ImportError:
            return print("opencv-linear: skipped (no OpenCV)")
        cases = []
        for n, s in {"scene": (96, 60), "noise": (41, 29), "gradient": (50, 70)}.items():
            im = picture(n, *s, o.rng)
            f = o.save(im, f"{n}.png")
            for w, h in v([(24, 24), (28, 50), (150, 90), (41, 17)], [(32, 20), (26, 55), (140, 99), (96, 30)]):
                r = cv2.resize(np.asarray(im), (w, h), interpolation=cv2.INTER_LINEAR)
                cases.append({"input": f, "width": w, "height": h, "interpolation": "INTER_LINEAR", "tolerance": 1, "expected": pixels(Image.fromarray(r), 3000)})
        o.write("opencv-linear", kind="opencv-linear", architecture="cv2.resize", cases=cases, tolerance=(1, 0), libs=[cv2, np],
                about="OpenCV's bilinear resize of uint8 (InternVideo2's preprocessing): half-pixel centres, no antialias, fixed point; allow +-1 per value. " + PIXELS)


# ---------------------------------------------------------------- decoding
def png_bytes(w, h, depth, color, samples, plte=None, trns=None, interlace=False, extra=b""):
    """samples: [h][w][channels] of integers; all five row filters are used in turn."""
    ch = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]

    def pack(row):
        flat = [s for p in row for s in p]
        if depth == 16:
            return b"".join(struct.pack(">H", s) for s in flat)
        if depth == 8:
            return bytes(flat)
        out, acc, bits = bytearray(), 0, 0
        for s in flat:
            acc, bits = (acc << depth) | s, bits + depth
            if bits == 8:
                out.append(acc)
                acc = bits = 0
        if bits:
            out.append(acc << (8 - bits))
        return bytes(out)
    bpp = max(1, ch * depth // 8)

    def filtered(rows):
        out, prev = bytearray(), None
        for n, row in enumerate(rows):
            cur = pack(row)
            p = prev or bytes(len(cur))
            t = n % 5
            out.append(t)
            for i, c in enumerate(cur):
                a = cur[i - bpp] if i >= bpp else 0
                b = p[i]
                d = p[i - bpp] if i >= bpp else 0
                q = a + b - d
                pa, pb, pc = abs(q - a), abs(q - b), abs(q - d)
                paeth = a if pa <= pb and pa <= pc else b if pb <= pc else d
                out.append((c - (0, a, b, (a + b) // 2, paeth)[t]) & 255)
            prev = cur
        return bytes(out)
    if interlace:
        data = b""
        for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
            rows = [r[x0::dx] for r in samples[y0::dy]]
            if rows and rows[0]:
                data += filtered(rows)
    else:
        data = filtered(samples)

    def chunk(t, b):
        return struct.pack(">I", len(b)) + t + b + struct.pack(">I", zlib.crc32(t + b))
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, color, 0, 0, int(interlace))) + extra
    if plte:
        out += chunk(b"PLTE", plte)
    if trns:
        out += chunk(b"tRNS", trns)
    z = zlib.compress(data, 9)
    return out + chunk(b"IDAT", z[:len(z) // 2]) + chunk(b"IDAT", z[len(z) // 2:]) + chunk(b"IEND", b"")


def decode(o):
    if not o.wants("image-decode"):
        return
    rng, cases = o.rng, []
    W, H = v((24, 18), (21, 26))

    def add(name, note, tol=0):
        im = Image.open(os.path.join(o.dir, name))
        rgb, turned = im.convert("RGB"), ImageOps.exif_transpose(im).convert("RGB")
        e = {"input": name, "note": note, "tolerance": tol, "pil_mode": im.mode, "expected": {"rgb": pixels(rgb, 9000 if tol else 1500)}}
        if turned.tobytes() != rgb.tobytes() or turned.size != rgb.size:
            e["expected"]["exif_transposed_rgb"] = pixels(turned, 9000 if tol else 1500)
        white = Image.fromarray(convert_to_rgb(im, return_numpy=True))
        if white.tobytes() != rgb.tobytes():
            e["expected"]["on_white_rgb"] = pixels(white, 1500)
        cases.append(e)

    def put(name, raw, note, tol=0):
        open(os.path.join(o.dir, name), "wb").write(raw)
        add(name, note, tol)
    px = lambda top, ch: rng.integers(0, top + 1, (H, W, ch)).tolist()
    for depth, color, ch, n in ((1, 0, 1, "gray1"), (2, 0, 1, "gray2"), (4, 0, 1, "gray4"), (8, 0, 1, "gray8"), (16, 0, 1, "gray16"), (8, 2, 3, "rgb8"), (16, 2, 3, "rgb16"),
                                (8, 4, 2, "graya8"), (16, 4, 2, "graya16"), (8, 6, 4, "rgba8"), (16, 6, 4, "rgba16")):
        put(f"{n}.png", png_bytes(W, H, depth, color, px(2 ** depth - 1, ch)), "all five row filters; two IDAT chunks" + (
            "; PIL mode I;16: convert('RGB') saturates, min(value, 255), it does not take the high byte (16-bit RGB does)" if n == "gray16" else ""))
    for depth in (1, 2, 4, 8):
        n = min(2 ** depth, 40)
        put(f"palette{depth}.png", png_bytes(W, H, depth, 3, px(n - 1, 1), plte=rng.integers(0, 256, n * 3, dtype=np.uint8).tobytes()), "palette")
    put("palette8_alpha.png", png_bytes(W, H, 8, 3, px(19, 1), plte=rng.integers(0, 256, 60, dtype=np.uint8).tobytes(), trns=rng.integers(0, 256, 20, dtype=np.uint8).tobytes()),
        "palette with per-entry alpha: convert('RGB') drops the alpha")
    put("palette8_one_transparent.png", png_bytes(W, H, 8, 3, px(9, 1), plte=rng.integers(0, 256, 30, dtype=np.uint8).tobytes(), trns=b"\xff\xff\xff\x00"), "one transparent entry")
    put("rgb8_colour_key.png", png_bytes(W, H, 8, 2, px(1, 3), trns=struct.pack(">HHH", 0, 1, 1)), "tRNS colour key on RGB")
    put("gray8_colour_key.png", png_bytes(W, H, 8, 0, px(3, 1), trns=struct.pack(">H", 2)), "tRNS colour key on grey")
    put("rgb8_interlaced.png", png_bytes(W, H, 8, 2, px(255, 3), interlace=True), "Adam7")
    put("gray4_interlaced.png", png_bytes(W, H, 4, 0, px(15, 1), interlace=True), "Adam7, packed")
    gama = struct.pack(">I", 4) + b"gAMA" + struct.pack(">I", 100000)
    put("rgb8_gamma.png", png_bytes(W, H, 8, 2, px(255, 3), extra=gama + struct.pack(">I", zlib.crc32(gama[4:]))), "gAMA is ignored")
    put("one_pixel.png", png_bytes(1, 1, 8, 6, [[[10, 20, 30, 0]]]), "1x1")
    scene = picture("scene", W, H, rng)
    wide = picture("scene", v(61, 55), v(43, 37), rng)
    for q, sub, n in ((90, 0, "444"), (90, 1, "422"), (90, 2, "420"), (30, 2, "420_q30")):
        o.save(wide, f"jpeg_{n}.jpg", quality=q, subsampling=sub)
        add(f"jpeg_{n}.jpg", "size not a multiple of the MCU; libjpeg-turbo islow DCT and fancy (triangle) chroma upsampling", 2)
    o.save(wide, "jpeg_progressive.jpg", quality=85, progressive=True)
    add("jpeg_progressive.jpg", "progressive 4:2:0", 2)
    o.save(wide, "jpeg_restart.jpg", quality=85, restart_marker_blocks=2, optimize=True)
    add("jpeg_restart.jpg", "restart markers, optimised Huffman tables", 2)
    o.save(wide.convert("L"), "jpeg_gray.jpg", quality=80)
    add("jpeg_gray.jpg", "greyscale", 2)
    o.save(scene.convert("CMYK"), "jpeg_cmyk.jpg", quality=92)
    add("jpeg_cmyk.jpg", "Adobe CMYK, stored inverted; Pillow's naive CMYK to RGB", 3)
    for k in range(1, 9):
        e = Image.Exif()
        e[0x0112] = k
        o.save(scene, f"exif_{k}.jpg", quality=90, subsampling=0, exif=e)
        add(f"exif_{k}.jpg", f"EXIF orientation {k}; Image.open ignores it, exif_transpose applies it", 2)
    e = Image.Exif()
    e[0x0112] = 6
    o.save(scene, "exif_6.png", exif=e)
    add("exif_6.png", "orientation in a PNG eXIf chunk")
    o.save(scene.quantize(12), "palette.gif")
    add("palette.gif", "GIF")
    frames = [picture("noise", W, H, rng).quantize(8) for _ in range(3)]
    frames[0].save(os.path.join(o.dir, "animated.gif"), save_all=True, append_images=frames[1:], duration=100, loop=0)
    add("animated.gif", "only the first frame")
    rgba = picture("rgba", W, H, rng)
    o.save(rgba, "lossless_alpha.webp", lossless=True, exact=True)
    add("lossless_alpha.webp", "WebP lossless with alpha")
    o.save(wide, "lossy.webp", quality=80)
    add("lossy.webp", "WebP lossy", 2)
    o.save(scene, "rgb.bmp")
    add("rgb.bmp", "24-bit BMP, bottom-up, padded rows")
    o.save(scene.quantize(9), "palette.bmp")
    add("palette.bmp", "8-bit BMP")
    o.save(scene, "rgb.ppm")
    add("rgb.ppm", "binary PPM")
    o.save(scene, "rgb.tif", compression="tiff_lzw")
    add("rgb.tif", "TIFF LZW (optional for a reader)")
    o.write("image-decode", kind="image-decode", architecture="PIL.Image", cases=cases, libs=[PIL, np, tr],
            about="What Pillow's convert('RGB') gives for each file (`rgb`); `exif_transposed_rgb` after ImageOps.exif_transpose, `on_white_rgb` what this transformers release's "
                  "convert_to_rgb gives (it composites alpha over white; releases before 5 drop alpha, like `rgb`): each only where it differs. PNG, BMP, PPM, GIF and lossless "
                  "WebP are exact (tolerance 0); JPEG may differ by `tolerance` per value between decoders. " + PIXELS)


# ---------------------------------------------------------------- image processors
def processors(o):
    S = v(28, 35)
    sizes = {"landscape": v((61, 40), (70, 33)), "portrait": v((33, 57), (41, 66)), "square": v((45, 45), (30, 30)), "tiny": v((9, 14), (15, 8))}

    def run(name, small, release, about, native, call=lambda p, im: p(images=im, return_tensors="pt", data_format="channels_first")["pixel_values"][0]):
        if not o.wants(name):
            return
        ins, outs, cases = {}, {}, []
        for n, s in sizes.items():
            im = picture("scene", *s, o.rng)
            o.save(im, f"{n}.png")
            ins[n] = torch.from_numpy(np.asarray(im).astype(np.int64))
            outs[n] = call(small, im).float()
        big = picture("scene", *v((300, 211), (257, 340)), o.rng)
        o.save(big, "big.png", optimize=True)
        p = call(release, big).float()
        for y, x in ((0, 0), (p.shape[1] // 2 - 2, p.shape[2] // 2 - 2), (p.shape[1] - 4, p.shape[2] - 4)):
            for c in range(3):
                cases.append({"input": "big.png", "channel": c, "y": y, "x": x, "expected": [[round(t, 6) for t in r] for r in p[c, y:y + 4, x:x + 4].tolist()]})
        cases.append({"input": "big.png", "shape": list(p.shape), "expected_channel_mean": p.double().mean((1, 2)).tolist(),
                      "expected_channel_std": p.double().std((1, 2), unbiased=False).tolist()})
        o.write(name, kind="image-processor", architecture=native, about=about + " in.NAME is the uint8 picture [H,W,3] of NAME.png, out.NAME its pixel_values [3,H,W] with the small "
                "`size`s of config.json; cases.json holds 4x4 crops and statistics of big.png at the released size (options.released).",
                config={k: t for k, t in small.to_dict().items() if not k.startswith("_")}, inputs=ins, outputs=outs, cases=cases, libs=[tr, PIL, np],
                options={"released": {k: t for k, t in release.to_dict().items() if k in ("size", "crop_size")}}, tolerance=(1e-5, 1e-6))
    run("clip-processor", CLIPImageProcessorPil(size={"shortest_edge": S}, crop_size={"height": S, "width": S}),
        CLIPImageProcessorPil(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336}),
        "CLIP: shortest edge to `size` (long edge truncated, not rounded), PIL bicubic, centre crop at (size-crop)//2, /255, normalise.", "CLIPImageProcessor")
    std = dict(image_mean=[.5] * 3, image_std=[.5] * 3)
    run("siglip-processor", SiglipImageProcessorPil(size={"height": S, "width": S}, **std), SiglipImageProcessorPil(size={"height": 384, "width": 384}, **std),
        "SigLIP: squashed to a square, PIL bicubic, /255, mean and std 0.5 (so400m-patch14-384 stores resample 3 = bicubic).", "SiglipImageProcessor")
    run("siglip-processor-bilinear", SiglipImageProcessorPil(size={"height": S, "width": S}, resample=2, **std),
        SiglipImageProcessorPil(size={"height": 384, "width": 384}, resample=2, **std), "SigLIP with resample 2 (bilinear), as SigLIP2 stores it.", "SiglipImageProcessor")
    imagenet = dict(image_mean=[.485, .456, .406], image_std=[.229, .224, .225])
    run("dinov2-processor", BitImageProcessorPil(size={"shortest_edge": S + 4}, crop_size={"height": S, "width": S}, resample=3, do_convert_rgb=True, **imagenet),
        BitImageProcessorPil(size={"shortest_edge": 256}, crop_size={"height": 224, "width": 224}, resample=3, do_convert_rgb=True, **imagenet),
        "DINOv2 (and DINO metrics): shortest edge 256, centre crop 224, PIL bicubic, ImageNet mean and std.", "BitImageProcessor")
    run("vit-processor", ViTImageProcessorPil(size={"height": S, "width": S}, resample=2, **std), ViTImageProcessorPil(size={"height": 224, "width": 224}, resample=2, **std),
        "ViT: squashed, bilinear, mean and std 0.5.", "ViTImageProcessor")
    run("llava-pad-processor", LlavaImageProcessorPil(size={"shortest_edge": S}, crop_size={"height": S, "width": S}, do_pad=True),
        LlavaImageProcessorPil(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336}, do_pad=True),
        "LLaVA image_aspect_ratio=pad: centred on a square of int(255*mean) = (122,116,104), offset (long-short)//2, then CLIP's steps.", "LlavaImageProcessor")


def find_closest_aspect_ratio(aspect_ratio, target_ratios, width, height, image_size):
    best_diff, best = float("inf"), (1, 1)
    area = width * height
    for r in target_ratios:
        diff = abs(aspect_ratio - r[0] / r[1])
        if diff < best_diff:
            best_diff, best = diff, r
        elif diff == best_diff and area > .5 * image_size * image_size * r[0] * r[1]:
            best = r
    return best


def dynamic_grid(width, height, min_num, max_num, image_size):
    ratios = set((i, j) for n in range(min_num, max_num + 1) for i in range(1, n + 1) for j in range(1, n + 1) if min_num <= i * j <= max_num)
    return find_closest_aspect_ratio(width / height, sorted(ratios, key=lambda x: x[0] * x[1]), width, height, image_size)


def dynamic_preprocess(im, min_num, max_num, image_size, use_thumbnail):
    c, r = dynamic_grid(im.width, im.height, min_num, max_num, image_size)
    big = im.resize((image_size * c, image_size * r))
    tiles = [big.crop((x * image_size, y * image_size, (x + 1) * image_size, (y + 1) * image_size)) for y in range(r) for x in range(c)]
    if use_thumbnail and len(tiles) != 1:
        tiles.append(im.resize((image_size, image_size)))
    return (c, r), tiles


def tiling(o):
    if o.wants("internvl-tiling"):
        fixed = [(448, 448), (449, 448), (640, 480), (480, 640), (800, 600), (1024, 768), (768, 1024), (1280, 720), (720, 1280), (1920, 1080), (1080, 1920), (3840, 2160), (336, 336),
                 (224, 224), (100, 100), (500, 400), (400, 500), (1000, 800), (1500, 1000), (1000, 1500), (2000, 500), (500, 2000), (4000, 300), (300, 4000), (8000, 100), (100, 8000), (1, 1),
                 (1, 1000), (1000, 1), (895, 448), (896, 448), (897, 448), (633, 633), (634, 634), (635, 635), (896, 896), (1344, 1344), (1344, 448), (1792, 448), (600, 350), (350, 600),
                 (1240, 1754), (1754, 1240), (2480, 3508), (595, 842), (1170, 2532), (2532, 1170), (1125, 900), (900, 1125), (1450, 1000), (1550, 1000), (1250, 1000), (1100, 1000),
                 (1600, 1000), (1750, 1000), (2250, 1000), (2400, 1000), (2750, 1000), (333, 777), (777, 333), (512, 512), (1024, 1024), (1024, 512), (724, 724), (725, 725), (5000, 5000)]
        fixed = fixed if not HELDOUT else [(int(w), int(h)) for w, h in o.rng.integers(40, 3000, (64, 2))] + [(n * 7, n * 5) for n in (20, 60, 100, 160)] + [(n, n) for n in (300, 449, 700, 1300)]
        cases, compared = [], 0
        settings = ((448, 1, 12), (448, 1, 6), (512, 1, 12), (512, 1, 6), (448, 2, 6))
        for size, lo, hi in settings:
            for w, h in fixed:
                g = dynamic_grid(w, h, lo, hi, size)
                assert g == get_optimal_tiled_canvas((h, w), (size, size), lo, hi), (w, h, size, lo, hi)
                n = g[0] * g[1]
                cases.append({"width": w, "height": h, "image_size": size, "min_num": lo, "max_num": hi, "expected_columns": g[0], "expected_rows": g[1],
                              "expected_tiles_with_thumbnail": n + (n > 1)})
            for w, h in o.rng.integers(1, 4000, (3000, 2)).tolist() + [(a * 50, b * 50) for a in range(1, 41) for b in range(1, 41)]:
                compared += 1
                assert dynamic_grid(w, h, lo, hi, size) == get_optimal_tiled_canvas((h, w), (size, size), lo, hi), (w, h, size, lo, hi)
        o.write("internvl-tiling", kind="internvl-tiling", architecture="InternVL dynamic_preprocess", cases=cases, libs=[tr], tolerance=(0, 0),
                about="Grid chosen by InternVL's dynamic tiling (columns x rows). find_closest_aspect_ratio is imitated from the published algorithm; every row, and "
                      f"{compared} further sizes, were compared with transformers' get_optimal_tiled_canvas and agree. Ratios are visited by area (equal areas: fewer columns first); "
                      "a tie takes the later ratio only if width*height > 0.5*image_size^2*columns*rows; the comparison of ratio differences is exact double equality.")
    if o.wants("internvl-tiles"):
        S = v(20, 16)
        ins, outs, cases = {}, {}, []
        p = GotOcr2ImageProcessorPil(size={"height": S, "width": S}, crop_to_patches=True, min_patches=1, max_patches=6, image_mean=[.485, .456, .406], image_std=[.229, .224, .225])
        for n, s in {"wide": v((64, 28), (70, 26)), "tall": v((23, 57), (28, 60)), "small": (17, 17), "square": v((45, 45), (38, 38))}.items():
            im = picture("scene", *s, o.rng)
            f = o.save(im, f"{n}.png")
            grid, tiles = dynamic_preprocess(im, 1, 6, S, True)
            native = p.crop_image_to_patches(np.moveaxis(np.asarray(im), -1, 0), 1, 6, patch_size=SizeDict(height=S, width=S), resample=R.BICUBIC)
            assert len(native) == len(tiles) and all((np.moveaxis(a, 0, -1) == np.asarray(b)).all() for a, b in zip(native, tiles))
            ins[n] = torch.from_numpy(np.asarray(im).astype(np.int64))
            outs[n] = p(images=im, return_tensors="pt")["pixel_values"].float()
            cases.append({"input": f, "expected_columns": grid[0], "expected_rows": grid[1], "expected": [pixels(t, 0) for t in tiles]})
        o.write("internvl-tiles", kind="internvl-tiles", architecture="InternVL dynamic_preprocess", cases=cases, inputs=ins, outputs=outs, libs=[tr, PIL],
                options={"image_size": S, "min_num": 1, "max_num": 6, "use_thumbnail": True, "mean": [.485, .456, .406], "std": [.229, .224, .225]}, tolerance=(1e-5, 1e-6),
                about="Tiles themselves: bicubic resize to columns*S x rows*S ignoring the aspect ratio, row-major tiles, whole picture resized to SxS last when there is more than one "
                      "tile; /255 and ImageNet normalisation. dynamic_preprocess is imitated with Pillow and equal to transformers' GotOcr2 tiler, which made out.NAME. " + PIXELS)
    if o.wants("llava-anyres"):
        pins = {"llava-1.6": [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]], "onevision-3x3": [[384 * a, 384 * b] for a in range(1, 4) for b in range(1, 4)]}
        sizes = [(336, 336), (640, 480), (480, 640), (1920, 1080), (1080, 1920), (1000, 250), (250, 1000), (100, 100), (672, 672), (673, 671), (3000, 2000), (50, 900), (1, 1), (500, 333), (1024, 768)]
        sizes = sizes if not HELDOUT else [(int(a), int(b)) for a, b in o.rng.integers(30, 2500, (16, 2))]
        cases = []
        for n, pp in pins.items():
            patch = 336 if n == "llava-1.6" else 384
            for w, h in sizes:
                best = select_best_resolution((h, w), pp)
                rows, cols = get_anyres_image_grid_shape([h, w], pp, patch)
                t = unpad_image(torch.arange(rows * 6 * cols * 6).reshape(1, rows * 6, cols * 6), (h, w))
                cases.append({"width": w, "height": h, "pinpoints": n, "patch": patch, "expected_height": best[0], "expected_width": best[1], "expected_grid_rows": rows,
                              "expected_grid_columns": cols, "expected_patches_with_base": int(image_size_to_num_patches([h, w], pp, patch)),
                              "unpad_in": [rows * 6, cols * 6], "expected_unpad": list(t.shape[1:]), "expected_unpad_first_value": int(t.flatten()[0])})
        o.write("llava-anyres", kind="llava-anyres", architecture="select_best_resolution", cases=cases, options={"pinpoints_height_width": pins}, libs=[tr], tolerance=(0, 0),
                about="LLaVA-NeXT any-resolution choice: pinpoints are [height,width]; the largest effective resolution wins, then the least waste; image_size_to_num_patches counts the base "
                      "picture. unpad_image removes the padding from a [1,rows*6,columns*6] grid counting up from 0.")


# ---------------------------------------------------------------- audio
def tone(n, rate, rng, noise=.05):
    t = np.arange(n) / rate
    x = .4 * np.sin(2 * np.pi * 440 * t) + .2 * np.sin(2 * np.pi * (300 + 4000 * t) * t) + .1 * np.sin(2 * np.pi * 9000 * t) + noise * rng.standard_normal(n)
    return (np.round(np.clip(x, -1, 1) * 32767) / 32768).astype(np.float32)


def formula(n, rate):
    t = np.arange(n) / rate
    return (.4 * np.sin(2 * np.pi * 440 * t) + .2 * np.sin(2 * np.pi * (200 + 150 * t) * t) + .05 * np.sin(2 * np.pi * 5000 * t) * np.cos(2 * np.pi * 3 * t)).astype(np.float32)


FORMULA = "x[n] = float32(0.4 sin(2 pi 440 t) + 0.2 sin(2 pi (200 + 150 t) t) + 0.05 sin(2 pi 5000 t) cos(2 pi 3 t)), t = n/rate in double"


def samples_of(mel, rows, cols):
    return [{"frame": int(a), "bin": int(b), "expected": round(float(mel[a, b]), 5)} for a in rows for b in cols]


class Recorder:
    """Remembers what numpy's global random choices were, so that the case can state them."""
    def __enter__(self):
        self.values, self.a, self.b = [], np.random.choice, np.random.randint
        np.random.choice = lambda *k, **w: self.keep(self.a(*k, **w))
        np.random.randint = lambda *k, **w: self.keep(self.b(*k, **w))
        return self

    def keep(self, x):
        self.values.append(int(x))
        return x

    def __exit__(self, *_):
        np.random.choice, np.random.randint = self.a, self.b


def mel(o):
    M = v(12000, 14400)
    lengths = {"short": v(3500, 4100), "nearly": v(9000, 11000), "exact": M, "longer": v(26000, 24001)}
    for name, trunc in (("clap-mel-rand-trunc", "rand_trunc"), ("clap-mel-fusion", "fusion")):
        if not o.wants(name):
            continue
        fe = tr.ClapFeatureExtractor(frequency_min=50, frequency_max=14000, truncation=trunc, padding="repeatpad")
        ins, outs, choices = {}, {}, {}
        lens = dict(lengths) if trunc == "rand_trunc" else {"short": lengths["short"], "corner": M + 300, "longer": lengths["longer"]}
        for n, k in lens.items():
            x = tone(k, 48000, o.rng)
            with Recorder() as rec:
                r = fe(x, max_length=M, sampling_rate=48000, return_tensors="np")
            ins[n] = torch.from_numpy(x)
            outs[n] = torch.from_numpy(np.asarray(r["input_features"], dtype=np.float32)[0])
            choices[n] = {"random_values": rec.values, "is_longer": bool(np.asarray(r["is_longer"]).reshape(-1)[0])}
        full = formula(480000, 48000)
        m = np.asarray(fe(full, sampling_rate=48000, return_tensors="np")["input_features"])[0, 0]
        cases = [{"formula": FORMULA, "rate": 48000, "samples": 480000, "expected_shape": list(m.shape), "expected_mean": float(m.mean()), "expected_std": float(m.std()),
                  "atol": 2e-3, "expected": samples_of(m, (0, 1, 250, 500, 999, 1000), (0, 5, 12, 20, 40, 63))}]
        o.write(name, kind="clap-mel", architecture="ClapFeatureExtractor", inputs=ins, outputs=outs, cases=cases, libs=[tr, np], tolerance=(2e-3, 1e-4),
                config={k: t for k, t in fe.to_dict().items() if k != "processor_class"}, options={"max_length": M, "choices": choices},
                about=("CLAP front end, unfused: Slaney mel and norm, " if trunc == "rand_trunc" else "CLAP front end, fused: HTK mel without norm, 4 channels, ") +
                "n_fft 1024 periodic Hann, hop 480, centred with reflection, power, 10*log10(max(1e-10,x)). Short clips are repeated floor(max/len) times and zero-padded; long ones use the "
                "random offsets stated in options.choices.NAME.random_values" + (" (start of the crop in samples). " if trunc == "rand_trunc" else
                " (start frames of front, middle, back; channel 0 is the whole mel resized bilinearly, align_corners false; 'corner' is longer than max_length but has the same number of frames: "
                "four copies, is_longer false, then set true by chance). When no clip of a call is longer, one at random is still marked is_longer: with one clip, always. ") +
                "max_length is cut down here; cases.json has a full 10 s clip.")
    if o.wants("clap-filterbanks") and not HELDOUT:
        fe = tr.ClapFeatureExtractor(frequency_min=50, frequency_max=14000)
        o.write("clap-filterbanks", kind="mel-filterbank", architecture="ClapFeatureExtractor", libs=[tr, np], tolerance=(1e-7, 1e-5),
                outputs={"htk": torch.from_numpy(fe.mel_filters.astype(np.float32)), "slaney": torch.from_numpy(fe.mel_filters_slaney.astype(np.float32))},
                options={"n_fft": 1024, "rate": 48000, "mels": 64, "fmin": 50, "fmax": 14000},
                about="CLAP's two mel filter banks, [frequency bin, mel]: HTK without norm (fusion) and Slaney with Slaney norm (rand_trunc).")
    if o.wants("whisper-mel"):
        ins, outs, cases = {}, {}, []
        for mels in (80, 128):
            fe = tr.WhisperFeatureExtractor(feature_size=mels, chunk_length=1)
            for n, k in {"short": v(7000, 8100), "long": v(17000, 16500)}.items():
                x = tone(k, 16000, o.rng) if mels == 80 else ins[n].numpy()
                ins[n] = torch.from_numpy(x)
                outs[f"{n}_{mels}"] = torch.from_numpy(np.asarray(fe(x, sampling_rate=16000, return_tensors="np")["input_features"], dtype=np.float32)[0])
            fe = tr.WhisperFeatureExtractor(feature_size=mels)
            m = np.asarray(fe(formula(200000, 16000), sampling_rate=16000, return_tensors="np")["input_features"])[0].T
            cases.append({"formula": FORMULA, "rate": 16000, "samples": 200000, "mels": mels, "expected_shape_frames_mels": list(m.shape), "expected_mean": float(m.mean()), "atol": 1e-3,
                          "expected": samples_of(m, (0, 1, 600, 1249, 1250, 1251, 2999), (0, 4, 15, 40, mels - 1))})
        o.write("whisper-mel", kind="whisper-mel", architecture="WhisperFeatureExtractor", inputs=ins, outputs=outs, cases=cases, libs=[tr, np], tolerance=(1e-3, 1e-4),
                options={"chunk_length_s": 1, "mels": [80, 128]},
                about="Whisper log-mel: pad or cut to the chunk (1 s here, 30 s in cases.json), n_fft 400, hop 160, periodic Hann, centred reflect, last frame dropped, Slaney bank, log10 with "
                      "floor 1e-10, then max(x, max-8), (x+4)/4.")
    if o.wants("whisper-filterbanks") and not HELDOUT:
        o.write("whisper-filterbanks", kind="mel-filterbank", architecture="WhisperFeatureExtractor", libs=[tr, np], tolerance=(1e-7, 1e-5),
                outputs={f"slaney_{m}": torch.from_numpy(tr.WhisperFeatureExtractor(feature_size=m).mel_filters.astype(np.float32)) for m in (80, 128)},
                options={"n_fft": 400, "rate": 16000, "fmin": 0, "fmax": 8000}, about="Whisper's mel filter banks, [frequency bin, mel], 80 and 128 mels.")
    if o.wants("ast-fbank"):
        fe = tr.ASTFeatureExtractor(max_length=v(128, 110))
        fe.do_normalize = False
        x = tone(v(16000, 14000), 16000, o.rng)
        raw = torch.from_numpy(np.asarray(fe(x, sampling_rate=16000, return_tensors="np")["input_values"], dtype=np.float32)[0])
        o.write("ast-fbank", kind="kaldi-fbank", architecture="ASTFeatureExtractor", inputs={"waveform": torch.from_numpy(x)}, outputs={"fbank": raw}, libs=[tr, np],
                tolerance=(2e-3, 1e-3), options={"max_length": fe.max_length, "num_mel_bins": 128, "rate": 16000, "numpy_fallback": True},
                about="Kaldi filter bank (as AST and ImageBind use it: symmetric Hann, 25 ms/10 ms, no centring, DC removed, then pre-emphasis 0.97, n_fft 512, power, mel-space triangles 20 Hz to Nyquist, no dither, waveform not scaled by 2^15, "
                      "log with floor 1.192e-7), zero-padded in frames; made by transformers' numpy path, whose authors test it against torchaudio.")
    if o.wants("resample-poly"):
        ins, outs, table = {}, {}, {}
        pairs = v([(1, 2), (2, 1), (1, 3), (3, 1), (160, 441), (441, 160), (147, 160), (160, 147), (2, 3), (3, 2), (1, 6)], [(1, 4), (4, 1), (80, 147), (147, 80), (3, 4), (5, 2)])
        x = tone(v(600, 500), 16000, o.rng)
        ins["x"] = torch.from_numpy(x)
        for a, b in pairs:
            y = scipy.signal.resample_poly(x.astype(np.float64), a, b)
            outs[f"up{a}_down{b}"] = torch.from_numpy(y.astype(np.float32))
            table[f"up{a}_down{b}"] = {"up": a, "down": b, "length": len(y)}
        s = np.stack([x[:200], tone(200, 8000, o.rng)], 1)
        ins["stereo"] = torch.from_numpy(s)
        outs["stereo_up3_down2"] = torch.from_numpy(scipy.signal.resample_poly(s.astype(np.float64), 3, 2, axis=0).astype(np.float32))
        h = scipy.signal.firwin(2 * 10 * 3 + 1, 1 / 3, window=("kaiser", 5.0))
        outs["taps_up3"] = torch.from_numpy(h.astype(np.float32))
        o.write("resample-poly", kind="resample-poly", architecture="scipy.signal.resample_poly", inputs=ins, outputs=outs, options=table, libs=[scipy, np], tolerance=(1e-5, 1e-5),
                about="Polyphase resampling: up and down divided by their gcd, FIR of 2*10*max(up,down)+1 taps, firwin cutoff 1/max(up,down), Kaiser beta 5, gain up, zeros outside, length "
                      "ceil(n*up/down); computed in double. taps_up3 is the filter before the gain.")


def wav_cases(o):
    if not o.wants("wav-read"):
        return
    rng, cases = o.rng, []
    N = v(60, 51)

    def chunk(t, b):
        return t + struct.pack("<I", len(b)) + b + (b"\0" if len(b) % 2 else b"")

    def fmt(tag, ch, rate, bits, extra=b""):
        return chunk(b"fmt ", struct.pack("<HHIIHH", tag, ch, rate, rate * ch * bits // 8, ch * bits // 8, bits) + extra)

    def ext(sub, ch, rate, bits, valid, channel_mask):
        guid = struct.pack("<H", sub) + bytes.fromhex("000000001000800000aa00389b71")
        return fmt(0xFFFE, ch, rate, bits, struct.pack("<HHI", 22, valid, channel_mask) + guid)

    def put(name, chunks, rate, ch, expected, note):
        body = b"WAVE" + b"".join(chunks)
        open(os.path.join(o.dir, name), "wb").write(b"RIFF" + struct.pack("<I", len(body)) + body)
        e = np.asarray(expected, dtype=np.float64).reshape(-1, ch)
        cases.append({"input": name, "note": note, "rate": rate, "channels": ch, "frames": len(e), "atol": 1e-7, "expected_interleaved": [float(t) for t in np.round(e.reshape(-1), 9)]})
    t = np.arange(N)
    for ch in (1, 2):
        x = np.stack([.9 * np.sin(t * .3 + c) for c in range(ch)], 1)
        x[0, 0], x[1, 0], x[2, 0] = -1, 1, 0
        q = lambda b: np.clip(np.round(x * 2 ** (b - 1)), -2 ** (b - 1), 2 ** (b - 1) - 1).astype(np.int64)
        u8 = (q(8) + 128).astype(np.uint8)
        put(f"pcm8_{ch}.wav", [fmt(1, ch, 8000, 8), chunk(b"data", u8.tobytes())], 8000, ch, (u8.astype(float) - 128) / 128, "8-bit is unsigned: (x-128)/128")
        put(f"pcm16_{ch}.wav", [fmt(1, ch, 16000, 16), chunk(b"data", q(16).astype("<i2").tobytes())], 16000, ch, q(16) / 32768, "x/32768")
        b24 = b"".join(struct.pack("<i", int(s))[:3] for s in q(24).reshape(-1))
        put(f"pcm24_{ch}.wav", [fmt(1, ch, 44100, 24), chunk(b"data", b24)], 44100, ch, q(24) / 2 ** 23, "packed 3 bytes, x/2^23")
        put(f"pcm32_{ch}.wav", [fmt(1, ch, 48000, 32), chunk(b"data", q(32).astype("<i4").tobytes())], 48000, ch, q(32) / 2 ** 31, "x/2^31")
        f = (x * 1.25).astype("<f4")
        put(f"float32_{ch}.wav", [fmt(3, ch, 48000, 32, b"\0\0"), chunk(b"fact", struct.pack("<I", N)), chunk(b"data", f.tobytes())], 48000, ch, f, "values beyond 1 are kept")
        d = x.astype("<f8")
        put(f"float64_{ch}.wav", [fmt(3, ch, 48000, 64, b"\0\0"), chunk(b"data", d.tobytes())], 48000, ch, d, "double")
        put(f"ext_pcm16_{ch}.wav", [ext(1, ch, 44100, 16, 16, 4 if ch == 1 else 3), chunk(b"data", q(16).astype("<i2").tobytes())], 44100, ch, q(16) / 32768, "WAVE_FORMAT_EXTENSIBLE, PCM")
        put(f"ext_pcm24_{ch}.wav", [ext(1, ch, 44100, 24, 24, 3), chunk(b"data", b24)], 44100, ch, q(24) / 2 ** 23, "WAVE_FORMAT_EXTENSIBLE, 24-bit")
        v20 = (q(24) >> 4) << 4
        put(f"ext_pcm24_valid20_{ch}.wav", [ext(1, ch, 44100, 24, 20, 3), chunk(b"data", b"".join(struct.pack("<i", int(s))[:3] for s in v20.reshape(-1)))], 44100, ch, v20 / 2 ** 23,
            "20 valid bits, left-aligned in 24")
        put(f"ext_float_{ch}.wav", [ext(3, ch, 44100, 32, 32, 3), chunk(b"data", f.tobytes())], 44100, ch, f, "WAVE_FORMAT_EXTENSIBLE, float")
    x16 = np.round(.5 * np.sin(t * .2) * 32767).astype("<i2")
    put("chunks_before.wav", [chunk(b"JUNK", b"abc"), fmt(1, 1, 16000, 16), chunk(b"LIST", b"INFOISFT\x05\0\0\0abcd\0\0"), chunk(b"data", x16.tobytes()), chunk(b"id3 ", b"x" * 7)], 16000, 1, x16 / 32768,
        "unknown chunks, one of odd length with its pad byte, before and after the data")
    body = b"WAVE" + fmt(1, 1, 16000, 16) + b"data" + struct.pack("<I", 0xFFFFFFFF) + x16.tobytes()
    open(os.path.join(o.dir, "streamed.wav"), "wb").write(b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + body)
    cases.append({"input": "streamed.wav", "note": "sizes 0xFFFFFFFF as ffmpeg writes to a pipe: read to the end of the file", "rate": 16000, "channels": 1, "frames": N, "atol": 1e-7,
                  "expected_interleaved": [float(a) for a in np.round(x16 / 32768, 9)]})
    six = np.round(rng.uniform(-1, 1, (8, 6)) * 32767).astype("<i2")
    put("six_channels.wav", [ext(1, 6, 48000, 16, 16, 0x3F), chunk(b"data", six.tobytes())], 48000, 6, six / 32768, "5.1: FL FR FC LFE BL BR")
    put("empty.wav", [fmt(1, 1, 16000, 16), chunk(b"data", b"")], 16000, 1, [], "no samples")
    with wave.open(os.path.join(o.dir, "wave_module.wav"), "wb") as w:
        w.setnchannels(1), w.setsampwidth(2), w.setframerate(22050), w.writeframes(x16.tobytes())
    cases.append({"input": "wave_module.wav", "note": "written by Python's wave module", "rate": 22050, "channels": 1, "frames": N, "atol": 1e-7, "expected_interleaved": [float(a) for a in np.round(x16 / 32768, 9)]})
    checked = 0
    for c in cases:
        p = os.path.join(o.dir, c["input"])
        want = np.array(c["expected_interleaved"]).reshape(-1, c["channels"])
        if c["input"] not in ("streamed.wav", "empty.wav"):
            r, a = scipy.io.wavfile.read(p)
            a = a.reshape(len(a), -1)
            got = (a.astype(float) - 128) / 128 if a.dtype == np.uint8 else a / 32768 if a.dtype == np.int16 else a / 2 ** 31 if a.dtype == np.int32 else a
            assert r == c["rate"] and np.abs(got - want).max() < 1e-6, (c["input"], np.abs(got - want).max())
            checked += 1
        if shutil.which("ffmpeg") and c["frames"]:
            raw = subprocess.run(["ffmpeg", "-v", "error", "-i", p, "-f", "f32le", "-"], capture_output=True, check=True).stdout
            got = np.frombuffer(raw, "<f4").reshape(-1, c["channels"])
            assert got.shape == want.shape and np.abs(got - want).max() < 1e-6, c["input"]
    o.write("wav-read", kind="wav-read", architecture="RIFF WAVE", cases=cases, libs=[np, scipy], tolerance=(1e-7, 0),
            about=f"WAV files made by the script (headers by hand); expected samples are the integers divided by 2^(bits-1), floats unchanged. {checked} of the files were read back equal with "
                  "scipy.io.wavfile, and all non-empty ones with ffmpeg -f f32le.")


# ---------------------------------------------------------------- colour and video
def ffmpeg(args, data=None):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin" if data is None else "-y"] + args, input=data, capture_output=True, check=True).stdout


KR = {"bt601": (.299, .114), "bt709": (.2126, .0722)}


def yuv(o):
    if not o.wants("yuv-rgb"):
        return
    if not shutil.which("ffmpeg"):
        return print("yuv-rgb: skipped (no ffmpeg)")
    level = v([0, 16, 60, 128, 180, 235, 254, 255], [0, 15, 71, 127, 140, 200, 240, 255])
    rgb = np.array([(a, b, c) for a in level for b in level for c in level], dtype=np.uint8)
    ylev = v([0, 16, 17, 81, 128, 180, 220, 235], [1, 16, 40, 100, 126, 190, 225, 234])  # above 235 swscale's tables wrap for extreme chroma
    clev = v([16, 60, 100, 127, 128, 129, 200, 240], [17, 54, 90, 120, 128, 140, 210, 239])
    yuv_in = np.array([(a, b, c) for a in ylev for b in clev for c in clev], dtype=np.uint8)
    W, H = 32, 16
    ins = {"rgb": torch.from_numpy(rgb.astype(np.int64)), "yuv": torch.from_numpy(yuv_in.astype(np.int64))}
    outs, tol = {}, {}
    flags = {"default": "bicubic", "accurate": "accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"}
    for m in ("bt601", "bt709"):
        kr, kb = KR[m]
        for rn, rv in (("limited", "tv"), ("full", "pc")):
            ys, cs, y0 = (219, 224, 16) if rn == "limited" else (255, 255, 0)
            f = rgb / 255
            y = kr * f[:, 0] + (1 - kr - kb) * f[:, 1] + kb * f[:, 2]
            exact = np.stack([y0 + ys * y, 128 + cs * (f[:, 2] - y) / (2 - 2 * kb), 128 + cs * (f[:, 0] - y) / (2 - 2 * kr)], 1)
            outs[f"rgb_to_yuv_{m}_{rn}_formula"] = torch.from_numpy(np.clip(np.floor(exact + .5), 0, 255).astype(np.int64))
            tol[f"rgb_to_yuv_{m}_{rn}_formula"] = (1, 0)
            q = yuv_in.astype(float)
            yy, pb, pr = (q[:, 0] - y0) / ys, (q[:, 1] - 128) / cs, (q[:, 2] - 128) / cs
            r, b = yy + (2 - 2 * kr) * pr, yy + (2 - 2 * kb) * pb
            g = (yy - kr * r - kb * b) / (1 - kr - kb)
            outs[f"yuv_to_rgb_{m}_{rn}_formula"] = torch.from_numpy(np.clip(np.floor(np.stack([r, g, b], 1) * 255 + .5), 0, 255).astype(np.int64))
            tol[f"yuv_to_rgb_{m}_{rn}_formula"] = (1, 0)
            for fn, fl in flags.items():
                raw = ffmpeg(["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{W}x{H}", "-i", "-", "-vf", f"scale=out_color_matrix={m}:out_range={rv}:in_range=pc:flags={fl},format=yuv444p", "-f", "rawvideo", "-"], rgb.tobytes())
                outs[f"rgb_to_yuv_{m}_{rn}_ffmpeg_{fn}"] = torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(3, -1).T.astype(np.int64))
                if fn == "accurate":  # the same integers as with default flags
                    continue
                raw = ffmpeg(["-f", "rawvideo", "-pix_fmt", "yuv444p", "-s", f"{W}x{H}", "-i", "-", "-vf", f"scale=in_color_matrix={m}:in_range={rv}:out_range=pc:flags={fl},format=rgb24", "-f", "rawvideo", "-"],
                             np.ascontiguousarray(yuv_in.T).tobytes())
                outs[f"yuv_to_rgb_{m}_{rn}_ffmpeg_{fn}"] = torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int64))
    for k in outs:
        if "ffmpeg" in k:
            tol[k] = (2, 0)
            assert (outs[k] - outs[k.split("_ffmpeg")[0] + "_formula"]).abs().max() <= 1, k
    version = ffmpeg_version()
    o.write("yuv-rgb", kind="yuv-rgb", architecture="swscale", inputs=ins, outputs=outs, libs=[np], tolerances=tol, options={"ffmpeg": version, "swscale_flags": flags},
            about="8-bit RGB <-> YUV 4:4:4, BT.601 and BT.709, limited (16-235, 16-240) and full range. `_formula` is the definition rounded to nearest (imitated: numpy); `_ffmpeg_*` is "
                  "swscale's own integers (yuv_to_rgb: accurate flags give the same), never more than 1 from the formula here; for luma above 235 with extreme chroma swscale 5.1 wraps (BT.709 limited 255,240,* gives blue 0), so such values are left out. 512 colours each.")


def ffmpeg_version():
    return subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True).stdout.split()[2]


def video(o):
    if not o.wants("video"):
        return
    if not shutil.which("ffmpeg"):
        return print("video: skipped (no ffmpeg)")
    W, H = v((64, 48), (80, 64))
    quiet = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    x264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "medium", "-bf", "2", "-g", "8", "-x264-params", "threads=1"]
    number = f"color=black:size={W}x{H}:rate=10:duration={v(2, 2.4)},format=yuv420p,geq=lum='16+mod(N*9,200)':cb='128+mod(N,5)*8':cr=128"
    src = f"testsrc=size={W}x{H}:rate=10:duration={v(2, 2.3)}"
    files = {
        "h264_cfr.mp4": (["-f", "lavfi", "-i", src] + x264, "test card with a counter, 10 fps, B-frames"),
        "h264_vfr.mp4": (["-f", "lavfi", "-i", src, "-vf", r"select='lt(n\,6)+not(mod(n\,4))+gt(n\,16)'", "-vsync", "vfr"] + x264, "the same with frames left out: variable frame rate"),
        "h264_number.mp4": (["-f", "lavfi", "-i", number] + x264, "luma of every pixel is 16+mod(9*frame,200): identifies the frame"),
        "h264_2997.mp4": (["-f", "lavfi", "-i", f"testsrc=size={W}x{H}:rate=30000/1001:duration=1"] + x264, "29.97 fps"),
        "h264_rotated.mp4": (["-i", os.path.join(o.dir, "h264_cfr.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=90"], "display matrix says rotate; ffmpeg turns it, decoders that ignore it do not"),
        "h264_audio.mp4": (["-f", "lavfi", "-i", src, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=1.5"] + x264 + ["-c:a", "aac", "-b:a", "32k"], "with an AAC track shorter than the video"),
        "vp8_number.webm": (["-f", "lavfi", "-i", number, "-c:v", "libvpx", "-b:v", "300k", "-threads", "1"], "VP8"),
        "number.gif": (["-f", "lavfi", "-i", number], "GIF"),
        "mpeg4_number.avi": (["-f", "lavfi", "-i", number, "-c:v", "mpeg4", "-q:v", "3", "-threads", "1"], "MPEG-4 part 2 in AVI"),
        "raw.y4m": (["-f", "lavfi", "-i", f"testsrc=size={W // 2}x{H // 2}:rate=5:duration=1", "-pix_fmt", "yuv420p", "-strict", "-1"], "YUV4MPEG2 for a reader without codecs"),
    }
    cases = []
    for name, (args, note) in files.items():
        p = os.path.join(o.dir, name)
        ffmpeg(["-y"] + args + (quiet if "rotate=90" not in args else []) + [p])
        info = json.loads(subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_streams", "-show_format", "-show_frames", "-of", "json", p],
                                         capture_output=True, text=True, check=True).stdout)
        s = info["streams"][0]
        rgb = ffmpeg(["-i", p, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        raw = ffmpeg(["-noautorotate", "-i", p, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
        w, h = int(s["width"]), int(s["height"])
        n = len(rgb) // (w * h * 3)
        frames = info["frames"]
        assert n == len(frames), (name, n, len(frames))
        size = w * h + 2 * ((w + 1) // 2) * ((h + 1) // 2)
        rows = []
        for i, f in enumerate(frames):
            a = np.frombuffer(rgb, np.uint8, w * h * 3, i * w * h * 3).reshape(-1, 3)
            y = raw[i * size:i * size + w * h]
            rows.append({"index": i, "time": float(f["best_effort_timestamp_time"]), "type": f.get("pict_type"), "expected_mean_rgb": " ".join(f"{t:.3f}" for t in a.mean(0)),
                         "expected_mean_luma": round(float(np.frombuffer(y, np.uint8).mean()), 3), "sha256_yuv420p": hashlib.sha256(raw[i * size:(i + 1) * size]).hexdigest()[:16]})
        turned = any(d.get("rotation") for d in s.get("side_data_list", []))
        cases.append({"input": name, "note": note, "codec": s["codec_name"], "width": w, "height": h, "turned_for_rgb": turned, "avg_frame_rate": s["avg_frame_rate"], "r_frame_rate": s["r_frame_rate"],
                      "time_base": s["time_base"], "stream_duration": s.get("duration"), "format_duration": info["format"].get("duration"), "stored_frame_count": s.get("nb_frames"), "frames": n, "expected": rows})
    o.write("video", kind="video", architecture="ffmpeg", cases=cases, libs=[np], options={"ffmpeg": ffmpeg_version()},
            about="Small videos and what ffmpeg decodes from each: timestamps in presentation order (seconds), mean RGB (rgb24, default swscale; allow +-1.5), mean luma (+-0.01 for H.264, VP8, MPEG-4 and Y4M), and "
                  "the first 16 hex digits of the SHA-256 of the frame's planar 4:2:0 bytes before rotation (exact where the source is 4:2:0: decoding is bit-exact; not for GIF). Frames are passed "
                  "through: none is repeated or dropped to fill gaps.")


def apollo_sampling(o):
    if not o.wants("apollo-sampling"):
        return

    def plan(total, f0, ratio, c=2, k=4):
        duration = total / f0
        clips = math.ceil((duration / c) * ratio)
        step_f = f0 / (k / c)
        part = total // clips
        out = []
        if step_f > .5:
            step = max(1, int(step_f))
            clip_len = k * step
            sample_len = min(clip_len, total)
            hop = (total - clip_len) // max(1, clips - 1) if total > clip_len else 0
            for i in range(clips):
                if part > clip_len:
                    s = (part - clip_len) // 2
                    idx = [min(max(t, 0), part - 1) + i * part for t in range(s, s + clip_len, step)]
                else:
                    idx = list(range(0, sample_len, step))
                    idx += [sample_len] * (k - len(idx))
                    idx = [min(max(t, 0), sample_len - 1) + i * hop for t in idx]
                out.append(idx)
        else:
            n = int(k * step_f)
            hop = (total - n) // max(1, clips - 1) if total > n else 0
            for i in range(clips):
                idx = [t for t in range(n) for _ in range(math.ceil(1 / step_f))][:k]
                idx += [n] * (k - len(idx))
                out.append([min(max(t, 0), max(0, n - 1)) + i * hop for t in idx])
        return out
    spec = {(300, 30, 1): (5, [0, 15, 30, 45], [240, 255, 270, 285]), (301, 29.97, 1): (6, [0, 14, 28, 42], [245, 259, 273, 287]), (1800, 30, .25): (8, [82, 97, 112, 127], [1657, 1672, 1687, 1702]),
            (45, 30, 1): (1, [0, 15, 30, 44], [0, 15, 30, 44]), (30, 30, 1): (1, [0, 15, 29, 29], [0, 15, 29, 29]), (250, 25, 1): (5, [1, 13, 25, 37], [201, 213, 225, 237]), (20, 1.0, 1): (10, [0, 0, 1, 1], [18, 18, 19, 19]),
            (216000, 30, .0231111): (84, [1255, 1270, 1285, 1300], None)}
    agree = []
    for (t, f, r), (n, first, last) in spec.items():
        p = plan(t, f, r)
        ok = len(p) == n and p[0] == first and (last is None or p[-1] == last)
        agree.append(ok)
        if not ok:
            print("   apollo-sampling differs from the description's row", (t, f, r), len(p), p[0], p[-1], "expected", n, first, last)
    assert all(agree)
    rows = v([(300, 30, 1), (301, 29.97, 1), (1800, 30, .25), (45, 30, 1), (30, 30, 1), (250, 25, 1), (20, 1.0, 1), (120, 24, 1), (1, 30, 1), (2, 30, 1), (7, 30, 1), (59, 30, 1), (60, 30, 1), (61, 30, 1), (600, 60, 1), (1000, 23.976, .5),
              (5000, 25, .1), (95, 4, 1), (33, 2, 1), (40, 3, 1), (2997, 29.97, .35), (270, 23.976, 1), (795, 10, 1), (68, 15, .65), (216000, 30, .0231111)],
             [(311, 30, 1), (450, 29.97, .6), (1700, 25, .3), (44, 24, 1), (3, 10, 1), (800, 50, 1), (90, 12, 1), (71, 5, 1), (2000, 23.976, .2)])
    cases = []
    for t, f, r in rows:
        p = plan(t, f, r)
        show = p if len(p) <= 12 else p[:3] + p[-3:]
        cases.append({"strategy": "fps-in-clips", "total_frames": t, "fps": f, "ratio": r, "clip_duration": 2, "frames_per_clip": 4, "expected_clips": len(p), "clips_listed": "all" if len(p) <= 12 else "first 3, last 3",
                      "expected": [" ".join(map(str, x)) for x in show], "expected_seconds": [f"{x[0] / f:.6f} {x[-1] / f:.6f}" for x in show],
                      "expected_sum_of_all_indices": int(sum(map(sum, p)))})
    for t, n in v([(300, 32), (100, 16), (33, 8), (8, 8), (1000, 64), (31, 32), (10, 16)], [(301, 32), (77, 16), (40, 8), (5, 8)]):
        idx = np.linspace(0, t - 1, n).astype(int)
        cases.append({"strategy": "uniform-linspace", "total_frames": t, "frames": n, "expected": " ".join(map(str, idx.tolist()))})
    o.write("apollo-sampling", kind="frame-sampling", architecture="apollo", cases=cases, libs=[np], tolerance=(0, 0),
            about="Frame indices of Apollo's fps-in-clips sampling, imitated from the formula in its description (checked against the eight rows printed there), and numpy linspace(0,total-1,N) cut to int "
                  "for the uniform baseline. Python's float arithmetic in double; integer divisions floor. `ratio` is already min(1, ...). Fewer frames than N: linspace repeats indices.")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    p.add_argument("--seed", type=int, default=23)
    p.add_argument("--variant", choices=["public", "heldout"], default="public")
    p.add_argument("--only", default="")
    a = p.parse_args()
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    HELDOUT = a.variant == "heldout"
    o = Out(a.out, a.seed, set(filter(None, a.only.split(","))))
    for group in (pil_resize, decode, processors, tiling, mel, wav_cases, yuv, video, apollo_sampling):
        group(o)
