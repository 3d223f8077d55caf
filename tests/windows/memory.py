"""How much memory a process holds, of this machine or under Wine, counted as Windows' task manager counts.

memory_of(pid) -> Memory
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_MAPPING = re.compile(r"([0-9a-f]+)-[0-9a-f]+ \S+ ([0-9a-f]+) \S+ \d+\s*(.*)")
_WINDOWS_IMAGE = re.compile(r"\.(dll|drv|exe|pyd)$", re.IGNORECASE)


class Memory(NamedTuple):
    """Bytes of a process that are in memory: all of them, and what it has for itself alone.

    `private` is what Windows calls the private working set and its task manager shows: no page of a library, a font or
    another file, since such a page is there once for all processes and is given up without being written anywhere.
    """

    resident: int
    private: int


def memory_of(pid: int) -> Memory:
    """Return what the process holds by /proc (Linux only).

    Wine copies libraries of Windows into memory of the process where Windows maps the file; they are not counted.
    """
    found = {"Rss": 0, "Anonymous": 0}
    image_end = 0
    in_image = False
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8").splitlines():
        mapping = _MAPPING.match(line)
        if mapping is not None:
            start, offset, path = int(mapping[1], 16), int(mapping[2], 16), mapping[3]
            if offset == 0 and _WINDOWS_IMAGE.search(path) and Path(path).is_file():
                image_end = start + image_size(Path(path))
            in_image = start < image_end
            continue
        name, _, value = line.partition(":")
        if name in found and not (name == "Anonymous" and in_image):
            found[name] += int(value.split()[0]) * 1024
    return Memory(found["Rss"], found["Anonymous"])


@cache
def image_size(library: Path) -> int:
    """Return the bytes that a Windows library takes in memory: SizeOfImage, for 32 and 64 bits in the same place."""
    with library.open("rb") as file:
        file.seek(0x3C)
        file.seek(int.from_bytes(file.read(4), "little") + 24 + 56)
        return int.from_bytes(file.read(4), "little")
