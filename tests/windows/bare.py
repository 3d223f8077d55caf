"""The least window that Qt can show, frozen beside the program: what its start is measured against."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = QMainWindow()
    window.setWindowTitle("bare")
    window.resize(1366, 768)
    window.show()
    sys.exit(app.exec())
