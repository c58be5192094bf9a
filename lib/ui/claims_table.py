"""Claims as a table, a line each: the claim, what became of it, the numbers, and where to see the run.

Plain HTML, since Streamlit's own tables either cut the text or leave a finger's breadth around each line.
"""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

STYLE = """<style>
[data-testid="stVerticalBlock"]:has(> .stHtml .claims) { gap: 0; }
.claims { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: 0.79rem; line-height: 1.25; }
.claims caption { text-align: left; font-weight: 600; font-size: 1rem; padding: 0.5rem 0 0.1rem; }
.claims :is(th, td) { text-align: left; vertical-align: top; padding: 2px 6px; border: 0; overflow-wrap: anywhere;
  border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
.claims col.open { width: 9.4rem; } .claims col.ruling { width: 6rem; } .claims col.said { width: 27%; }
.claims td.claim { border-left: 4px solid #8888; }
.claims .is-right td.claim { border-left-color: #2E9E5B; } .claims .is-wrong td.claim { border-left-color: #D1453B; }
.claims .is-depends td.claim { border-left-color: #D99A1C; }
.claims summary { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; cursor: pointer; list-style: none; }
.claims details[open] summary { white-space: normal; }
.claims td.ruling { font-weight: 600; }
.claims a { color: inherit; }
.claims .unseen :is(tr, th) { height: 0; padding: 0; border: 0; line-height: 0; font-size: 0; }
@media (max-width: 799px) {
  .claims colgroup { display: none; }
  .claims thead { position: absolute; clip-path: inset(50%); } /* heard, and not seen */
  .claims, .claims tbody { display: block; }
  .claims tr { display: grid; grid-template-columns: 1fr auto; }
  .claims td { border-bottom: 0; }
  .claims td.ruling { order: 1; } .claims td.open { order: 2; } .claims td.said { order: 3; }
  .claims td:is(.claim, .said) { grid-column: 1 / -1; }
  .claims summary { white-space: normal; } /* two lines more, and no condition that breaks off */
  .claims tr { border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
}
</style>"""


class Line(NamedTuple):
    """A claim and who said it; the ruling and its name; its numbers, and in full what settles it; the run's page."""

    claim: str
    whose: str
    ruling: str
    told: str
    numbers: str
    whole: str
    address: str
    page: str


def table(lines: Iterable[Line], caption: str, heads: dict[str, str], first: bool) -> str:
    """Return the HTML; `heads` name the columns claim, ruling, said and open, in sight in the `first` of some tables.

    All text is escaped.
    """
    columns = "".join(f'<col class="{name}">' for name in heads)
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads.values())
    seen = "" if first else ' class="unseen"'
    rows = "".join(map(_row, lines))
    return (
        f'<table class="claims"><caption>{escape(caption)}</caption><colgroup>{columns}</colgroup>'
        f"<thead{seen}><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(line: Line) -> str:
    claim, whose, ruling, told, numbers, whole, address, page = map(escape, line)
    said = f"<details><summary>{numbers}</summary>{whole}<br>{whose}</details>" if whole else numbers
    return (
        f'<tr class="is-{ruling}"><td class="claim" title="{whose}">{claim}</td><td class="ruling">{told}</td>'
        f'<td class="said">{said}</td><td class="open"><a href="{address}">{page}</a></td></tr>'
    )
