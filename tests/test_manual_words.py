"""What the manual tells a clerk to click, by its own words in bold, is written so somewhere in the program."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import resources

ROOT = Path(__file__).resolve().parent.parent
BOLD = re.compile(r"\*\*(.+?)\*\*")
KEYS = re.compile(r"(Ctrl\+|Shift\+)*(F\d|Tab|Esc|Shift|Ctrl|Delete|PgUp|PgDn|[A-Z+-])")
QUOTED = re.compile("“([^”]+)”")
ABSENT = "…"
"""What stands in the manual for a word or figure that the program puts in."""


def written() -> str:
    """Return every text of the program, with the sign of absence for what is put into it."""
    texts = []
    for file in [*(ROOT / "desktop").rglob("*.py"), *(ROOT / "db").rglob("*.py")]:
        texts += [_text(node) for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    for file in (ROOT / "resources").rglob("*"):
        if file.suffix in (".json", ".toml") and file.parent.name != "demo":
            texts.append(file.read_text(encoding="utf-8"))
    return "\n".join(texts)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or ABSENT for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_word_in_bold_is_one_of_the_program_s_or_a_key() -> None:
    whole = written()
    strange = []
    for name in resources.names("manual"):
        if name.endswith(".md"):
            for number, line in enumerate(resources.text(f"manual/{name}").split("\n"), 1):
                strange += [
                    f"{name}:{number} {word}"
                    for word in BOLD.findall(line)
                    if word not in whole and not KEYS.fullmatch(word)
                ]
    assert not strange


def test_what_the_chapter_on_troubles_quotes_is_said_by_the_program() -> None:
    whole = written()
    quoted = QUOTED.findall(resources.text("manual/19-troubles.md"))
    said = {words: ".{0,40}".join(map(re.escape, words.split(ABSENT))) for words in quoted}
    assert not [words for words, pattern in said.items() if not re.search(pattern, whole)]
