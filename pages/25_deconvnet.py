"""What excites a deeper unit?"""

import streamlit as st

from lib import figures, ui
from lib.questions.deconvnet import QUESTION
from lib.questions.deconvnet.config import CONDITIONS

# Question
page = ui.Page(__file__, QUESTION, first=("weights", "layer", "unit"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
found = {name: verdict.numbers for name, verdict in answer.verdicts.items()}

kinds = [words[f"words.{name}"] for name in CONDITIONS]

# Hero
AT_ONCE = 3  # of the nine strongest digits that are looked at
images, back = result.pictures()
kept = result.kept()
shown = found["main"] | {"unit": words.option("unit", config.unit), "method": words.option("method", config.method)}
shown |= {f"left_{kind}": kept[k, 0] for k, kind in enumerate(CONDITIONS)} | {"repeats": found["looks"]["repeats"]}
shown |= {f"other_{kind}": kept[k, 1] for k, kind in enumerate(CONDITIONS)}


def row(k: int, some: slice) -> figures.Ringed:
    """One kind of networks: some digits of the first one's unit, and what is left of all units."""
    said = words.say(
        f"figures.images.{'row' if result.speaks(k) else 'silent'}", name=kinds[k], accuracy=result.reads(k)
    )
    left = (100 * kept[k, 0], 100 * kept[k, 1])
    return figures.Ringed(said, images[k, some], back[k, some], result.named[k, some], left, k == result.chosen)


def strongest() -> None:
    """Draw three of the nine strongest digits, and the choice of others below."""
    stage = st.container()
    first = st.segmented_control(
        words["figures.images.pick"], range(0, len(result.labels[0]), AT_ONCE), default=0, required=True,
        key="deconvnet_first", format_func=lambda k: words.say("figures.images.ranks", first=k + 1, last=k + AT_ONCE),
    )  # fmt: skip
    pictures = figures.ringed(
        [row(k, slice(first, first + AT_ONCE)) for k in range(len(kinds))],
        names=(words["figures.images.ringed"], words["figures.images.random"]),
        **words.some("figures.images", "legend", "hover"),
    )
    with stage:
        page.hero(pictures, "images", numbers=shown, table=result.pictures_table())


page.view(strongest, hero=True)

# Beside it
looks = figures.intervals(
    result.looks_like(), kinds, [words[f"figures.looks.{k}"] for k in ("likeness", "unlike")], x_range=(-22, 102),
    **words.some("figures.looks", "x", "hover"),
)  # fmt: skip
page.finding("looks")
page.figure(looks, "looks", numbers=found["looks"], table=result.table())


# Deeper
def deeper() -> None:
    """What a picture is made of, what a unit asks for, and what the upper layer is good for."""
    for name in ("single", "prefer", "usable"):
        page.finding(name)


page.below(deeper)
