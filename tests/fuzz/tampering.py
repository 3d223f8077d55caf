"""Tampering with the files of a package, as somebody might who knows what they mean."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from typing import Any

Files = dict[str, bytes]

NASTY = (
    *(
        "",
        " ",
        "0",
        "-0",
        "-1",
        "1e999",
        "NaN",
        "Infinity",
        "00",
        "1,000",
        "１２",
        "0.0000001",
        "9" * 400,
        "是",
        "暂无数据",
    ),
    *(
        "2022-02-30",
        "0000-00-00",
        "../../x",
        "C:\\x",
        "CON",
        "=1+1",
        "\x00",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "\U0010ffff",
    ),
    *("x" * 3000, '"', "\r", "\n", ",", "a" * 64, "0" * 65, "370783", "¤"),
)
JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        0,
        2**70,
        1e300,
        "",
        "x",
        "../x",
        "/x",
        [],
        {},
        [[]],
        [{}],
        {"a": 1},
        [None],
        "\ud800",
        "a" * 999,
    ),
    *("tables/town.csv", "datapackage.json", "sha256:", {"fields": []}, {"fields": [{"name": "id"}]}, "(a+)+$"),
)


def lose_a_file(chance: random.Random, files: Files, root: str) -> None:
    del files[chance.choice(list(files))]


def add_a_file(chance: random.Random, files: Files, root: str) -> None:
    name = chance.choice(
        ("data/x.exe", "fetch.txt", "data/attachments/x", "data/tables/new.csv", "../x", "/x", "data/")
    )
    files[chance.choice((root, "")) + name] = chance.randbytes(20)


def rename_a_file(chance: random.Random, files: Files, root: str) -> None:
    name = chance.choice(list(files))
    content = files.pop(name)
    files[chance.choice(RENAMINGS)(name)] = content


RENAMINGS: tuple[Callable[[str], str], ...] = (
    *(str.upper, str.lower, lambda n: f"{n}.", lambda n: f"../{n}", lambda n: f"/{n}", lambda n: n.replace("/", "\\")),
    *(lambda n: f"{n}/", lambda n: n.replace(".", "\u202e."), lambda n: f"{n}/x", lambda n: n.replace("data/", "d/")),
)


def swap_two_files(chance: random.Random, files: Files, root: str) -> None:
    one, other = chance.sample(list(files), 2)
    files[one], files[other] = files[other], files[one]


def change_a_byte(chance: random.Random, files: Files, root: str) -> None:
    name = chance.choice([name for name in files if files[name]])
    content = bytearray(files[name])
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    files[name] = bytes(content)


def cut_a_file(chance: random.Random, files: Files, root: str) -> None:
    name = chance.choice([name for name in files if files[name]])
    files[name] = files[name][: chance.randrange(len(files[name]))]


def change_a_cell(chance: random.Random, files: Files, root: str) -> None:
    name, rows = _table(chance, files)
    if rows:
        row = chance.choice(rows)
        if row:
            row[chance.randrange(len(row))] = chance.choice(NASTY)
        files[name] = _csv(chance, rows)


def change_the_rows(chance: random.Random, files: Files, root: str) -> None:
    name, rows = _table(chance, files)
    if not rows:
        return
    at = chance.randrange(len(rows))
    match chance.randrange(6):
        case 0:
            del rows[at]
        case 1:
            rows.insert(at, list(rows[at]))
        case 2:
            rows[at] = rows[at][:-1]
        case 3:
            rows[at].append(chance.choice(NASTY))
        case 4:
            chance.shuffle(rows)
        case _:
            rows = [row[1:] for row in rows]
    files[name] = _csv(chance, rows)


def spoil_the_csv(chance: random.Random, files: Files, root: str) -> None:
    name, _ = _table(chance, files)
    content = files.get(name, b"")
    files[name] = chance.choice(
        (
            b"\xef\xbb\xbf" + content,
            content.replace(b"\r\n", b"\n"),
            content.replace(b"\r\n", b"\r"),
            content + b'"',
            content + b"\xff\xfe",
            content.decode("utf-8", "replace").encode("gb18030"),
            content.decode("utf-8", "replace").encode("utf-16"),
            b"",
            content + b"," * 300_000,
        )
    )


def change_a_key(chance: random.Random, files: Files, root: str) -> None:
    """Drop, replace or add a key somewhere in datapackage.json."""
    name = f"{root}data/datapackage.json"
    try:
        descriptor = json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        return
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            places.append((node, key))
            walk(value)

    walk(descriptor)
    if not places:
        return
    node, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del node[key]
        case 1 if isinstance(node, list):
            node.insert(key, node[key])
        case _:
            node[key] = chance.choice(JUNK)
    files[name] = json.dumps(descriptor).encode()


def spoil_the_json(chance: random.Random, files: Files, root: str) -> None:
    content = files.get(f"{root}data/datapackage.json", b"")
    files[f"{root}data/datapackage.json"] = chance.choice(
        (
            *(
                b"",
                b"null",
                b"[]",
                b"{}",
                b"[" * 20_000,
                b'{"resources": [' + b"[" * 20_000,
                content[:-1],
                content + content,
            ),
            *(content.replace(b'"path"', b'"path": "x", "path"', 1), content.replace(b'"rows": 3', b'"rows": NaN')),
            b'{"resources": ' + b"9" * 6000 + b"}",
        )
    )


def change_the_facts(chance: random.Random, files: Files, root: str) -> None:
    """Change a line of the bag's own files."""
    name = root + chance.choice(("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"))
    lines = files.get(name, b"").split(b"\n")
    at = chance.randrange(len(lines))
    label = lines[at].partition(b":")[0]
    junk = chance.choice(NASTY).encode("utf-8", "surrogatepass")
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines[at] = label + b": " + junk
        case 3:
            lines[at] = lines[at][:66] + junk
        case _:
            lines[at] = junk
    files[name] = b"\n".join(lines)


TAMPERINGS: tuple[Callable[[random.Random, Files, str], None], ...] = (
    *(lose_a_file, add_a_file, rename_a_file, swap_two_files, change_a_byte, cut_a_file, change_a_cell, change_a_cell),
    *(change_the_rows, change_the_rows, spoil_the_csv, change_a_key, change_a_key, change_a_key, spoil_the_json),
    *(change_the_facts, change_the_facts),
)


def _table(chance: random.Random, files: Files) -> tuple[str, list[list[str]]]:
    names = [name for name in files if name.endswith(".csv")]
    if not names:
        return "x.csv", []
    name = chance.choice(names)
    try:
        return name, list(csv.reader(io.StringIO(files[name].decode("utf-8"), newline="")))
    except (csv.Error, UnicodeDecodeError):
        return name, []


def _csv(chance: random.Random, rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerows(rows)
    return buffer.getvalue().encode("utf-8", "surrogatepass")
