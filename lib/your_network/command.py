"""`python -m lib your_network FILE` examines a file of weights; without FILE, one of the app's own networks.

Prints what looks wrong, then what else the weights say, and what the file is; `--csv` writes a row a layer.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lib.words import load
from lib.your_network import saying
from lib.your_network.config import SPECIMENS, YourNetwork
from lib.your_network.contract import File
from lib.your_network.question import Refusal, asking


def main(arguments: Sequence[str]) -> None:
    """Read the arguments, examine, print, and write the table that is asked for."""
    given, words = _parser().parse_args(arguments), load("your_network")
    own = None if given.file is None else File(given.file.name, _content(given.file))
    found = asking().answer(YourNetwork(specimen=given.specimen, seed=given.seed), own=own).result
    if isinstance(found, Refusal):
        sys.exit(saying.refusal(words, found.key, found.numbers, _printable))
    for finding in found.findings:
        print(f"- {saying.finding(words, finding, _printable).replace('**', '')}")
    for line in saying.about_file(words, found, _printable):
        print(f"- {line}")
    if given.csv is not None:
        found.table().to_csv(given.csv, index=False)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        sys.exit(f"{file} cannot be read: {error.strerror}.")


def _printable(text: str) -> str:
    """A text from a file that cannot move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lib your_network", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, help="safetensors, .pt or .pth, .npz or .npy, ONNX")
    parser.add_argument(
        "--specimen", choices=SPECIMENS, default="trained", help="without a file: which network of ours"
    )
    parser.add_argument("--seed", type=int, choices=range(100), default=0, metavar="0-99", help="its start number")
    parser.add_argument("--csv", type=Path, help="write a row a layer to this file")
    return parser
