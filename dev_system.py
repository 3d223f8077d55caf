"""The Debian packages that Qt and Chinese text need: which of them lack, and installing them. Standard library only."""

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Failure(Exception):
    """A set-up step that cannot be done; the text says what happened and what to do."""


def say(sentence: str) -> None:
    """Print one line for the person at the keyboard, at once and in order with what pip prints."""
    print(sentence, flush=True)


class Part(NamedTuple):
    """A Debian package and the shared library that shows it is there."""

    package: str
    library: str


OFFSCREEN_PARTS = (
    Part("libglib2.0-0", "libgthread-2.0.so.0"),
    Part("libegl1", "libEGL.so.1"),
    Part("libgl1", "libGL.so.1"),
    Part("libdbus-1-3", "libdbus-1.so.3"),
    Part("libfontconfig1", "libfontconfig.so.1"),
    Part("libxkbcommon0", "libxkbcommon.so.0"),
)
WINDOW_PARTS = (
    Part("libxcb-cursor0", "libxcb-cursor.so.0"),
    Part("libxcb-icccm4", "libxcb-icccm.so.4"),
    Part("libxcb-keysyms1", "libxcb-keysyms.so.1"),
    Part("libxcb-shape0", "libxcb-shape.so.0"),
    Part("libxcb-xkb1", "libxcb-xkb.so.1"),
    Part("libxkbcommon-x11-0", "libxkbcommon-x11.so.0"),
)
FONT_PACKAGE = "fonts-noto-cjk"
VENV_PACKAGE = "python3-venv"
# Without these nothing of ours runs; without the others there is no X window, or Chinese shows as boxes.
NEEDED = frozenset({*(part.package for part in OFFSCREEN_PARTS), VENV_PACKAGE})


def missing_packages(libraries: str, *, has_venv: bool, has_font: bool) -> list[str]:
    """Return the Debian packages still to install, given the output of `ldconfig -p` and two facts."""
    present = {line.split()[0] for line in libraries.splitlines() if "=>" in line}
    missing = [part.package for part in OFFSCREEN_PARTS + WINDOW_PARTS if part.library not in present]
    if not has_font:
        missing.append(FONT_PACKAGE)
    if not has_venv:
        missing.append(VENV_PACKAGE)
    return missing


def _look_at_the_system() -> list[str]:
    ldconfig = shutil.which("ldconfig", path=os.environ.get("PATH", "") + ":/sbin:/usr/sbin")
    if ldconfig is None:
        return []  # not a glibc system; Qt itself will say what it lacks
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    fonts = (Path(base) for base in ("/usr/share/fonts", "/usr/local/share/fonts"))
    has_font = any(any(folder.rglob("*CJK*")) for folder in fonts if folder.is_dir())
    return missing_packages(listing, has_venv=importlib.util.find_spec("ensurepip") is not None, has_font=has_font)


def install_command(packages: Iterable[str], *, as_root: bool) -> str:
    """Return the one shell command that installs `packages` on Debian or Ubuntu."""
    sudo = "" if as_root else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def ensure_system_parts() -> None:
    """Install the system packages that Qt and Chinese text need, or say which they are."""
    if not sys.platform.startswith("linux"):
        return
    missing = _look_at_the_system()
    if not missing:
        return
    names = "、".join(missing)
    if shutil.which("apt-get") is None:
        say(f"系统缺少下列组件（Debian 的包名），请用本系统的软件管理工具安装：{names}")
    elif os.geteuid() == 0:
        say(f"正在安装系统组件：{names}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = install_command(missing, as_root=True)
        if subprocess.run(["sh", "-c", command], env=environment, check=False).returncode:
            raise Failure(f"系统组件没有装成。请检查网络后手工执行：{command}")
        importlib.invalidate_caches()
        missing = []
    else:
        say(f"系统缺少组件：{names}。请执行：\n  {install_command(missing, as_root=False)}")
    if NEEDED.intersection(missing):
        raise Failure("缺少上面的组件，程序不能运行。装好后再执行一次本命令。")
