"""Any question from the command line: the same settings, the same numbers, without Streamlit.

`python -m lib negative_weights --lr 0.01 --csv numbers.csv` prints the verdicts and writes the numbers; `--json`
prints settings, verdicts and rulings on one line; `python -m lib` alone lists the questions.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lib import takeaway
from lib.config import Config
from lib.question import Answer, Verdict, every, find
from lib.words import Words, load, ruling
from lib.your_network import command

YOURS = "your_network"


def main(arguments: Sequence[str]) -> None:
    """List the questions, or run the one that the first argument names."""
    known = {question.slug for question in every()}
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        for slug in sorted(known, key=lambda name: (load(name)["section"], name)):
            print(f"{slug:20} {load(slug)['question']}")
        print(f"{YOURS:20} {load(YOURS)['question']}")
    elif arguments[0] == YOURS:
        command.main(arguments[1:])
    elif arguments[0] not in known:
        sys.exit(f"There is no question {arguments[0][:40]!r}. There are: {', '.join(sorted(known))}.")
    else:
        ask(arguments[0], arguments[1:])


def ask(slug: str, arguments: Sequence[str]) -> None:
    """Read the settings, run the question, print what it says, and write the CSV that is asked for."""
    question, words = find(slug), load(slug)
    given = vars(_parser(question.config, words).parse_args(arguments))
    csv, as_json = given.pop("csv"), given.pop("json")
    config = question.config.from_strings(given)
    answer = question.answer(config, _tell if sys.stderr.isatty() else None)
    if as_json:
        print(json.dumps(record(config, answer, words)))
    else:
        print("\n".join(sentences(words, answer.verdicts)))
    if csv is not None:
        takeaway.table(answer.result).to_csv(csv, index=False)


def sentences(words: Words, verdicts: dict[str, Verdict]) -> list[str]:
    """Return all of a run's verdicts as sentences, the main one first."""
    return [_plain(words, name, verdict) for name, verdict in verdicts.items()]


def record(config: Config, answer: Answer[Any], words: Words) -> dict[str, Any]:
    """Return settings, verdicts and rulings as JSON takes them: {"config": ..., "verdicts": ..., "rulings": ...}."""
    return {
        "config": {item.name: getattr(config, item.name) for item in config.choices()},
        "verdicts": {
            name: {
                "key": verdict.key,
                "numbers": {k: n.item() if hasattr(n, "item") else n for k, n in verdict.numbers.items()},
                "sentence": _plain(words, name, verdict),
            }
            for name, verdict in answer.verdicts.items()
        },
        "rulings": {claim["id"]: ruling(claim, answer.verdicts[claim["entry"]].key) for claim in words["claims"]},
    }


def _plain(words: Words, name: str, verdict: Verdict) -> str:
    """A verdict's sentence without emphasis, on one line."""
    return words.verdict(name, *verdict).replace("**", "").replace("\n\n", " ")


def _parser(settings: type[Config], words: Words) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m lib {settings.slug()}", description=words["question"])
    for item in settings.choices():
        parser.add_argument(
            f"--{item.name.replace('_', '-')}", dest=item.name, default=str(item.default), metavar="VALUE",
            choices=[str(v) for v in item.among],
            help=f"{words[f'controls.{item.name}.label']}: {_listed(item.among)} (default {item.default})",
        )  # fmt: skip
    parser.add_argument("--csv", type=Path, help="write the numbers to this file")
    parser.add_argument("--json", action="store_true", help="print settings, verdicts and rulings on one line")
    return parser


def _listed(values: Sequence[object]) -> str:
    shown = [str(v).replace("%", "%%") for v in values]
    return ", ".join(shown) if len(shown) <= 12 else f"{shown[0]}, {shown[1]}, ..., {shown[-1]}"


def _tell(done: int, total: int) -> None:
    print(f"\rstep {done} of {total}", end="", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
