"""Entries of a zip under a password, as WinZip writes them (AE-2, AES-256): 7-Zip, WinRAR and WinZip open them.

Sealing hides the contents, not the names. An entry is salt (16 bytes), check of the password (2), the content,
deflated or not and then encrypted in counter mode, and a code (10) that tells every change.
See https://www.winzip.com/en/support/aes-encryption/.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

METHOD, VERSION_NEEDED, ENCRYPTED = 99, 51, 0x1
OVERHEAD = 28
"""Bytes that an entry has besides its content."""

_EXTRA_ID, _AE2, _AES256 = 0x9901, 2, 3
_EXTRA = struct.Struct("<2HH2sBH")
_SALTS = {1: 8, 2: 12, 3: 16}
_KEYS = {1: 16, 2: 24, 3: 32}
_CHECK, _CODE, _ROUNDS = 2, 10, 1000


def extra(method: int) -> bytes:
    """Return the extra field of an entry whose content is stored (0) or deflated (8) beneath the encryption."""
    return _EXTRA.pack(_EXTRA_ID, _EXTRA.size - 4, _AE2, b"AE", _AES256, method)


class Seal:
    """What an entry's extra field says: version of the format, `strength` (3 is AES-256), the method beneath."""

    def __init__(self, version: int, strength: int, method: int) -> None:
        self.version, self.strength, self.method = version, strength, method

    @property
    def overhead(self) -> int:
        """Return the bytes that the entry has besides its content."""
        return _SALTS[self.strength] + _CHECK + _CODE


def seal_of(raw: bytes) -> Seal | None:
    """Return what the extra fields of an entry say about its encryption, None when nothing that can be read."""
    while len(raw) >= 4:
        kind, size = struct.unpack_from("<2H", raw)
        if kind == _EXTRA_ID and size == _EXTRA.size - 4 and len(raw) >= _EXTRA.size:
            _, _, version, vendor, strength, method = _EXTRA.unpack_from(raw)
            known = vendor == b"AE" and version in (1, _AE2) and strength in _KEYS
            return Seal(version, strength, method) if known else None
        raw = raw[4 + size :]
    return None


class _Cipher:
    """Key stream and code of one entry."""

    def __init__(self, password: str, salt: bytes, strength: int) -> None:
        from Cryptodome.Cipher import AES
        from Cryptodome.Util import Counter

        size = _KEYS[strength]
        keys = hashlib.pbkdf2_hmac("sha1", password.encode("utf-8"), salt, _ROUNDS, 2 * size + _CHECK)
        self.check = keys[2 * size :]
        self._mac = hmac.new(keys[size : 2 * size], digestmod="sha1")
        self._stream = AES.new(keys[:size], AES.MODE_CTR, counter=Counter.new(128, little_endian=True))

    def encrypt(self, data: bytes) -> bytes:
        sealed = self._stream.encrypt(data)
        self._mac.update(sealed)
        return sealed

    def decrypt(self, sealed: bytes) -> bytes:
        self._mac.update(sealed)
        return self._stream.decrypt(sealed)

    def code(self) -> bytes:
        return self._mac.digest()[:_CODE]


class Sealer:
    """Encrypts one entry: `head`, then what `seal` returns for each piece, then `tail()`."""

    def __init__(self, password: str) -> None:
        salt = os.urandom(_SALTS[_AES256])
        self._cipher = _Cipher(password, salt, _AES256)
        self.head = salt + self._cipher.check

    def seal(self, data: bytes) -> bytes:
        """Return the piece encrypted."""
        return self._cipher.encrypt(data)

    def tail(self) -> bytes:
        """Return the code over everything that was encrypted."""
        return self._cipher.code()


def fits(password: str, file: BinaryIO, seal: Seal) -> bool:
    """Return whether the password is that of the entry whose content begins where `file` stands."""
    salt, check = file.read(_SALTS[seal.strength]), file.read(_CHECK)
    return _Cipher(password, salt, seal.strength).check == check


def opened(password: str, file: BinaryIO, size: int, seal: Seal, chunk: int) -> Iterator[bytes]:
    """Yield the content of the entry of `size` bytes that begins where `file` stands, deflated if it is so beneath.

    ValueError for another password, for an entry that ends early and for one that was changed, the last at its end.
    """
    cipher = _Cipher(password, file.read(_SALTS[seal.strength]), seal.strength)
    if file.read(_CHECK) != cipher.check:
        raise ValueError("another password")
    left = size - seal.overhead
    while left > 0:
        data = file.read(min(chunk, left))
        if not data:
            raise ValueError("ends early")
        left -= len(data)
        yield cipher.decrypt(data)
    if not hmac.compare_digest(file.read(_CODE), cipher.code()):
        raise ValueError("changed")
