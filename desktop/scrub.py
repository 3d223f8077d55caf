"""A log that may leave the office: what happened and where in the program, without a name or a figure of the county."""

from __future__ import annotations

import re

HIDDEN_WORDS, HIDDEN_PATH, HIDDEN_FIGURE, HIDDEN_QUOTE = "□", "<path>", "#", "«»"

_HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ .*? [\w.]+: )(.*)")
_FRAME = re.compile(r'\s*File "(.*)", line (\d+), in (.+)')
_CODE = re.compile(r"\[[a-z][a-z0-9_.]*\]$")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|‘[^’]*’|\"[^\"]*\"|'[^']*'")
_PATH = re.compile(r"[A-Za-z]:[\\/][^，。；：）)]*|\\\\[^，。；：）)]+|(?<![\w<])/[^，。；：）)]+")
_WORDS = re.compile(r"[⺀-鿿豈-﫿＀-￯　-〿]+")
_FIGURE = re.compile(r"\d[\d.,:/-]*")


def scrubbed(text: str) -> str:
    """Return the text of a log with times, levels, modules, lines of the program and codes of problems only.

    Whatever a person may have typed goes: words in Chinese, what stands in quotes, paths, numbers.
    """
    return "\n".join(map(_line, text.splitlines())) + "\n"


def _line(line: str) -> str:
    frame = _FRAME.fullmatch(line)
    if frame:
        return f'  File "{_module(frame[1])}", line {frame[2]}, in {_hidden(frame[3])}'
    head = _HEAD.fullmatch(line)
    if head:
        return head[1] + _hidden(head[2])
    return _hidden(line)


def _module(path: str) -> str:
    """Return a source file from the folder of its package on: the folders above it may be called after somebody."""
    parts = path.replace("\\", "/").split("/")
    for start in ("desktop", "db", "resources", "site-packages"):
        if start in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(start) :])
    return parts[-1]


def _hidden(text: str) -> str:
    code = _CODE.search(text)
    kept = code[0] if code else ""
    text = _QUOTED.sub(HIDDEN_QUOTE, text.removesuffix(kept))
    text = _PATH.sub(HIDDEN_PATH, text)
    return _FIGURE.sub(HIDDEN_FIGURE, _WORDS.sub(HIDDEN_WORDS, text)) + kept
