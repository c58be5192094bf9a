"""What excites a deeper unit?"""

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

# Hero
chosen = {name: words.option(name, getattr(config, name)) for name in ("weights", "method", "unit")}
shown = found["main"] | found["single"] | chosen | result.own()
images, back = result.pictures()
hover = words["figures.images.hover"]
pictures = figures.blocks(
    [[
        figures.Block(words["figures.images.ink"], images, hover, columns=3, colours="ink", rings=result.named),
        figures.Block(words["figures.images.back"], back, hover, columns=3, rings=result.named),
    ]],
    height=365,
)  # fmt: skip
page.hero(pictures, "images", numbers=shown, table=result.pictures_table())

# Beside it
kinds = [words[f"words.{name}"] for name in CONDITIONS]
deletion = figures.intervals(
    result.deletion(), kinds, [words[f"figures.deletion.{k}"] for k in ("named", "random")], x_range=(-2, 102),
    **words.some("figures.deletion", "x", "hover"),
)  # fmt: skip
looks = figures.intervals(
    result.looks_like(), [words[f"figures.looks.{k}"] for k in ("likeness", "unlike", "agreement")], kinds,
    x_range=(-22, 102), **words.some("figures.looks", "x", "hover"),
)  # fmt: skip
page.figure(deletion, "deletion", numbers=found["main"], table=result.table())
page.finding("looks")
page.figure(looks, "looks", numbers=found["looks"], table=result.table())


# Deeper
def deeper() -> None:
    """What the pictures are made of, what training changes about them, and what deeper layers are good for."""
    for name in ("single", "method", "learned", "prefer"):
        page.finding(name)
    places = [words["words.pixels"], *(f"{words['words.layer']} {k}" for k in (1, 2, 3))]
    transfer = figures.sweep(
        places, result.readers(), [words[f"figures.transfer.{k}"] for k in ("trained", "untrained")],
        y_range=(40, 101), **words.some("figures.transfer", "x", "y", "hover"),
    )  # fmt: skip
    page.finding("transfer")
    page.figure(transfer, "transfer", numbers=found["transfer"], table=result.readers_table())
    page.finding("usable")


page.below(deeper)
