"""Ways to damage a package or to tamper with it, each drawn from a seeded source of chance."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Files = dict[str, bytes]
Seal = Literal["none", "manifests", "everything"]
"""What was made to agree with the changed files again: nothing, the bag, or the bag and datapackage.json."""

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


@dataclass(frozen=True)
class Mutant:
    """A package that was changed: how, its bytes, and what was made to agree with the change again."""

    how: str
    content: bytes
    seal: Seal = "none"


class Package:
    """The good package that mutants are made of."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.files = files_in(content)
        self.root = next(iter(self.files)).split("/")[0] + "/"

    def mutant(self, seed: int) -> Mutant:
        """Return the mutant with this number."""
        chance = random.Random(seed)
        if chance.random() < 0.3:
            damage = chance.choice(DAMAGES)
            return Mutant(damage.__name__, damage(chance, self.content))
        files = dict(self.files)
        names = []
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            tamper = chance.choice(TAMPERINGS)
            names.append(tamper.__name__)
            tamper(chance, files, self.root)
        seal: Seal = chance.choice(("none", "manifests", "everything"))
        if seal == "everything":
            describe(files, self.root)
        if seal != "none":
            reseal(files, self.root)
        return Mutant("+".join(names), packed(chance, files), seal)


def files_in(content: bytes) -> Files:
    """Return the contents by name as the standard library reads them; BadZipFile and others where it cannot."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(chance: random.Random, files: Files) -> bytes:
    """Return a zip of the files, now and then with odd flags, methods, kinds and duplicates."""
    buffer = io.BytesIO()
    odd = chance.random() < 0.15
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            if odd and chance.random() < 0.2:
                info.external_attr = chance.getrandbits(32)
                info.create_system = chance.choice((0, 3, 19))
                info.compress_type = chance.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED))
                info.comment = chance.randbytes(chance.randrange(9))
            archive.writestr(info, content)
        if odd:
            archive.comment = chance.randbytes(chance.randrange(300))
    return buffer.getvalue()


def reseal(files: Files, root: str) -> None:
    """Make the bag agree with the files, as somebody who knows the format would."""
    payload = sorted(name for name in files if name.startswith(f"{root}data/"))
    files[f"{root}manifest-sha256.txt"] = _manifest(files, payload, root)
    info = files.get(f"{root}bag-info.txt", b"").decode("utf-8", "replace").split("\n")
    oxum = f"Payload-Oxum: {sum(len(files[name]) for name in payload)}.{len(payload)}"
    info = [oxum if line.startswith("Payload-Oxum") else line for line in info]
    files[f"{root}bag-info.txt"] = "\n".join(info).encode("utf-8", "replace")
    tags = [name for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt") if root + name in files]
    files[f"{root}tagmanifest-sha256.txt"] = _manifest(files, [root + tag for tag in tags], root)


def describe(files: Files, root: str) -> None:
    """Make sizes and hashes in datapackage.json agree with the files where it can still be read."""
    try:
        descriptor = json.loads(files[f"{root}data/datapackage.json"])
        for resource in descriptor["resources"]:
            content = files[f"{root}data/{resource['path']}"]
            resource["bytes"], resource["hash"] = len(content), f"sha256:{hashlib.sha256(content).hexdigest()}"
    except (KeyError, TypeError, ValueError, RecursionError):
        return
    files[f"{root}data/datapackage.json"] = json.dumps(descriptor).encode()


def _manifest(files: Files, names: list[str], root: str) -> bytes:
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name.removeprefix(root)}\n" for name in names]
    return "".join(lines).encode("utf-8", "surrogatepass")


# --- Damage to the bytes of the zip ---------------------------------------------------------------------------------


def flip_bits(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flip_in_the_directory(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    start = content.find(b"PK\x01\x02")
    for _ in range(chance.choice((1, 1, 2, 4))):
        changed[chance.randrange(start, len(changed))] = chance.randrange(256)
    return bytes(changed)


def flip_in_a_header(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    headers = [at for at in range(len(content) - 30) if content.startswith((b"PK\x03\x04", b"PK\x01\x02"), at)]
    changed[chance.choice(headers) + chance.randrange(46)] = chance.choice((0, 1, 8, 0x7F, 0xFF, chance.randrange(256)))
    return bytes(changed)


def truncate(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def lose_the_beginning(chance: random.Random, content: bytes) -> bytes:
    return content[chance.randrange(1, len(content)) :]


def lose_a_slice(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.choice((1, 4, 512, 4096)) :]


def repeat_a_slice(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    size = chance.choice((1, 16, 512, len(content)))
    return content[: at + size] + content[at : at + size] + content[at + size :]


def blank_a_sector(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) // 512 + 1) * 512
    return content[:at] + bytes(len(content[at : at + 512])) + content[at + 512 :]


def append(chance: random.Random, content: bytes) -> bytes:
    return content + chance.randbytes(chance.choice((1, 22, 512, 70_000)))


DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(flip_bits, flip_in_the_directory, flip_in_the_directory, flip_in_a_header, flip_in_a_header, truncate),
    *(lose_the_beginning, lose_a_slice, repeat_a_slice, blank_a_sector, append),
)


# --- Tampering with the files ---------------------------------------------------------------------------------------


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
