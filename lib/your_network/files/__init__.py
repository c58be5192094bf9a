"""Files of weights, read without running anything in them and without holding more than they may.

What a file is, is told by its content; its name only gives a sentence or a single array a name. Whatever is wrong
with it, `read` raises Refused and nothing else.
"""

from lib.your_network.contract import Refused, Weights
from lib.your_network.files import numpy_files, onnx_file, safetensors_file, sniffing, torch_zip, zip_directory
from lib.your_network.files.limits import FILE, MEGABYTE

__all__ = ["read"]


def read(name: str, content: bytes) -> Weights:
    """Return the arrays in a file's bytes, or raise Refused with the sentence that says why not.

    Arrays are views of `content` wherever they can be, so they keep it alive and cannot be written to.
    """
    if not content:
        raise Refused("empty")
    if len(content) > FILE:
        raise Refused("large", {"megabytes": len(content) / MEGABYTE, "limit": FILE // MEGABYTE})
    try:
        return _read(name, content)
    except MemoryError:
        raise Refused("memory") from None


def _read(name: str, content: bytes) -> Weights:
    if numpy_files.recognised(content):
        return numpy_files.read_one(name, content)
    if safetensors_file.recognised(content):
        return safetensors_file.read(content)
    if zip_directory.recognised(content):
        return _read_archive(content)
    called_so = name.lower().endswith(".onnx")  # one that was converted from TensorFlow still has its names
    if onnx_file.recognised(name, content) and (called_so or not sniffing.tensorflow(content[: 2**20])):
        return _read_onnx(name, content)
    raise sniffing.refusal(content)


def _read_archive(content: bytes) -> Weights:
    entries = zip_directory.directory(content)
    if torch_zip.recognised(entries):
        return torch_zip.read(content, entries)
    if numpy_files.archived(entries):
        return numpy_files.read_archive(content, entries)
    raise sniffing.zip_refusal(entries)


def _read_onnx(name: str, content: bytes) -> Weights:
    """Read what may be ONNX; a file that is damaged as ONNX and not called so may be something else."""
    try:
        return onnx_file.read(content)
    except Refused as refused:
        if refused.key != "damaged" or name.lower().endswith(".onnx"):
            raise
    raise sniffing.refusal(content)
