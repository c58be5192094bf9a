"""What a file is that cannot be read here: the key of the sentence that says so, and what to do instead."""

import json

from lib.types import Numbers
from lib.your_network.contract import Refused
from lib.your_network.files.zip_directory import Entry

TOLD = 2**16  # bytes that tell text from anything else
BEGINNINGS: dict[bytes, tuple[str, str]] = {  # of the file: key, and what the sentence calls it
    b"\x89HDF\r\n\x1a\n": ("hdf5", ""),
    b"GGUF": ("other", "GGUF"),
    b"GGML": ("other", "GGML"),
    b"lmgg": ("other", "GGML"),
    b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19": ("legacy_torch", ""),  # its MAGIC_NUMBER
    b"\x1f\x8b": ("compressed", "gzip"),
    b"BZh": ("compressed", "bzip2"),
    b"\xfd7zXZ\0": ("compressed", "xz"),
    b"\x28\xb5\x2f\xfd": ("compressed", "zstd"),
    b"7z\xbc\xaf\x27\x1c": ("compressed", "7z"),
    b"Rar!": ("compressed", "rar"),
    b"\x89PNG": ("picture", "PNG"),
    b"\xff\xd8\xff": ("picture", "JPEG"),
    b"GIF8": ("picture", "GIF"),
    b"RIFF": ("other", "RIFF"),
    b"%PDF": ("other", "PDF"),
    b"\x7fELF": ("other", "ELF"),
    b"MZ": ("other", "EXE"),
    b"version https://git-lfs": ("pointer", ""),
}
PROTOCOLS = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))
OLD_PICKLE = (b"(dp", b"(lp", b"ccopy_reg", b"c__main__", b"cnumpy")  # protocol 0, all text
TAR, TAR_AT = b"ustar", 257
TFLITE, TFLITE_AT = b"TFL3", 4
TENSORFLOW = (b"saved_model", b"tf_export", b"VarHandleOp", b"ReadVariableOp", b"serving_default")
TABLE_END = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"  # of TensorFlow's checkpoint index (LevelDB's table)


def refusal(content: bytes) -> Refused:
    """Return why a file that no reader recognises is refused."""
    for beginning, (key, kind) in BEGINNINGS.items():
        if content.startswith(beginning):
            return Refused(key, _kind(kind))
    if content[TAR_AT : TAR_AT + len(TAR)] == TAR:
        return Refused("legacy_torch" if b"storages" in content[:4096] else "compressed", {"kind": "tar"})
    if content[TFLITE_AT : TFLITE_AT + len(TFLITE)] == TFLITE:
        return Refused("tflite")
    if content.startswith((*PROTOCOLS, *OLD_PICKLE)):
        return Refused("pickle")
    if content.endswith(TABLE_END) or tensorflow(content):
        return Refused("tensorflow")
    return _text(content) or Refused("unknown")


def tensorflow(content: bytes) -> bool:
    """Tell whether a protobuf message is TensorFlow's."""
    return any(word in content for word in TENSORFLOW)


def zip_refusal(entries: dict[str, Entry]) -> Refused:
    """Return why an archive that is neither torch's nor numpy's is refused."""
    names = list(entries)
    if any(name.endswith(".h5") for name in names):
        return Refused("keras")
    if any(name.endswith("saved_model.pb") for name in names):
        return Refused("tensorflow")
    if any(name.endswith((".pt", ".pth", ".safetensors", ".onnx", ".npz", ".npy")) for name in names):
        return Refused("zip_of_files")
    return Refused("zip_other")


def _kind(kind: str) -> Numbers:
    return {"kind": kind} if kind else {}


def _text(content: bytes) -> Refused | None:
    """Return which text a file is; None if it is none."""
    try:
        text = content[:TOLD].decode("utf-8", "strict" if len(content) <= TOLD else "ignore").lstrip("\ufeff \r\n\t")
    except UnicodeDecodeError:
        return None
    if not all(letter.isprintable() or letter in "\r\n\t\f" for letter in text):
        return None
    if text[:1] == "<":
        return Refused("html")
    return Refused("json" if _json(content) else "text")


def _json(content: bytes) -> bool:
    """Tell whether a file is JSON; a large one is judged by its first letter."""
    if len(content) > TOLD:
        return content[:TOLD].lstrip()[:1] in (b"{", b"[")
    try:
        return isinstance(json.loads(content), dict | list)
    except (ValueError, RecursionError):
        return False
