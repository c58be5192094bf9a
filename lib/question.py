"""The contract of a question: what may be chosen, how it is run, and which sentences its numbers choose.

A question is a folder, `lib/questions/<slug>/`, whose `__init__.py` holds its QUESTION.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import pandas as pd

from lib import questions
from lib.config import Config
from lib.types import Numbers, Progress

DRAWN = 60  # points of a line in a small picture


class Verdict(NamedTuple):
    """What a run says: the key of a sentence in the words file, and the numbers in it."""

    key: str
    numbers: Numbers


class Result(Protocol):
    """What every run gives, whatever else is in it."""

    @property
    def config(self) -> Any:
        """The settings of the run."""

    def table(self) -> pd.DataFrame:
        """Return the numbers behind verdicts and figures, as a reader takes them away."""


C = TypeVar("C", bound=Config)
R = TypeVar("R", bound=Result)
Given = TypeVar("Given", bound=Config, contravariant=True)
Gives = TypeVar("Gives", bound=Result, covariant=True)


class Experiment(Protocol[Given, Gives]):
    """A question's `experiment.py`, a module; tests/test_style.py lets mypy hold all of them to it."""

    def run(self, config: Given, progress: Progress | None = None) -> Gives:
        """Run the experiment: a pure function of its settings, the same bits whatever runs beside it."""


class Answer(NamedTuple, Generic[R]):
    """What a page shows: a run's result, and the verdicts that its numbers choose, made once."""

    result: R
    verdicts: dict[str, Verdict]


@dataclass(frozen=True)
class Question(Generic[C, R]):
    """One question; `verdicts` names the sentences that a result chooses, the page's answer ("main") first.

    `headline` are the numbers that its plain file prints last, defined for every result.

    `memory` is the most that a run holds beyond what the process has, in megabytes (`python -m benchmarks.memory`).
    """

    config: type[C]
    verdicts: Callable[[R], dict[str, Verdict]]
    heaviest: C
    headline: Callable[[R], Numbers]
    memory: int = 50

    @property
    def slug(self) -> str:
        """The question's name in addresses and folders: negative_weights."""
        return self.config.slug()

    @property
    def experiment(self) -> Any:  # an Experiment[C, R], and what tests put into it
        """The module that runs the question, imported (and torch with it) when it is first asked for."""
        return importlib.import_module(f"{questions.__name__}.{self.slug}.experiment")

    def run(self, config: C, progress: Progress | None = None, *, own: Any = None) -> R:
        """Run the experiment; on something of the reader's `own`, where a question takes it.

        A pure function of its arguments: the same bits each time, whatever runs beside it. `progress` is called with
        (done, total) and may raise to give up.
        """
        run = self.experiment.run
        result: R = run(config, progress) if own is None else run(config, progress, own=own)
        return result

    def answer(self, config: C, progress: Progress | None = None, *, own: Any = None) -> Answer[R]:
        """Run the experiment and let its numbers choose the sentences."""
        result = self.run(config, progress, own=own)
        return Answer(result, self.verdicts(result))


AnyQuestion = Question[Any, Any]


def find(slug: str) -> AnyQuestion:
    """Return the question named `slug`; ModuleNotFoundError if there is none."""
    question: AnyQuestion = importlib.import_module(f"{questions.__name__}.{slug}").QUESTION
    return question


def every() -> Iterator[AnyQuestion]:
    """Yield all questions, by name."""
    for module in pkgutil.iter_modules(questions.__path__):
        if module.ispkg:
            yield find(module.name)
