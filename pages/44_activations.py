"""Sigmoid or tanh: how much does centring matter?"""

from lib import figures, ui
from lib.questions.activations import QUESTION

# Question
page = ui.Page(__file__, QUESTION, first=("pair", "biases", "depth"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, numbers = answer.result, answer.verdicts["main"].numbers

# Hero
twins, pair, taken = result.twins, result.pair, result.of_pair()
told = [words.say(f"figures.twins.{'never' if never else 'taken'}", steps=steps)
        for steps, never in zip(result.medians(), result.missed(), strict=True)]  # fmt: skip
notes = [(words.say("figures.twins.mean", mean=mean), cost) for mean, cost in zip(twins.means, told, strict=True)]
curves = figures.twins(
    twins.z, twins.curves, twins.edges, 100 * twins.density, twins.means, taken, [pair.said, pair.twin], notes,
    cost_range=(0, 1.05 * result.reach((pair.uncentred, pair.centred))),
    **words.some("figures.twins", "into", "out", "cost", "curve_hover", "out_hover", "cost_hover"),
)  # fmt: skip
means = dict(zip(("mean", "mean_twin"), twins.means.tolist(), strict=True))
page.hero(curves, "twins", numbers=numbers | means, table=twins.table())

# Beside it
said = {name: words[f"words.{name}"] for name in result.plain}
said |= {name: words.say(f"words.other_{biases}", name=said[base]) for name, base, biases in result.others}
counted = tuple(said)
steps = figures.intervals(
    result.to_goal(counted), list(said.values()), [words["figures.steps.line"]],
    height=110 + 28 * len(counted), x_range=(0, 1.02 * result.reach(counted)),
    **words.some("figures.steps", "x", "hover"),
)  # fmt: skip
steps.update_layout(showlegend=False)
for name in ("causes", "hard", "saturation"):
    page.finding(name)
page.figure(steps, "steps", numbers=numbers, table=result.table())


# Deeper
def deeper() -> None:
    """The gradients' signs, for one sample and for a batch."""
    page.finding("signs")


page.below(deeper)
