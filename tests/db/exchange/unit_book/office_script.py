"""Runs outside the project, under a Python that has `uno`: LibreOffice opens a workbook, types, saves.

Reads its order as JSON from standard input: office, profile, file, typed {sheet: {cell: text}}, saved {kind: path}.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}
LONGEST_START = 90
"""Seconds."""
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value>
</prop></item></oor:items>
"""


def main() -> None:
    """Do what the order says."""
    order = json.load(sys.stdin)
    pipe = f"sijian{os.getpid()}"
    command = [order["office"], f"-env:UserInstallation={order['profile']}", "--headless", "--norestore", "--nologo"]
    speak_chinese(order["profile"])
    # In a group of its own: what is started is only a starter, and all of it has to end.
    office = subprocess.Popen(
        [*command, f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        desktop = connect(pipe, office)
        book = desktop.loadComponentFromURL(Path(order["file"]).as_uri(), "_blank", 0, (setting("Hidden", True),))
        for title, cells in order["typed"].items():
            sheet = book.getSheets().getByName(title)
            for place, text in cells.items():
                # As from the keyboard: the program itself makes a number, a date or a text of it.
                sheet.getCellRangeByName(place).FormulaLocal = text
        for kind, path in order["saved"].items():
            book.storeToURL(Path(path).as_uri(), (setting("FilterName", FILTERS[kind]),))
        book.close(True)
        desktop.terminate()
        office.wait(60)
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)


def speak_chinese(profile: str) -> None:
    """Let the profile be that of a Chinese clerk: dates and numbers are understood as there."""
    user = Path(unquote(urlsplit(profile).path)) / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")


def connect(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    """Return LibreOffice's desktop as soon as it answers."""
    uno = import_module("uno")
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    not_there_yet = uno.getClass("com.sun.star.connection.NoConnectException")
    for _ in range(LONGEST_START * 5):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except not_there_yet:
            with suppress(subprocess.TimeoutExpired):
                office.wait(0.2)
                break
    raise SystemExit("LibreOffice does not answer")


def setting(name: str, value: object) -> Any:
    """Return one of a document's settings."""
    found = import_module("uno").createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


if __name__ == "__main__":
    main()
