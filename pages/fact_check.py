"""Which claims about weights hold? Every claim of the threads, judged by the runs of the questions' pages."""

from lib import ui

ui.facts(ui.page(__file__))
