"""`python -m lib.questions new SLUG "Question?"` writes a new question: its folder, its page and its test.

The files run, and their tests fail until they are filled; each message says which file wants what.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEMPLATES = HERE / "_new"
SECTIONS = range(1, 5)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command, write the files, and tell which."""
    parser = argparse.ArgumentParser(prog="python -m lib.questions", description=__doc__)
    parser.add_argument("command", choices=["new"])
    parser.add_argument("slug", help="its name in addresses and folders, in lower case: bias_start")
    parser.add_argument("question", help='what the page asks: "Does a bias need to start at zero?"')
    parser.add_argument("--section", type=int, choices=SECTIONS, default=3, help="of the home page (default 3)")
    given = parser.parse_args(arguments)
    try:
        written = list(write(ROOT, given.slug, given.question, given.section))
    except ValueError as error:
        sys.exit(str(error))
    for file in written:
        print(file.relative_to(ROOT))
    print(f"Now: python -m pytest -k {given.slug}")


def write(root: Path, slug: str, question: str, section: int) -> Iterator[Path]:
    """Write the files of a question under `root` and yield them; ValueError if name or question will not do."""
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", slug):
        raise ValueError(f"{slug[:40]!r} cannot be a name; write lower-case words joined by '_': bias_start")
    if not question.endswith("?") or not 10 <= len(question) <= 80 or set(question) & set('"\\$\n'):
        raise ValueError("write the question as one of 10 to 80 characters that ends in '?', without quotes")
    folder, pages = root / "lib" / "questions" / slug, root / "pages"
    if folder.exists() or list(pages.glob(f"*_{slug}.py")):
        raise ValueError(f"there is a question {slug} already")
    named = {"slug": slug, "name": slug.title().replace("_", ""), "question": question, "section": str(section)}
    page = pages / f"{_number(pages, section)}_{slug}.py"
    test = root / "tests" / "questions" / f"test_{slug}.py"
    for template in sorted(TEMPLATES.rglob("*.txt")):
        elsewhere = {"page.py.txt": page, "test.py.txt": test}
        file = elsewhere.get(template.name, folder / template.relative_to(TEMPLATES).with_suffix(""))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(template.read_text(encoding="utf-8")).substitute(named), encoding="utf-8")
        yield file


def _number(pages: Path, section: int) -> int:
    """Return the first free number of a section; ValueError when it is full."""
    taken = {int(file.name[:2]) for file in pages.glob(f"{section}[0-9]_*.py")}
    free = sorted(set(range(10 * section + 1, 10 * section + 10)) - taken)
    if not free:
        raise ValueError(f"section {section} has its nine questions; choose another with --section")
    return free[0]


if __name__ == "__main__":
    main()
