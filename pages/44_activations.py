"""Sigmoid or tanh: how much does centring matter?"""

from lib import figures, ui
from lib.questions.activations import QUESTION
from lib.questions.activations.config import TUNING

# Question
page = ui.Page(__file__, QUESTION, first=("pair", "biases", "depth"))
words, config = page.words, page.config

# Answer
answer = page.answer()
result, found = answer.result, answer.verdicts
numbers = found["main"].numbers

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
every = result.single
said = {name: words[f"words.{name}"] for name in every}
other = {
    name: words.say(f"words.other_{name.rpartition('_')[2]}", name=said[base]) for name, base in result.others.items()
}
counted = (*every, *other)
steps = figures.intervals(
    result.to_goal(counted), [*said.values(), *other.values()], [words["figures.steps.line"]],
    height=110 + 28 * len(counted), x_range=(0, 1.02 * result.reach(counted)),
    **words.some("figures.steps", "x", "hover"),
)  # fmt: skip
four = result.quartet
quartet = figures.intervals(
    result.to_goal(four), [words[f"figures.quartet.{n}"] for n in four], [words["figures.quartet.line"]], height=260,
    x_range=(0, 1.02 * result.reach(four)), **words.some("figures.quartet", "x", "hover"),
)  # fmt: skip
for chart in (steps, quartet):
    chart.update_layout(showlegend=False)
page.finding("causes")
page.finding("hard")
page.figure(steps, "steps", numbers=numbers, table=result.table())
page.finding("saturation")
page.figure(quartet, "quartet", numbers=found["saturation"].numbers, table=result.four_cases())


# Deeper
def deeper() -> None:
    """Learning curves, the learning rates that were tried, and where the centre goes, layer by layer."""
    for name in ("end", "runs"):
        page.finding(name)
    for family, names in result.families().items():
        shown, what = [said[n] for n in names], {"what": words[f"figures.curves.{family}"]}
        learning = figures.curves(
            result.steps, result.curves(names), shown, y_range=(0, 102),
            **words.some("figures.curves", "x", "y", "hover"),
        )  # fmt: skip
        page.figure(learning, "curves", numbers=numbers | what, table=result.over_steps(names), part=family)
        grid = figures.sweep(
            [f"{lr:g}" for lr in result.lrs], result.grid(names), shown, y_range=(0, 1.04 * config.steps),
            **words.some("figures.grid", "x", "y", "hover"),
        )  # fmt: skip
        page.figure(
            grid, "grid", numbers=numbers | what | {"tuning": TUNING}, table=result.over_lrs(names), part=family
        )
    page.finding("signs")
    page.finding("push")
    into = [words.say("figures.signs.layer", layer=k + 2) for k in range(config.depth)]
    for name, (values, ends) in result.centres().items():
        layers = figures.intervals(
            values, list(said.values()), into, height=140 + 44 * len(every), x_range=ends,
            x=words[f"figures.signs.{name}_x"], hover=words["figures.signs.hover"],
        )  # fmt: skip
        what = found["signs"].numbers | {"what": words[f"figures.signs.{name}"]}
        page.figure(layers, "signs", numbers=what, table=result.over_layers(), part=name)


page.below(deeper)
