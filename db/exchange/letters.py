"""The letter (上报函) in a package of this county, to be looked at and printed.

take_letter(package, data_sha256, password="") -> Path     a copy of its own, in a folder of its own
clear_letters(older=0)                                    the copies go

A package is a zip that may be under a password that Windows cannot open; the clerk needs the letter out of it, not the
zip. The copies lie in the system's folder for temporary files, each in a folder that only this user may look into.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.package_kinds import DATA_PACKAGE, LETTER
from db.exchange.zip_read import SafeZip
from db.store.files import explained, write_atomically

_PREFIX = "sijian-letter-"
_WHAT = "打开上报函"
_MOST = 64 << 20
_AGAIN = "请找到原来的上报包放回去；没有了，就重新导出一份（编号加一），用新的上报函。"


def take_letter(package: Path, data_sha256: str, password: str = "") -> Path:
    """Return a copy of the letter in `package`, whose datapackage.json has the hash `data_sha256`.

    DataProblem for a package under a password (or another one), a damaged one, and one that is not the one exported;
    EnvironmentProblem when it is not there, or the copy cannot be written.
    """
    if not package.is_file():
        raise EnvironmentProblem(
            f"上报包不在原来的位置了（{package}），上报函打不开。",
            advice="在U盘上的，插好U盘再点一次；移走、改名了的，放回原处；都找不到，就重新导出一份（编号加一）。",
            code="letter.missing",
        )
    with SafeZip(package, password=password) as archive:
        inside = {name.partition("/")[2]: name for name in archive.files}
        if DATA_PACKAGE not in inside or LETTER not in inside:
            raise DataProblem(f"{package.name}里没有上报函。", advice=_AGAIN, code="letter.other")
        data = archive.read(inside[DATA_PACKAGE], _MOST)
        if hashlib.sha256(data).hexdigest() != data_sha256:
            raise DataProblem(
                f"{package.name}不是这一次导出的：校验码不同，可能被换过或覆盖了。", advice=_AGAIN, code="letter.other"
            )
        letter = archive.read(inside[LETTER], _MOST)
    with explained(_WHAT, tempfile.gettempdir()):
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    copy = folder / f"上报函 {package.stem}.pdf"
    write_atomically(copy, letter, _WHAT)
    return copy


def clear_letters(older: float = 0) -> None:
    """Delete the copies that are `older` seconds old; one that another program holds open stays for the next time."""
    latest = time.time() - older
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_mtime <= latest:
                shutil.rmtree(folder, ignore_errors=True)
