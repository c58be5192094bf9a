"""Do two trainings find the same weights?"""

from lib import figures, ui
from lib.questions.weight_space import QUESTION

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("width", "start", "steps"))

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config)
result = answer.result

# Figures
scrub = {"step": "", "play": words["words.play"]}
lines = [words[f"figures.accuracy.{k}"] for k in ("next", "matched", "copy", "back")]
accuracy = figures.fits(
    100 * result.shares, 100 * result.path_accuracy, lines, 100 * result.expected().mean((1, 2)),
    goal=words["figures.accuracy.goal"], y_range=result.accuracy_range,
    **words.some("figures.accuracy", "x", "y", "hover"),
)  # fmt: skip
loss = figures.fits(
    100 * result.shares, result.path_loss, lines, result.expected_loss().mean((1, 2)), height=300,
    goal=words["figures.accuracy.goal"], y_range=(0, result.loss_top),
    **words.some("figures.loss", "x", "y", "hover"),
)  # fmt: skip
cosines = figures.heatmap(
    result.cosines(),
    [words[f"figures.cosines.{k}"] for k in ("untrained", "matched", "raw")],
    **scrub,
    **words.some("figures.cosines", "x", "y", "value", "hover"),
)
plane = figures.landscape(
    (result.plane_at, result.plane_at),
    result.plane[::-1],
    [figures.Mark(words.say("figures.plane.network", k=k), x, y) for k, (x, y) in enumerate(result.networks())],
    [words["figures.plane.matched"], words["figures.plane.raw"]],
    **scrub,
    **words.some("figures.plane", "x", "y", "value", "hover"),
)
marks = [words[f"figures.own.{k}"] for k in ("path", "start", "end")]
own = figures.landscape(
    (result.own_at, result.own_at),
    result.own_plane[None],
    figures.trail(result.own_path, marks),
    **words.some("figures.own", "x", "y", "value", "hover"),
)
bowl = figures.landscape(
    (result.bowl_at, result.bowl_at),
    result.bowl_plane[None],
    figures.trail(result.bowl_path, marks),
    **words.some("figures.bowl", "x", "y", "value", "hover"),
)
at, toy = result.toy_plane()
valley = figures.landscape(
    (at, at), toy[None],
    [figures.Mark(words["figures.valley.path"], result.trajectories[:, 0], result.trajectories[:, 1], line=True),
     figures.Mark(words["figures.valley.solved"], *result.toy[-1][result.solved].T),
     figures.Mark(words["figures.valley.stuck"], *result.toy[-1][~result.solved].T)],
    **words.some("figures.valley", "x", "y", "value", "hover"),
)  # fmt: skip

# Verdict
ui.verdict(words, answer)
numbers = {f"{name}_{key}": n for name, verdict in answer.verdicts.items() for key, n in verdict.numbers.items()}
ui.figure(accuracy, words, "accuracy", numbers=numbers, table=result.over_shares())
ui.finding(words, answer, "barrier")
ui.finding(words, answer, "copies")
ui.figure(loss, words, "loss", numbers=numbers, table=result.over_shares())
ui.figure(cosines, words, "cosines", numbers=numbers, table=result.table())
ui.finding(words, answer, "order")
ui.figure(plane, words, "plane", numbers=numbers, table=result.over_plane())
ui.figure(bowl, words, "bowl", numbers=numbers, table=result.over_path(result.bowl_path))
ui.finding(words, answer, "plane")
ui.figure(own, words, "own", numbers=numbers, table=result.over_path(result.own_path))
ui.finding(words, answer, "walk")
ui.figure(valley, words, "valley", numbers=numbers, table=result.over_starts())
ui.finding(words, answer, "valley")
ui.below(words, QUESTION, answer)
