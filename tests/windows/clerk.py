"""The person at the PC whose name is 用户 一: logged on, with the folders that Windows gives everybody."""

from __future__ import annotations

from tests.windows.lab import Lab

USER = "用户 一"
COUNTY = "四减四增（寿光）"
SHELL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
LASTING, OF_SESSION = r"HKCU\Environment", r"HKCU\Volatile Environment"
FOLDERS = {
    "Personal": "文档",
    "Desktop": "桌面",
    "Local AppData": r"AppData\Local",
    "AppData": r"AppData\Roaming",
    "Programs": r"AppData\Roaming\Microsoft\Windows\Start Menu\Programs",
}
TEMPORARY = r"AppData\Local\Temp"


class Clerk:
    """Where the clerk's things are, as Windows names them (`home`, `work`) and as this machine does (`place`)."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._logged_on = False
        self.home = rf"C:\users\{USER}"
        self.place = lab.drive / "users" / USER
        self.work = rf"{self.home}\文档\{COUNTY}"
        self.work_place = self.place / "文档" / COUNTY

    def log_on(self, *, again: bool = False) -> None:
        """Have Windows programs take this person for the one who is logged on, once or on a new screen `again`."""
        if self._logged_on and not again:
            return
        self._logged_on = True
        self._lab.stay_up()
        for below in (*FOLDERS.values(), TEMPORARY):
            (self.place / below.replace("\\", "/")).mkdir(parents=True, exist_ok=True)
        self.work_place.mkdir(exist_ok=True)
        for name, below in FOLDERS.items():
            self._lab.registry(SHELL, name, rf"{self.home}\{below}")
        for name, value in {
            "USERNAME": USER,
            "USERPROFILE": self.home,
            "HOMEPATH": self.home.removeprefix("C:"),
            "LOCALAPPDATA": rf"{self.home}\{FOLDERS['Local AppData']}",
            "APPDATA": rf"{self.home}\{FOLDERS['AppData']}",
        }.items():
            self._lab.registry(OF_SESSION, name, value)
        for name in ("TEMP", "TMP"):
            self._lab.registry(LASTING, name, rf"{self.home}\{TEMPORARY}")
