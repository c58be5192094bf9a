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
compared = result.units()
tiles = [
    figures.Block(words[f"figures.units.{name}"], units, words["figures.units.hover"], reach=100.0,
                  below=words.say("figures.units.cosine", cosine=cosine))
    for name, (units, cosine) in zip(pairs, compared, strict=True)
]  # fmt: skip
cosines = {name: cosine for name, (_, cosine) in zip(pairs, compared, strict=True)}
units = figures.blocks([tiles[:2], tiles[2:]], height=430)
shown = {"shown": len(tiles[0].tiles[0])}
page.hero(units, "units", numbers=numbers | cosines | shown, table=result.table())

# Beside it
lines = [words[f"figures.accuracy.{k}"] for k in ("next", "matched", "copy", "back")]
accuracy = figures.fits(
    100 * result.shares, 100 * result.path_accuracy, lines, 100 * result.expected().mean((1, 2)),
    goal=words["figures.accuracy.goal"], y_range=result.accuracy_range,
    **words.some("figures.accuracy", "x", "y", "hover"),
)  # fmt: skip
page.finding("barrier")
page.figure(accuracy, "accuracy", numbers=numbers, table=result.over_shares())


def two_weights() -> None:
    """Draw the smallest weight space, and the descent from where the reader has clicked."""
    at, losses = result.toy_plane()

    def start(point: dict[str, float]) -> tuple[int, ...]:
        return tuple(int(abs(at - point[way]).argmin()) for way in "xy")

    place = page.followed("valley", start, *losses.shape)
    path = result.descent((at[place[0]], at[place[1]]) if place else result.first_start)
    ends, solved = result.toy[-1], result.solved
    valley = figures.landscape(
        (at, at), losses[None],
        [figures.Mark(words["figures.valley.path"], path[:, 0], path[:, 1], line=True),
         figures.Mark(words["figures.valley.start"], path[:1, 0], path[:1, 1]),
         figures.Mark(words["figures.valley.solved"], *ends[solved].T),
         figures.Mark(words["figures.valley.stuck"], *ends[~solved].T)],
        clicked=True, height=420, **words.some("figures.valley", "x", "y", "value", "hover"),
    )  # fmt: skip
    moved = {"from_1": path[0, 0], "from_2": path[0, 1], "to_1": path[-1, 0], "to_2": path[-1, 1]}
    page.figure(valley, "valley", numbers=numbers | moved, table=result.over_starts(), select=True)


page.finding("valley")
page.view(two_weights)


# Deeper
def deeper() -> None:
    """Start or batches, how many copies there are, and how flat a path seems."""
    for name in ("order", "copies", "walk"):
        page.finding(name)


page.below(deeper)
