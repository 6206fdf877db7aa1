"""Put what the demo prints into the README: `make readme`, after a change of the output or of the example.

The README shows some relations of the example whole, marks the others with '...', and explains one refutation.
"""

import re
from pathlib import Path

import lemmata
from reports import terminal

ROOT = Path(__file__).parents[1]
EXAMPLE = "examples/generative-models.md"
SHOWN = (r"D_{KL}(q\|p) =", r"-\log 4 + 2", r"\log\frac{\sigma_2^2}{\sigma_1^2}", r"\det(")
EXPLAINED = r"\ge -\log 2"


def rows(printed: list[str]) -> tuple[list[list[str]], list[str]]:
    """The lines of each relation, and those of the summary."""
    found: list[list[str]] = []
    for i, line in enumerate(printed):
        if re.match(r" *\d+:\d+  ", line):
            found.append([line])
        elif not line:
            return found, printed[i:]
        else:
            found[-1].append(line)
    raise ValueError("the report has no summary")


def main() -> None:
    title, *printed = terminal.write(lemmata.check(EXAMPLE), width=100).splitlines()
    relations, summary = rows(printed)
    block = [title]
    for row in relations:
        if any(s in "\n".join(row) for s in SHOWN):
            block += row
        elif block[-1] != "    ...":
            block.append("    ...")
    (explained,) = [row for row in relations if EXPLAINED in "\n".join(row)]
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    for start, lines in ((re.escape(EXAMPLE), block + summary), (r" *\d+:\d+  ", explained)):
        shown = "```\n" + "\n".join(lines) + "\n```"
        text, changed = re.subn(rf"```\n{start}.*?\n```", lambda _, s=shown: s, text, count=1, flags=re.S)
        if not changed:
            raise ValueError(f"the README has no block that begins with {start}")
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
