"""Lessons of 45 minutes, one for each section: on the home page, and in docs/teaching.md.

`python -m lib.words.teaching` prints that file anew.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from lib.words import load

STEPS = ("guess", "run", "explain", "surprise", "wrong")
SHOWN = {"guess": "guess", "surprise": "present", "wrong": "present"}  # where nobody moves a control
Link = Callable[[str, dict[str, str]], str]
HEAD = """# Teaching

{text} Put the app's own address before the links below; every setting of a page is in its link ('Copy link').
"""


def plans(link: Link) -> Iterator[tuple[str, str]]:
    """Yield each lesson's heading, and its steps as a Markdown list; `link` makes an address of slug and query."""
    words, app = load("teaching"), load("app")
    for plan in words["plans"]:
        heading = words.say("head.plan", title=app[f"sections.{plan['section']}.title"])
        yield heading, "\n".join(f"1. {_step(name, plan[name], link)}" for name in STEPS)


def steps(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a lesson's steps, in their order."""
    return [plan[name] for name in STEPS]


def query(name: str, step: Mapping[str, Any]) -> dict[str, str]:
    """Return what a step's link carries: its settings by name, and how the page is shown, if not as usual."""
    settings = {key: str(value) for key, value in step.get("settings", {}).items()}
    return settings | {SHOWN[name]: "true"} if name in SHOWN else settings


def _step(name: str, step: Mapping[str, Any], link: Link) -> str:
    words = load("teaching")
    return words.say(
        "head.step", minutes=step["minutes"], name=words[f"names.{name}"], text=step["text"],
        question=load(step["page"])["question"], link=link(step["page"], query(name, step)),
    )  # fmt: skip


def document() -> str:
    """Return docs/teaching.md."""
    lessons = plans(lambda slug, carried: f"/{slug}?{urlencode(carried)}".rstrip("?"))
    head = HEAD.format(text=load("teaching")["head.text"])
    return head + "".join(f"\n## {heading}\n\n{listed}\n" for heading, listed in lessons)


if __name__ == "__main__":
    print(document(), end="")
