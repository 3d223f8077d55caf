"""Damage to the bytes of a zip, as bad disks, cut downloads and clumsy tools do it."""

from __future__ import annotations

import random
from collections.abc import Callable


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
