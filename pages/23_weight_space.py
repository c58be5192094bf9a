"""Do two trainings find the same weights?"""

from lib import figures, ui
from lib.questions.weight_space import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("width", "start", "steps"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result = answer.result
numbers = {f"{name}_{key}": n for name, verdict in answer.verdicts.items() for key, n in verdict.numbers.items()}

# Hero
pairs = ("copy", "copy_matched", "next", "next_matched")
tiles = [
    figures.Block(words[f"figures.units.{name}"], units, words["figures.units.hover"], reach=100.0,
                  below=words.say("figures.units.cosine", cosine=cosine))
    for name, (units, cosine) in zip(pairs, result.units(), strict=True)
]  # fmt: skip
cosines = {name: cosine for name, (_, cosine) in zip(pairs, result.units(), strict=True)}
units = figures.blocks([tiles[:2], tiles[2:]], height=430)
page.hero(units, "units", numbers=numbers | cosines, table=result.table())

# Beside it
lines = [words[f"figures.accuracy.{k}"] for k in ("next", "matched", "copy", "back")]
accuracy = figures.fits(
    100 * result.shares, 100 * result.path_accuracy, lines, 100 * result.expected().mean((1, 2)),
    goal=words["figures.accuracy.goal"], y_range=result.accuracy_range,
    **words.some("figures.accuracy", "x", "y", "hover"),
)  # fmt: skip
networks = figures.blocks(
    [[
        figures.Block(words[f"figures.cosines.{k}"], values[None], words["figures.cosines.hover"], reach=1.0)
        for k, values in zip(("untrained", "matched", "raw"), result.cosines(), strict=True)
    ]],
    height=262,
)  # fmt: skip
page.finding("barrier")
page.figure(accuracy, "accuracy", numbers=numbers, table=result.over_shares())
page.finding("order")
page.figure(networks, "cosines", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """Copies, the loss on planes through weight space and what they show of the training, and two weights alone."""
    loss = figures.fits(
        100 * result.shares, result.path_loss, lines, result.expected_loss().mean((1, 2)), height=300,
        goal=words["figures.accuracy.goal"], y_range=(0, result.loss_top),
        **words.some("figures.loss", "x", "y", "hover"),
    )  # fmt: skip
    plane = figures.landscape(
        (result.plane_at, result.plane_at), result.plane[::-1],
        [figures.Mark(words.say("figures.plane.network", k=k), x, y) for k, (x, y) in enumerate(result.networks())],
        [words["figures.plane.matched"], words["figures.plane.raw"]],
        **words.some("figures.plane", "x", "y", "value", "hover"),
    )  # fmt: skip
    page.finding("copies")
    page.figure(loss, "loss", numbers=numbers, table=result.over_shares())
    page.finding("plane")
    page.figure(plane, "plane", numbers=numbers, table=result.over_plane())
    marks = [words[f"figures.own.{k}"] for k in ("path", "start", "end")]
    around = {
        "bowl": (result.bowl_at, result.bowl_plane, result.bowl_path),
        "own": (result.own_at, result.own_plane, result.own_path),
    }
    page.finding("walk")
    for name, (at, losses, path) in around.items():
        drawn = figures.landscape(
            (at, at), losses[None], figures.trail(path, marks),
            **words.some(f"figures.{name}", "x", "y", "value", "hover"),
        )  # fmt: skip
        page.figure(drawn, name, numbers=numbers, table=result.over_path(path))
    at, toy = result.toy_plane()
    valley = figures.landscape(
        (at, at), toy[None],
        [figures.Mark(words["figures.valley.path"], result.trajectories[:, 0], result.trajectories[:, 1], line=True),
         figures.Mark(words["figures.valley.solved"], *result.toy[-1][result.solved].T),
         figures.Mark(words["figures.valley.stuck"], *result.toy[-1][~result.solved].T)],
        **words.some("figures.valley", "x", "y", "value", "hover"),
    )  # fmt: skip
    page.finding("valley")
    page.figure(valley, "valley", numbers=numbers, table=result.over_starts())


page.below(deeper)
