"""Which cure works?"""

from lib import figures, ui
from lib.questions.cures import QUESTION
from lib.questions.cures.config import TUNING

# Question
page = ui.Page(__file__, QUESTION, first=("activation", "pixels", "depth"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, found = answer.result, answer.verdicts
numbers = found["main"].numbers | found["cost"].numbers | result.shares()

# Hero
said = {name: words[f"words.{name}"] for name in result.names}
rows = list(said.values())
steps = figures.intervals(
    result.to_goal(), rows, [words["figures.steps.line"]], x_range=(0, 1.02 * config.steps), height=430,
    **words.some("figures.steps", "x", "hover"),
)  # fmt: skip
steps.update_layout(showlegend=False)
page.hero(steps, "steps", numbers=numbers, table=result.table())

# Beside it
layers = [words.say("figures.signs.layer", layer=k + 2) for k in range(config.depth)]
signs = figures.intervals(
    result.by_layer(), rows, layers, x_range=(48, 102), height=130 + 36 * len(said),
    **words.some("figures.signs", "x", "hover"),
)  # fmt: skip
for name in ("norms", "bias", "optimisers", "bias_signs"):
    page.finding(name)
page.figure(signs, "signs", numbers=numbers, table=result.over_layers())


# Deeper
def deeper() -> None:
    """What each costs in time, the learning curves, and the learning rates that were tried."""
    for name in ("algebra", "together", "runs", "cost"):
        page.finding(name)
    work = figures.intervals(
        result.work(), rows, [words["figures.work.steps"], words["figures.work.time"]], height=110 + 36 * len(said),
        x_range=(0, result.widest * 1.02), **words.some("figures.work", "x", "hover"),
    )  # fmt: skip
    page.figure(work, "work", numbers=numbers | {"widest": result.widest}, table=result.costs())
    for panel, names in result.panels().items():
        what = numbers | {"what": words[f"figures.curves.{panel}"], "tuning": TUNING}
        shown = [said[n] for n in names]
        curves = figures.curves(
            result.steps, result.curves(names), shown, y_range=(0, 3),
            lines=[(config.goal, words["figures.curves.goal"])], **words.some("figures.curves", "x", "y", "hover"),
        )  # fmt: skip
        page.figure(curves, "curves", numbers=what, table=result.over_steps(names), part=panel)
        grid = figures.sweep(
            [f"{lr:g}" for lr in result.rates], result.grid(names), shown, y_range=(0, 1.04 * config.steps),
            **words.some("figures.grid", "x", "y", "hover"),
        )  # fmt: skip
        page.figure(grid, "grid", numbers=what, table=result.over_lrs(names), part=panel)


page.below(deeper)
