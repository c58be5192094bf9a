"""Any question from the command line: the same config, the same numbers, without Streamlit.

`python -m lib.experiments.negative_weights --lr 0.01 --csv numbers.csv` prints the verdict and writes the numbers.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lib import words
from lib.config import Config
from lib.question import Verdict


def command_line(
    config_class: type[Config], run: Callable[..., Any], verdicts: Callable[..., dict[str, Verdict]],
    arguments: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Read the config from the arguments, run it, print its sentences, and write the CSV that is asked for."""
    given = vars(_parser(config_class).parse_args(arguments))
    csv = given.pop("csv")
    config = config_class.from_strings(given)
    result = run(config, progress=_tell if sys.stderr.isatty() else None)
    for sentence in sentences(config_class.stem(), verdicts(result)):
        print(sentence)
    if csv is not None:
        result.table().to_csv(csv, index=False)


def sentences(stem: str, verdicts: dict[str, Verdict]) -> list[str]:
    """Return all of a run's verdicts as sentences, the main one first."""
    text = words.load(stem)
    return [
        text.say(f"verdict.{v.key}", **v.numbers).replace("**", "").replace("\n\n", " ") for v in verdicts.values()
    ]


def _parser(config_class: type[Config]) -> argparse.ArgumentParser:
    stem = config_class.stem()
    text = words.load(stem)
    parser = argparse.ArgumentParser(prog=f"python -m lib.experiments.{stem}", description=text["question"])
    for item in config_class.choices():
        parser.add_argument(
            f"--{item.name.replace('_', '-')}", dest=item.name, default=str(item.default), metavar="VALUE",
            choices=[str(v) for v in item.among],
            help=f"{text[f'controls.{item.name}.label']}: {_listed(item.among)} (default {item.default})",
        )  # fmt: skip
    parser.add_argument("--csv", type=Path, help="write the numbers to this file")
    return parser


def _listed(values: Sequence[object]) -> str:
    shown = [str(v).replace("%", "%%") for v in values]
    return ", ".join(shown) if len(shown) <= 12 else f"{shown[0]}, {shown[1]}, ..., {shown[-1]}"


def _tell(done: int, total: int) -> None:
    print(f"\rstep {done} of {total}", end="", file=sys.stderr)
