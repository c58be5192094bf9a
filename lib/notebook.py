"""A plain file as a Jupyter notebook (nbformat 4.5), and the 25 of `docs/notebooks/`.

`python -m lib.notebook` writes those anew, each question's at its defaults; tests/test_plain.py compares. They hold
no outputs: every number comes from a run.
"""

import ast
import json
from pathlib import Path
from typing import Any

from lib import plain
from lib.config import Config
from lib.question import every

HERE = Path(__file__).parents[1] / "docs" / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(config: Config, link: str = "") -> str:
    """Return the plain file of a question with the reader's settings and its picture, as the text of a notebook.

    With a `link`, it says where the page is that has these settings.
    """
    first, *rest = plain.cells(plain.with_settings(plain.source(config.slug()), plain.settings(config)))
    docstring, imports = _parted(first.text)
    title, _, text = docstring.partition("\n\n")
    cells = [_markdown(f"# {title}\n\n{text}" + (f"\n\n[The page with these settings]({link})" if link else ""))]
    cells.append(_code(imports))
    for part in rest:
        cells += [_markdown(f"## {part.title}"), _code(part.text)]
    whole = {"cells": _numbered(cells), "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _parted(text: str) -> tuple[str, str]:
    """The docstring of a file, and what stands behind it."""
    tree = ast.parse(text)
    said = tree.body[0]
    return ast.get_docstring(tree) or "", "\n".join(text.splitlines()[said.end_lineno :])


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    lines = text.strip("\n").splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}


def _numbered(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"cell-{number}"} | cell for number, cell in enumerate(cells)]


def main(folder: Path = HERE) -> None:
    """Write every question's notebook at its defaults, and take away what belongs to none."""
    written = {folder / f"{question.slug}.ipynb": notebook(question.config()) for question in every()}
    folder.mkdir(exist_ok=True)
    for old in set(folder.glob("*.ipynb")) - set(written):
        old.unlink()
    for file, text in written.items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
