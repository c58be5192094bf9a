"""A picture of the reader's own: read as it looks, or refused by name; no file fills the memory."""

import io
import json
import struct
import subprocess
import sys
import threading

import numpy as np
import pytest
import streamlit as st
from catalogue import ROOT
from pictures import chunk, file_of, png, run_lengths, scans, scene, tiff
from PIL import Image, ImageOps
from streamlit.testing.v1 import AppTest

from lib.questions.gabor import picture, unpacking
from lib.questions.gabor.picture import decoded
from lib.ui.upload import MEGABYTES, _looked_at, _turn
from lib.words import load

SCENE = scene()
GREY = Image.fromarray(SCENE)
DEEP = SCENE.astype(np.uint16) * 257  # the same with 16 bits
COLOURED = (4800, 3600)  # 69 MB if it were unpacked whole
HIDDEN = SCENE < 100  # transparent, in the pictures that are so in part
ON_WHITE = np.where(HIDDEN, 255, SCENE) / 255
FLAT = Image.new("L", GREY.size, 128)


def palette(image):
    return image.convert("P", palette=Image.Palette.ADAPTIVE)


def masked(mode):
    """The scene with what is hidden made transparent, black below."""
    image = Image.fromarray(np.where(HIDDEN, 0, SCENE).astype(np.uint8)).convert(mode)
    image.putalpha(Image.fromarray(np.where(HIDDEN, 0, 255).astype(np.uint8)))
    return image


def indexed():
    """The scene in a palette whose colour 0 is black and transparent."""
    image = Image.fromarray(np.where(HIDDEN, 0, SCENE).astype(np.uint8))
    image.putpalette([k for k in range(256) for _ in range(3)])
    return image


def clear(depth, colour):
    """A PNG with one transparent shade, black: the scene in rows of big-endian samples."""
    values = np.where(HIDDEN, 0, SCENE.astype(int) * (257 if depth == 16 else 1))
    channels = 3 if colour == 2 else 1
    rows = np.repeat(values, channels, axis=1).astype(">u2" if depth == 16 else "u1")
    height, width = SCENE.shape
    return png(
        width, height, depth, colour, rows=[r.tobytes() for r in rows], before=chunk(b"tRNS", bytes(2 * channels))
    )


def fraction(values):
    return tiff(SCENE.shape[1], SCENE.shape[0], values.astype("<f4").tobytes(), bits=32, kind=3)


def whole(values, kind="<i4"):
    return tiff(
        SCENE.shape[1], SCENE.shape[0], values.astype(kind).tobytes(), bits=8 * np.dtype(kind).itemsize, kind=2
    )


LOOKS = {  # name: file, and what it looks like
    **{f"{kind} {mode}": (file_of(GREY.convert(mode), kind), SCENE / 255)
       for kind, modes in {"PNG": ("L", "LA", "P", "RGB", "RGBA"), "TIFF": ("L", "LA", "P", "RGB", "CMYK", "YCbCr"),
                           "BMP": ("L", "P", "RGB", "RGBA"), "GIF": ("L", "P", "RGB"),
                           "JPEG": ("L", "RGB", "CMYK")}.items() for mode in modes},
    "PNG 1": (file_of(GREY.point(lambda v: 255 * (v > 99)).convert("1")), (SCENE > 99).astype(float)),
    "PNG I;16": (file_of(Image.fromarray(DEEP)), SCENE / 255),
    "TIFF I;16": (file_of(Image.fromarray(DEEP), "TIFF"), SCENE / 255),
    "TIFF I;16B": (file_of(Image.fromarray(DEEP.astype(">u2")), "TIFF"), SCENE / 255),
    "TIFF LAB": (file_of(Image.merge("LAB", (GREY, FLAT, FLAT)), "TIFF"), SCENE / 255),
    "TIFF I within 16 bits": (whole(DEEP), SCENE / 255),
    "TIFF I beyond": (whole((SCENE - 128.0) * 9e6), (SCENE - SCENE.min()) / np.ptp(SCENE)),
    "TIFF I of 16 bits with a sign": (whole(SCENE - 200.0, "<i2"), (SCENE - SCENE.min()) / np.ptp(SCENE)),
    "TIFF F in [0, 1]": (fraction(SCENE / 510), SCENE / 510),
    "TIFF F beyond": (fraction(SCENE * 3.0 - 300), (SCENE - SCENE.min()) / np.ptp(SCENE)),
    "PNG LA in part": (file_of(masked("LA")), ON_WHITE),
    "PNG RGBA in part": (file_of(masked("RGBA")), ON_WHITE),
    "WebP RGBA in part": (file_of(masked("RGBA"), "WEBP", lossless=True), ON_WHITE),
    "TIFF LA in part": (file_of(masked("LA"), "TIFF"), ON_WHITE),
    "TIFF PA in part": (file_of(masked("RGBA").convert("PA"), "TIFF"), ON_WHITE),
    "PNG P in part": (file_of(indexed(), transparency=0), ON_WHITE),
    "PNG P by bytes": (file_of(indexed(), transparency=b"\0" + b"\xff" * 255), ON_WHITE),
    "GIF P in part": (file_of(indexed(), "GIF", transparency=0), ON_WHITE),
    "PNG L, one shade clear": (clear(8, 0), ON_WHITE),
    "PNG RGB, one shade clear": (clear(8, 2), ON_WHITE),
    "PNG I;16, one shade clear": (clear(16, 0), ON_WHITE),
    "PNG RGB of 16 bits, one shade clear": (clear(16, 2), ON_WHITE),
    "GIF of three": (file_of(palette(GREY), "GIF", save_all=True, append_images=[FLAT, FLAT]), SCENE / 255),
    "MPO of two": (file_of(GREY, "MPO", save_all=True, append_images=[FLAT], quality=100), SCENE / 255),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOKS)
def test_a_picture_is_read_as_it_looks(name):
    content, expected = LOOKS[name]
    np.testing.assert_allclose(decoded(content), expected, atol=0.04 if "PA" in name else 0.013)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_turned_upright(kind):
    for orientation in range(2, 9):
        notes = Image.Exif()
        notes[0x0112] = orientation
        content = file_of(GREY, kind, exif=notes, **({"lossless": True} if kind == "WEBP" else {}))
        lying = Image.fromarray(SCENE)
        lying.getexif()[0x0112] = orientation
        np.testing.assert_allclose(decoded(content), np.asarray(ImageOps.exif_transpose(lying)) / 255, atol=0.02)
    notes = Image.Exif()
    notes[0x0112] = 6
    large = file_of(Image.fromarray(scene(1600, 1200)), kind, exif=notes)
    assert decoded(large).shape == (739, 554)


@pytest.mark.parametrize(
    ("size", "kind", "shape"),
    [
        ((640, 427), "PNG", (427, 640)),  # as large as it was
        ((128, 128), "PNG", (128, 128)),
        ((1200, 900), "JPEG", (554, 739)),
        ((9000, 800), "PNG", (191, 2147)),
        ((1080, 12000), "JPEG", (2133, 192)),
        ((8000, 6000), "JPEG", (554, 739)),  # 48 megapixels
        (COLOURED, "JPEG", (554, 739)),
    ],
)
def test_a_large_picture_is_shrunk_whatever_its_shape(size, kind, shape):
    large = Image.fromarray(scene(160, 120, seed=1)).resize(size, Image.Resampling.NEAREST)
    numbers = decoded(file_of(large.convert("RGB") if size == COLOURED else large, kind))
    assert numbers.shape == shape
    expected = Image.fromarray(scene(160, 120, seed=1)).resize((32, 32), Image.Resampling.BOX)
    seen = Image.fromarray(np.uint8(255 * numbers)).resize((32, 32), Image.Resampling.BOX)
    assert np.corrcoef(np.asarray(seen).ravel(), np.asarray(expected).ravel())[0, 1] > 0.99


def test_sixteen_bits_are_shrunk_like_eight():
    eight = scene(2000, 1500)
    sixteen = Image.fromarray(eight.astype(np.uint16) * 257)
    np.testing.assert_allclose(
        decoded(file_of(sixteen)), decoded(file_of(Image.fromarray(eight))), atol=2 / 255
    )  # eight bits are rounded twice


def said_larger(width, height):
    """A small PNG whose header says that it is larger."""
    small = png(200, 200)
    return small[:8] + chunk(b"IHDR", struct.pack(">II", width, height) + small[24:29]) + small[33:]


def truncated(kind, **options):
    content = file_of(GREY, kind, **options)
    return content[: len(content) // 2]


def endless():
    """A TIFF of 200 x 200 pixels that lists two million strips, for each of which Pillow would make an entry."""
    return tiff(200, 200, bytes(8_000_000), bits=8, kind=1, strips=2_000_000)


def endless_notes():
    """A TIFF whose notes hold two million numbers, which nobody asks for."""
    pixels, values = np.resize(SCENE, 40_000).tobytes(), 2_000_000
    notes = struct.pack("<HHHII", 1, 37500, 4, values, 8) + bytes(4)
    room = bytes(4 * values - len(pixels))
    return tiff(200, 200, pixels + room + notes, bits=8, kind=1, entries=[(34665, 4, 1, 8 + 4 * values)])


REFUSED = [
    ("empty", "nothing", b""),
    ("unknown", "a drawing", b"<svg onload=alert(1)>"),
    ("unknown", "another format", file_of(GREY, "PPM")),
    ("unknown", "TIFF of large files", b"II+\0" + bytes(99)),
    ("unknown", "a first line", b"\x89PNG\r\n\x1a\n"),
    ("shut", "AVIF", b"\0\0\0\x20ftypavif" + bytes(99)),
    ("shut", "HEIC", b"\0\0\0\x20ftypheic" + bytes(99)),
    *[("broken", kind, truncated(kind)) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")],
    ("broken", "LZW", truncated("TIFF", compression="tiff_lzw")),
    ("pixels", "above Pillow's warning", png(9500, 9500, 1)),
    ("pixels", "above Pillow's limit", said_larger(16000, 16000)),
    ("large", "PNG", png(3700, 3700, 8, 2)),
    ("large", "WebP", file_of(Image.new("RGB", (1900, 1900)), "WEBP", lossless=True, method=0)),
    ("large", "progressive", file_of(Image.new("RGB", (3000, 3000)), "JPEG", progressive=True, subsampling=0)),
    ("packed", "scans", scans(100)),
    ("packed", "JPEG in TIFF", file_of(GREY, "TIFF", compression="jpeg")),
    ("packed", "endless", endless()),
    ("small", "narrow", file_of(Image.fromarray(scene(999, 63)))),
    ("small", "few", file_of(Image.fromarray(scene(127, 129)))),
    ("thin", "a strip", file_of(Image.fromarray(scene(9000, 80)))),
    ("gaps", "NaN", fraction(np.where(HIDDEN, np.nan, SCENE))),
    ("gaps", "infinite", fraction(np.where(HIDDEN, -np.inf, SCENE))),
    ("blank", "8 bits", file_of(FLAT)),
    ("blank", "16 bits", file_of(Image.fromarray(np.full_like(DEEP, 999)))),
    ("blank", "fraction", fraction(np.full(SCENE.shape, 7.0))),
    ("blank", "all transparent", file_of(Image.new("RGBA", GREY.size))),
]


@pytest.mark.parametrize(
    ("said", "content"), [(s, c) for s, _, c in REFUSED], ids=[f"{s} {n}" for s, n, _ in REFUSED]
)
def test_a_picture_is_refused_by_name(said, content):
    """Also where Pillow only warns, which the tests make an error and the app does not."""
    with pytest.raises(ValueError, match=f"^{said}$"):
        decoded(content)


@pytest.mark.filterwarnings("ignore")
def test_pillows_warning_is_a_refusal_too():
    with pytest.raises(ValueError, match=r"^pixels$"):
        decoded(png(9500, 9500, 1))


def test_every_refusal_has_its_sentence_with_the_true_bounds():
    words = load("gabor")["upload"]
    assert {said for said, _, _ in REFUSED} == words.keys() - {"label", "help", "note"}
    assert f"at most {MEGABYTES} MB" in words["label"]
    assert f"{unpacking.BUDGET // 10**6} MB" in words["large"]
    assert f"over {unpacking.SCANS} scans, a TIFF of over {unpacking.VALUES:,} strips" in words["packed"]
    assert f"{picture.PIXELS // 10**6} million pixels" in words["pixels"]
    assert f"{picture.SIDE} pixels on its shorter side and {picture.FEWEST:,} in all" in words["small"]
    assert picture.AREA == 640 * 640
    assert "9 : 1 to {:,} × {}".format(*picture._shrunk(9000, 1000)) in words["help"]
    for kind in picture.FORMATS:
        assert kind.lower() in words["label"].lower()
        assert kind.lower() in words["unknown"].lower()
    extensions = {Image.registered_extensions()[f".{ending}"] for ending in picture.ENDINGS}
    assert extensions == set(picture.FORMATS)


def test_what_the_sentence_promises_fits():
    for kind, pixels, content in (
        ("PNG", 12.3e6, lambda n: png(n, n, 8, 2)),
        ("WEBP", 2e6, lambda n: file_of(Image.new("RGB", (n, n)), "WEBP", lossless=True, method=0)),
    ):
        side = int(pixels**0.5)
        made = content(side)
        with Image.open(io.BytesIO(made)) as image:
            assert (image.format, image.size) == (kind, (side, side))
            assert unpacking.bytes_needed(image, made) < unpacking.BUDGET


WORST = {  # the largest that are taken, of each format, and some that are not
    "PNG L": lambda: png(7060, 7060),
    "PNG RGB": lambda: png(3520, 3520, 8, 2),
    "PNG RGBA of 16 bits, interlaced": lambda: png(3520, 3520, 16, 6, interlaced=True),
    "PNG I;16": lambda: png(4630, 4630, 16),
    "PNG refused": lambda: png(6300, 6300, 8, 2),
    "GIF": lambda: file_of(Image.new("P", (7060, 7060)), "GIF"),
    "GIF of many": lambda: file_of(
        palette(GREY), "GIF", save_all=True, append_images=[GREY.rotate(k) for k in range(99)]
    ),
    "JPEG": lambda: file_of(Image.new("L", (8000, 6000)), "JPEG"),
    "JPEG progressive": lambda: file_of(Image.new("RGB", (2870, 2870)), "JPEG", progressive=True, subsampling=0),
    "JPEG progressive refused": lambda: file_of(Image.new("L", (6000, 6000)), "JPEG", progressive=True),
    "WebP": lambda: file_of(Image.new("RGB", (1710, 1710)), "WEBP", lossless=True, method=0),
    "WebP refused": lambda: file_of(Image.new("RGB", (3000, 3000)), "WEBP", lossless=True, method=0),
    "BMP": lambda: run_lengths(3520, 3520),
    "TIFF": lambda: file_of(Image.new("RGB", (3520, 3520)), "TIFF", compression="tiff_lzw"),
    "TIFF of one strip": lambda: file_of(
        Image.new("RGB", (2660, 2660)), "TIFF", compression="tiff_adobe_deflate", strip_size=10**9
    ),
    "TIFF turned": lambda: file_of(Image.new("RGB", (2490, 2490)), "TIFF", compression="tiff_lzw", exif={0x0112: 6}),
    "TIFF endless": endless,
    "TIFF of endless notes": endless_notes,
    "BMP refused": lambda: run_lengths(4200, 4200),
    "TIFF of one strip refused": lambda: file_of(
        Image.new("RGB", (3300, 3300)), "TIFF", compression="tiff_adobe_deflate", strip_size=10**9
    ),
    "TIFF turned refused": lambda: file_of(
        Image.new("RGB", (3300, 3300)), "TIFF", compression="tiff_lzw", exif={0x0112: 6}
    ),
}
PEAKS = """
import json, sys
from multiprocessing import get_context
from pathlib import Path
from lib.questions.gabor.picture import decoded

def highest():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) * 1024

def peak(name):
    content = Path(name).read_bytes()
    before = highest()
    try:
        return decoded(content) is None, highest() - before
    except ValueError as error:
        return str(error), highest() - before

peak(sys.argv[1])  # what is imported late is imported now
with get_context("fork").Pool(1, maxtasksperchild=1) as pool:
    print(json.dumps(pool.map(peak, sys.argv[2:], chunksize=1)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_no_file_fills_the_memory(tmp_path):
    """Each in a process of its own, whose peak (bytes) stays within 60 MB above what it was before."""
    files = [tmp_path / f"{place}" for place in range(len(WORST) + 1)]
    for file, make in zip(files, [lambda: file_of(GREY), *WORST.values()], strict=True):
        file.write_bytes(make())
    done = subprocess.run([sys.executable, "-c", PEAKS, *map(str, files)], cwd=ROOT, capture_output=True, check=True)
    for name, (said, peak) in zip(WORST, json.loads(done.stdout), strict=True):
        taken = {"GIF of many": False, "TIFF endless": "packed", "TIFF of endless notes": False}.get(name, "blank")
        assert said == ("large" if "refused" in name else taken), name
        assert peak < (20e6 if "notes" in name else 60e6), name  # notes stand beside a picture that may be large


def mutated(content, draws):
    """A file with a few bytes changed, a piece cut out, or a piece said twice."""
    changed = bytearray(content)
    for place in draws.integers(0, len(changed), draws.integers(1, 9)):
        changed[place] = draws.integers(256)
    start, end = sorted(draws.integers(0, len(changed), 2))
    return bytes([changed, changed[:start] + changed[end:], changed[:end] + changed[start:]][draws.integers(3)])


@pytest.mark.filterwarnings("ignore")  # Pillow warns of damaged notes
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "LZW"])
def test_a_damaged_file_gives_numbers_or_a_refusal(kind):
    draws, keys = np.random.default_rng(0), load("gabor")["upload"].keys()
    notes = Image.Exif()
    notes[0x0112] = 3
    options = {"compression": "tiff_lzw"} if kind == "LZW" else {"exif": notes} if kind not in ("GIF", "BMP") else {}
    content = file_of(GREY.resize((160, 120)), "TIFF" if kind == "LZW" else kind, **options)
    for _ in range(40):
        try:
            numbers = decoded(mutated(content, draws))
        except ValueError as error:
            assert str(error) in keys
        else:
            assert 0 <= numbers.min() < numbers.max() <= 1


def page(words, decode):
    """A page with an upload and a control, as a script."""
    import streamlit as st

    from lib.ui.upload import upload
    from lib.words import load

    own = upload(load("gabor"), st.session_state["decode"], ["png"])
    st.slider("move", 0, 9, key="move")
    st.text("none" if own is None else own.mark)


@pytest.fixture
def counted():
    """A page, and the files that it has looked at."""
    seen = []

    def decode(content):
        seen.append(content)
        if content == b"bad":
            raise ValueError("broken")
        return np.zeros(3)

    app = AppTest.from_function(page, args=(None, None))
    app.session_state["decode"] = decode
    return app.run(), seen


@pytest.mark.parametrize("content", [b"good", b"bad"])
def test_a_file_is_looked_at_once_however_often_a_control_moves(counted, content):
    app, seen = counted
    app.file_uploader[0].set_value(("x.png", content, "image/png")).run()
    first = app.text[0].value, [e.value for e in app.error]
    for place in (3, 7):
        app.slider[0].set_value(place).run()
        assert (app.text[0].value, [e.value for e in app.error]) == first
    assert seen == [content]
    app.file_uploader[0].set_value(("x.png", b"other", "image/png")).run()
    assert seen == [content, b"other"]
    assert app.text[0].value not in ("none", first[0])
    assert not app.exception


def test_two_sessions_never_look_at_once():
    within, most = [], []

    def decode(content):
        within.append(content)
        most.append(len(within))
        threading.Event().wait(0.02)
        within.remove(content)

    readers = [threading.Thread(target=_looked_at, args=(b"%d" % k, "", decode)) for k in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert most == [1] * 6


class Left:
    """The session state of a reader who has moved on: Streamlit ends the script where it is read."""

    def __contains__(self, key):
        raise InterruptedError


def test_who_has_left_does_not_wait(monkeypatch):
    monkeypatch.setattr(st, "session_state", Left())
    with _turn(), pytest.raises(InterruptedError):
        _looked_at(b"", "", lambda _: None)
    assert _looked_at(b"", "", lambda _: 5).numbers == 5  # the place is free again, and nobody is asked
