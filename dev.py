"""Set up a checkout and do the everyday jobs: `python3 dev.py run`, `test`, `lint`, `bench`, `pictures`, `build` …

Standard library only, on Linux and Windows. The virtual environment `.venv` is made from the lock files and stamped
with their hashes, so a checkout that is set up costs next to nothing.
"""

import sys

# Everything down to here must be readable by any Python 3, so that an old one says a sentence instead of a traceback.
NEWEST_TOO_OLD = (3, 10)
if sys.version_info[:2] <= NEWEST_TOO_OLD:
    sys.exit(
        "需要 Python 3.11 或更新的版本，当前是 %d.%d。请安装后再运行。\n"  # noqa: UP031
        "Python 3.11 or newer is needed; this is %d.%d." % (sys.version_info[:2] * 2)
    )

import hashlib  # noqa: E402
import os  # noqa: E402
import platform  # noqa: E402
import re  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import NamedTuple  # noqa: E402

from dev_system import Failure, ensure_system_parts, say  # noqa: E402

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STRANGERS = ROOT / ".venv-strangers"
BUILDER = ROOT / ".venv-build"
DEMO = ROOT / ".demo" / "寿光市"
PROGRAM = "四减四增"
FREEZE = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec")


# --- Virtual environments -------------------------------------------------------------------------------------------


class LockedSet(NamedTuple):
    """A lock file, the environment it belongs to and what it is for."""

    name: str
    lock: Path
    venv: Path
    purpose: str
    built: tuple[str, ...] = ()
    """Packages published as source only, built with the tools the same lock names."""


RUNTIME = LockedSet("runtime", ROOT / "requirements.lock", VENV, "运行程序所需的软件包")
DEV = LockedSet("dev", ROOT / "requirements-dev.lock", VENV, "测试工具")
STRANGER = LockedSet(
    "strangers", ROOT / "requirements-strangers.lock", STRANGERS, "独立核验上报包的第三方工具", built=("bagit",)
)
# What goes into the frozen program must not come from among the testing tools: the build has an environment of its own.
FROZEN = RUNTIME._replace(venv=BUILDER)
BUILD = LockedSet("build", ROOT / "requirements-build.lock", BUILDER, "打包工具")
# Not a lock: the `sijian` command, which follows pyproject.toml.
COMMAND = LockedSet("command", ROOT / "pyproject.toml", VENV, "sijian 命令")


def python_in(venv: Path) -> Path:
    """Return the interpreter of the virtual environment `venv`."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def foundation() -> str:
    """Return what a virtual environment is tied to: its place, and the Python and processor it was made with."""
    return f"{ROOT} {platform.python_implementation()} {platform.python_version()} {platform.machine()}"


def digest(file: Path) -> str:
    """Return the SHA-256 of `file`, the same on Windows and Linux checkouts."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_stamp(venv: Path) -> dict[str, str]:
    """Return what has been installed in `venv`, by name; empty when it was never finished."""
    try:
        lines = (venv / "stamp.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def write_stamp(venv: Path, stamp: dict[str, str]) -> None:
    """Record what has been installed in `venv`, whole or not at all."""
    draft = venv / "stamp.new"
    draft.write_text("".join(f"{name}\t{value}\n" for name, value in stamp.items()), encoding="utf-8")
    draft.replace(venv / "stamp.txt")


def plan_set_up(stamp: dict[str, str], wanted: dict[str, str], base: str) -> tuple[bool, list[str]]:
    """Return whether the environment must be made anew, and the names of the sets to install in it.

    Anything recorded that has changed means anew: an installed package that the lock no longer names must not linger.
    The command is no package set, so it alone is just installed again.
    """
    changed = [name for name, value in wanted.items() if name in stamp and stamp[name] != value]
    anew = stamp.get("foundation") != base or any(name != COMMAND.name for name in changed)
    return anew, [name for name, value in wanted.items() if anew or stamp.get(name) != value]


def ensure(sets: Sequence[LockedSet]) -> None:
    """Bring the virtual environment of `sets` (all in one) to what their lock files say."""
    venv = sets[0].venv
    wanted = {each.name: digest(each.lock) for each in sets}
    stamp = read_stamp(venv)
    anew, to_install = plan_set_up(stamp, wanted, foundation())
    if not anew and not to_install:
        return
    if anew:
        ensure_system_parts()
        make_venv(venv)
        stamp = {"foundation": foundation()}
    for each in sets:
        if each.name in to_install:
            say(f"正在安装{each.purpose}……")
            install(each)
            stamp[each.name] = wanted[each.name]
            write_stamp(venv, stamp)


def make_venv(venv: Path) -> None:
    """Make an empty virtual environment at `venv`, in place of whatever is there."""
    say(f"正在建立 {venv.name}……")
    # Started from a virtual environment, perhaps from this very one, the Python below it is what must be used.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([python, "-m", "venv", "--clear", str(venv)], check=False).returncode:
        raise Failure(f"虚拟环境 {venv} 没有建成。请看上面的说明，处理后再执行一次。")


def split_lock(text: str, names: Sequence[str]) -> tuple[str, str]:
    """Return the entries of a lock file without `names`, and those of `names` alone."""
    entries = re.split(r"\n(?=\S)", text.strip())
    chosen = [re.split(r"[= ;]", entry, maxsplit=1)[0] in names for entry in entries]
    rest, own = ([e for e, is_own in zip(entries, chosen, strict=True) if is_own is side] for side in (False, True))
    return "\n".join(rest) + "\n", "\n".join(own) + "\n"


def install(each: LockedSet) -> None:
    """Install one set with pip, by hash and without looking for anything the lock does not name."""
    if each is COMMAND:
        _pip(each, "--no-build-isolation", "--editable", str(ROOT))
        return
    ready, to_build = split_lock(each.lock.read_text(encoding="utf-8"), each.built)
    listed = each.venv / "entries.lock"
    listed.write_text(ready, encoding="utf-8")
    _pip(each, "--require-hashes", "--only-binary", ":all:", "--requirement", str(listed))
    if each.built:
        listed.write_text(to_build, encoding="utf-8")
        _pip(each, "--require-hashes", "--no-build-isolation", "--requirement", str(listed))
    listed.unlink()


def _pip(each: LockedSet, *arguments: str) -> None:
    command = [str(python_in(each.venv)), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Failure(f"{done.stdout}\n{each.purpose}没有装成。请看上面的说明，检查网络和磁盘空间后再执行一次。")


def prepare(*, tools: bool) -> None:
    """Set up what running needs, and with `tools` what testing needs as well."""
    if not tools:
        ensure([RUNTIME])
        return
    ensure([RUNTIME, DEV, COMMAND])
    ensure([STRANGER])


# --- Commands -------------------------------------------------------------------------------------------------------


def call(*arguments: str, **environment: str) -> int:
    """Run the environment's Python in the checkout and return its exit code."""
    command = [str(python_in(VENV)), *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def run(extra: Sequence[str]) -> int:
    """Make the demo county, export and verify its package, and open the window where there is a display."""
    prepare(tools=False)
    folder = [] if any(not argument.startswith("-") for argument in extra) else [str(DEMO)]
    return call("-m", "desktop", "demo", *folder, *extra)


def test(extra: Sequence[str]) -> int:
    """Run all tests, house rules among them, on every core; what follows goes to pytest, which then uses one."""
    prepare(tools=True)
    return call("-m", "pytest", *(extra or ["-n", "auto"]))


def lint(extra: Sequence[str]) -> int:
    """Run ruff, mypy and import-linter alone; what follows goes to ruff (for instance --fix)."""
    prepare(tools=True)
    codes = [
        call("-m", "ruff", "check", *extra),
        call("-m", "mypy"),
        call("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    ]
    return int(any(codes))


def bench(extra: Sequence[str]) -> int:
    """Measure against references taken in the same run; what follows names the benchmarks wanted."""
    prepare(tools=True)
    return call("-m", "tests.bench", *extra, QT_QPA_PLATFORM="offscreen")


def pictures(extra: Sequence[str]) -> int:
    """Draw every page into pictures/, and the manual's pictures; with arguments only what they say."""
    prepare(tools=True)
    code = call("-m", "tests.pictures", *extra)
    return code if code or extra else call("-m", "tests.pictures", "--manual")


def build(extra: Sequence[str]) -> int:
    """Freeze the program for this system, let it test itself and pack it into dist/; the rest goes to PyInstaller."""
    ensure([FROZEN, BUILD])
    frozen = ROOT / "dist" / PROGRAM / ("sijian.exe" if os.name == "nt" else "sijian")
    steps = ([str(python_in(BUILDER)), *FREEZE, *extra], [str(frozen), "self-test"])
    code = next(filter(None, (subprocess.run(step, cwd=ROOT, check=False).returncode for step in steps)), 0)
    if code == 0:
        # A tar knows the links and rights that a program needs on Linux; Windows opens zips by itself.
        say(str(pack(f"{platform.system()}-{platform.machine()}".lower(), "zip" if os.name == "nt" else "gztar")))
    return code


def version() -> str:
    """Return the program's version, from the one place where it stands."""
    found = re.search(r'__version__ = "(.+)"', (ROOT / "db/__init__.py").read_text(encoding="utf-8"))
    assert found is not None
    return found.group(1)


def pack(system: str, kind: str) -> Path:
    """Return the archive, made of the frozen program's folder, that runs on `system` wherever it is unpacked."""
    base = ROOT / "dist" / f"sijian-desk-{version()}-{system}"
    return Path(shutil.make_archive(str(base), kind, root_dir=ROOT / "dist", base_dir=PROGRAM))


def windows(extra: Sequence[str]) -> int:
    """Make and try the Windows release under Wine; what follows goes to tests.windows."""
    prepare(tools=True)
    return call("-m", "tests.windows", *extra)


def setup(extra: Sequence[str]) -> int:
    """Prepare everything and do nothing else."""
    if extra:
        raise Failure("setup 不带参数。")
    ensure_system_parts()
    prepare(tools=True)
    say(f"准备好了。解释器：{python_in(VENV)}")
    return 0


COMMANDS: dict[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "run": (run, "准备一切，生成演示县数据、导出并核验，然后打开窗口"),
    "test": (test, "运行全部测试和检查（后面的参数交给 pytest）"),
    "lint": (lint, "只运行 ruff、mypy 和 import-linter"),
    "bench": (bench, "性能测量：与同一次运行中的参照相比"),
    "pictures": (pictures, "把每个页面画成图片，放到 pictures/；手册里的图片也重画"),
    "build": (build, "把程序打包成不需要 Python 就能运行的文件夹和压缩包，放到 dist/"),
    "windows": (windows, "在 Linux 上用 Wine 制作并试用 Windows 版：测试、打包、安装、自检、截图、卸载"),
    "setup": (setup, "只做准备：系统组件、虚拟环境、软件包"),
}


def usage() -> str:
    """Return the list of commands."""
    width = max(map(len, COMMANDS))
    rows = [f"  {name:<{width}}  {words}" for name, (_, words) in COMMANDS.items()]
    return "\n".join(["用法：python3 dev.py 命令 [参数]", "", *rows])


def main(arguments: Sequence[str]) -> int:
    """Run one command; return 0 when good, what the command returned otherwise, 2 for wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if arguments and arguments[0] in ("-h", "--help", "help"):
        say(usage())
        return 0
    if not arguments or arguments[0] not in COMMANDS:
        if arguments:
            print(f"没有“{arguments[0]}”这个命令。", file=sys.stderr)
        print(usage(), file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]][0](arguments[1:])
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
