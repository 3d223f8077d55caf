"""A Windows Python under Wine, in one folder: to test and to freeze the program as clerks get it, without a Windows PC.

    lab = Lab(folder)
    lab.make()                                   once, about a minute and 1.2 GB; at once when nothing has changed
    lab.python("-m", "pytest", …)                runs python.exe, lab.run(program, …) any other program
    lab.screen.picture(file)                     what is on its screen
    lab.log = file                               where everything that programs say goes, while they say it

Debian's Wine 8 and a local CPython 3.11 (for the part of the library that is written in Python) are what it stands on.
Wine shows neither scaling nor antivirus, printing or input methods; what passes here has still to be looked at once on
a Windows PC.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from dev_system import install_command
from tests.windows.said import Said
from tests.windows.screen import Screen

VERSION = (3, 11)
DONOR = "panda3d==1.10.16"
"""A wheel that carries the official python311.dll and its extension modules."""
DONOR_HASH = "37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82"
APT = ("wine64", "wine", "wine64-preloader", "xvfb", "imagemagick", "xdotool", "nsis", "gcc-mingw-w64-x86-64-win32")
WINE = "/usr/lib/wine/wine64"
COMPILER = "x86_64-w64-mingw32-gcc"
OBJDUMP = "x86_64-w64-mingw32-objdump"
FONT = "Noto Sans CJK SC"
FONTS = ("Microsoft YaHei", "Microsoft YaHei UI", "SimSun", "Segoe UI", "Tahoma", "MS Shell Dlg", "MS Shell Dlg 2")
NOT_IN_WINE = ("icuuc.dll", "icuin.dll", "mscms.dll")
"""What Qt asks of Windows and Wine 8 lacks, wholly or in part: stood in for by libraries that answer "nothing" (0)."""
TIMEOUT = 600.0
"""Seconds; a windowed program that fails shows a box and would wait for a click for ever."""

START = r"""
#include <windows.h>
int Py_Main(int count, wchar_t **words);
int wmain(int count, wchar_t **words) { return Py_Main(count, words); }
"""
RANDOM = r"""
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE p, SIZE_T n) { return SystemFunction036(p, (ULONG)n); }
"""


class LabProblem(Exception):
    """The lab cannot be made or something in it did not go as asked; the text says what."""


class Lab:
    """The folder with everything: `windows` is the Python, `prefix` what Wine keeps; `log` takes what programs say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.log: Path | None = None
        self.windows = self.folder / "python"
        self.packages = self.windows / "Lib/site-packages"
        self.prefix = self.folder / "prefix"
        self.drive = self.prefix / "drive_c"
        install_system_parts()
        self.screen = Screen()

    # -- making it --------------------------------------------------------------------------------------------

    def make(self, locks: Sequence[Path]) -> None:
        """Make what is missing, with every package of the lock files; anew when anything has changed."""
        if sys.version_info[:2] != VERSION:
            raise LabProblem(
                f"the lab takes Python's library from CPython {VERSION[0]}.{VERSION[1]}; this is another one"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        entries = windows_entries(locks)
        wanted = hashlib.sha256((entries + Path(__file__).read_text(encoding="utf-8")).encode()).hexdigest()
        if self._stamped(wanted):
            return
        for old in (self.windows, self.prefix):
            shutil.rmtree(old, ignore_errors=True)
        self._make_python()
        self._install(entries)
        for library in (self.packages / "shiboken6").glob("*140*.dll"):  # of C, which Windows has and Wine has not
            shutil.copy(library, self.windows)
        self._make_prefix()
        self._stamped(wanted, now=True)

    def add(self, locks: Sequence[Path], names: Sequence[str]) -> None:
        """Install the packages `names` of the lock files as well."""
        entries = windows_entries(locks, names)
        wanted = hashlib.sha256(entries.encode()).hexdigest()
        if not self._stamped(wanted):
            self._install(entries)
            self._stamped(wanted, now=True)

    def _stamped(self, mark: str, *, now: bool = False) -> bool:
        """Return whether `mark` was done in this Python; with `now`, note that it is."""
        stamp = self.windows / f"{mark}.done"
        if now:
            stamp.touch()
        return stamp.is_file()

    def _make_python(self) -> None:
        wheels = self.folder / "wheels"
        lock = self.folder / "donor.txt"
        lock.write_text(f"{DONOR} --hash=sha256:{DONOR_HASH}\n", encoding="utf-8")
        _pip("download", "--no-deps", "--require-hashes", *platform_options(), "-d", str(wheels), "-r", str(lock))
        libraries = self.windows / "DLLs"
        libraries.mkdir(parents=True)
        with zipfile.ZipFile(next(wheels.glob("panda3d-*.whl"))) as wheel:
            for name in wheel.namelist():
                if re.fullmatch(r"deploy_libs/(python311|sqlite3|lib\w+-\d|\w+\.pyd|_?\w+)(\.dll|\.pyd)", name):
                    place = self.windows if "python311" in name else libraries
                    (place / Path(name).name).write_bytes(wheel.read(name))
        shutil.copytree(
            sysconfig.get_path("stdlib"),
            self.windows / "Lib",
            ignore=shutil.ignore_patterns(
                "__pycache__", "site-packages", "lib-dynload", "test", "config-*", "_sysconfig*"
            ),
        )
        self.packages.mkdir()
        self._make_stable_library()
        self._compile("python.exe", START, "-municode", "-L", str(self.folder), "-lpython311")

    def _make_stable_library(self) -> None:
        """Make python3.dll, which hands everything on to python311.dll, and what python.exe is linked with."""
        full = self.windows / "python311.dll"
        names = [name for name in exports(full) if re.match(r"_?Py", name)]
        forwards = "".join(f"  {name} = python311.{name}\n" for name in names)
        definition = self.folder / "python3.def"
        definition.write_text(f"LIBRARY python3.dll\nEXPORTS\n{forwards}", encoding="ascii")
        self._compile(
            "python3.dll", "int DllMain(void) { return 1; }", "-shared", "-nostdlib", "-Wl,-e,DllMain", str(definition)
        )
        main = self.folder / "python311.def"
        main.write_text("LIBRARY python311.dll\nEXPORTS\n  Py_Main\n", encoding="ascii")
        tool = COMPILER.replace("gcc", "dlltool")
        subprocess.run([tool, "-d", str(main), "-l", str(self.folder / "libpython311.a")], check=True)

    def _compile(self, name: str, source: str, *options: str, to: Path | None = None) -> None:
        file = self.folder / f"{name}.c"
        file.write_text(source, encoding="ascii")
        target = (to or self.windows) / name
        subprocess.run([COMPILER, "-O1", "-s", "-w", "-o", str(target), str(file), *options], check=True)

    def _install(self, entries: str) -> None:
        lock = self.folder / "entries.txt"
        lock.write_text(entries, encoding="utf-8")
        to = ("--upgrade", "--target", str(self.packages))
        _pip("install", "--no-deps", "--require-hashes", *platform_options(), *to, "-r", str(lock))

    def _make_prefix(self) -> None:
        self.run("wineboot", "-i", check=False)
        system = self.drive / "windows/system32"
        asked: dict[str, set[str]] = {}
        for library in (self.packages / "PySide6").glob("*.dll"):
            for name, functions in imports(library).items():
                if name in NOT_IN_WINE:
                    asked.setdefault(name, set()).update(functions)
        for name, wanted in asked.items():
            answers = "".join(
                f"__declspec(dllexport) long long {each}(void) {{ return 0; }}\n" for each in sorted(wanted)
            )
            self._compile(name, answers, "-shared", to=system)
        self._compile("bcryptprimitives.dll", RANDOM, "-shared", "-ladvapi32", to=system)
        for font in FONTS:
            self.registry("HKCU\\Software\\Wine\\Fonts\\Replacements", font, FONT)

    # -- using it ---------------------------------------------------------------------------------------------

    def registry(self, key: str, name: str, value: str) -> None:
        """Write one text into the registry."""
        self.run("reg", "add", key, "/v", name, "/d", value, "/f")

    def python(self, *words: str, timeout: float = TIMEOUT, check: bool = True, cwd: Path | None = None) -> str:
        """Run the Windows Python and return what it printed."""
        return self.run(str(self.windows / "python.exe"), *words, timeout=timeout, check=check, cwd=cwd)

    def run(
        self, program: str, *words: str, timeout: float = TIMEOUT, check: bool = True, cwd: Path | None = None
    ) -> str:
        """Run a Windows program to its end and return what it printed; LabProblem when it says it failed."""
        return self.host(*self.command(program, *words), timeout=timeout, check=check, cwd=cwd)

    def host(self, *command: str, timeout: float = TIMEOUT, check: bool = True, cwd: Path | None = None) -> str:
        """Run a program of this machine in the same way."""
        said = Said(command, self.environment, self.log, cwd)
        code = said.wait(timeout)
        if code is None:
            raise LabProblem(f"{' '.join(command)}: not done after {timeout:.0f} s\n{said.text()}")
        if check and code:
            raise LabProblem(f"{' '.join(command)}: exit code {code}\n{said.text()}")
        return said.text()

    def command(self, program: str, *words: str) -> list[str]:
        """Return what this machine must run for a Windows program."""
        return [WINE, program, *words]

    def start(self, program: str, *words: str) -> Said:
        """Start a Windows program whose window is to be looked at."""
        return Said(self.command(program, *words), self.environment, self.log)

    def use_screen(self, size: str) -> bool:
        """Have a screen of `size` (`1366x768`); return whether it is a new one, on which Wine begins anew."""
        if size == self.screen.size:
            return False
        self.close()
        self.screen = Screen(size)
        return True

    def stay_up(self) -> None:
        """Start Wine anew and keep it until `close`: what a session knows of its user is forgotten when it ends."""
        for word in ("-k", "-w", "-p"):
            # The server that stays would hold a pipe open, and be waited for.
            subprocess.run(
                ["wineserver", word],
                env=self.environment,
                check=word == "-p",
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def close(self) -> None:
        """End Wine and the screen."""
        subprocess.run(["wineserver", "-k"], env=self.environment, check=False, capture_output=True)
        self.screen.close()

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables under which Wine runs here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "PYTHON", "XDG_"))}
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            **kept,
            "HOME": str(home),
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d;mscms=n",
            "LC_ALL": "zh_CN.UTF-8",
            "PYTHONUTF8": "1",
            **self.screen.environment,
        }


def install_system_parts() -> None:
    """Have Wine, a screen and a compiler on this Debian; LabProblem when they are missing and may not be installed."""
    missing = [tool for tool in (WINE, COMPILER, "Xvfb", "import", "xdotool", "makensis") if shutil.which(tool) is None]
    if missing and os.geteuid() != 0:
        raise LabProblem(f"missing: {', '.join(missing)}. Please: {install_command(APT, as_root=False)}")
    if missing:
        subprocess.run(["sh", "-c", install_command(APT, as_root=True)], check=True)
    if "zh_CN.utf8" not in subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout:
        subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", "zh_CN.UTF-8"], check=True)


def windows_entries(locks: Sequence[Path], names: Sequence[str] = ()) -> str:
    """Return the entries of the lock files that belong on Windows, each once: pip judges markers by this machine."""
    found: dict[str, str] = {}
    for lock in locks:
        for entry in re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.M)):
            name = re.split(r"[= ;]", entry, maxsplit=1)[0].strip()
            if name and "darwin" not in entry and (not names or name in names):
                found[name] = re.sub(r" ; [^\\\n]+", " ", entry.strip())
    return "\n".join(found.values()) + "\n"


def platform_options() -> Iterator[str]:
    """Yield pip's options for wheels of the lab's Python."""
    yield from ("--only-binary", ":all:", "--platform", "win_amd64", "--python-version", "3.11")
    yield from ("--implementation", "cp", "--abi", "cp311", "--abi", "abi3", "--abi", "none")


def exports(library: Path) -> list[str]:
    """Return the names that a Windows library offers."""
    table = _headers(library).partition("[Ordinal/Name Pointer] Table")[2]
    return re.findall(r"^\s*\[ *\d+\] .*?(\w+)\s*$", table, flags=re.M)


def imports(library: Path) -> dict[str, list[str]]:
    """Return what a Windows library asks of others: their names in small letters, and the functions."""
    found: dict[str, list[str]] = {}
    for part in _headers(library).split("DLL Name: ")[1:]:
        name, _, rest = part.partition("\n")
        found[name.strip().lower()] = re.findall(
            r"^\s+[0-9a-f]+\s+(?:<none>\s+|\d+\s+|[0-9a-f]{4}\s+)?(\w+)\s*$", rest, flags=re.M
        )
    return found


def _headers(library: Path) -> str:
    return subprocess.run([OBJDUMP, "-p", str(library)], capture_output=True, text=True, check=True).stdout


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", *words, "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabProblem(done.stdout + done.stderr)
