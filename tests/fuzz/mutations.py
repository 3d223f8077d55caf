"""Packages that were damaged or tampered with, each made by a number, and sealed again or not."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.db.exchange.packages import PERIODS, small_package
from tests.fuzz.damage import DAMAGES
from tests.fuzz.tampering import TAMPERINGS, Files

PASSWORD = "granary lantern oxcart"

Seal = Literal["none", "manifests", "everything"]
"""What was made to agree with the changed files again: nothing, the bag, or the bag and datapackage.json."""


@dataclass(frozen=True)
class Mutant:
    """A package that was changed: how, its bytes, and what was made to agree with the change again."""

    how: str
    content: bytes
    seal: Seal = "none"


class Package:
    """The good package that mutants are made of; one under a `password` is only damaged, not tampered with."""

    def __init__(self, content: bytes, password: str = "") -> None:
        self.content = content
        self.password = password
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.root = archive.namelist()[0].split("/")[0] + "/"
        self.files = {} if password else files_in(content)

    def mutant(self, seed: int) -> Mutant:
        """Return the mutant with this number."""
        chance = random.Random(seed)
        if self.password or chance.random() < 0.3:
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


def good_packages(folder: Path) -> list[Package]:
    """Return a package of every kind, and one under a password, made in `folder`."""
    made = []
    for kind in PERIODS:
        (folder / kind).mkdir()
        made.append(Package(small_package(folder / kind, kind).read_bytes()))
    (folder / "sealed").mkdir()
    made.append(Package(small_package(folder / "sealed", password=PASSWORD).read_bytes(), PASSWORD))
    return made


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
