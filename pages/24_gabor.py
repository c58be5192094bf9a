"""Do networks learn edge detectors from photographs?"""

import streamlit as st

from lib import figures, ui
from lib.questions.gabor import QUESTION
from lib.questions.gabor.picture import ENDINGS, decoded

# Question
words = ui.page(__file__)

# Controls
config = ui.controls(words, QUESTION, first=("data", "task", "sparsity"))
own = ui.upload(words, decoded, ENDINGS)

# Experiment
ui.guess(words)
answer = ui.answer(words, QUESTION, config, own)
result = answer.result

# Figures
control = "scrambled" if config.task == "sparse_code" else "shuffled"
names = [words[f"figures.compared.{n}"] for n in ("untrained", "learned", control, "dense")]
shown = result.compared()
compared = figures.intervals(
    shown, words["figures.compared.groups"], names[: len(shown)], x_range=(-3, 103), height=340,
    **words.some("figures.compared", "x", "hover"),
)  # fmt: skip
sheet = figures.heatmap(
    figures.mosaic(result.sheets, columns=8), result.steps, x="", y="", ticks=False, square=True, height=470,
    **words.some("figures.sheet", "value", "hover"), **words.some("words", "step", "play"),
)  # fmt: skip
fitted = figures.heatmap(
    figures.mosaic(result.fitted[None], columns=8), x="", y="", ticks=False, square=True, height=400,
    **words.some("figures.fitted", "value", "hover"),
)  # fmt: skip
rose = figures.rose(result.rose(12), hover=words["figures.rose.hover"])

# Verdict
ui.verdict(words, answer)
if result.own:
    st.caption(words["upload.note"])
elif config.data != "white_noise":
    st.caption(words["words.credit"])
numbers = answer.verdicts["main"].numbers | {"frames": len(result.steps)}
ui.figure(compared, words, "compared", numbers=numbers, table=result.table())
ui.finding(words, answer, "phase")
ui.finding(words, answer, "need")
ui.figure(sheet, words, "sheet", numbers=numbers, table=result.filters())
ui.figure(fitted, words, "fitted", numbers=numbers, table=result.filters())
ui.figure(rose, words, "rose", numbers=numbers, table=result.directions(12))
ui.below(words, QUESTION, answer)
