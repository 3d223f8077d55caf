"""A picture of the manual as large as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from desktop.widgets.dialog import Dialog, room_on
from desktop.widgets.manual_view import read_picture

AROUND = 80
"""What the title, the foot and the edges take."""


class ManualPicture(Dialog):
    """Shows the picture `name`; a click, Esc or Enter closes it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("图片", "", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        image = read_picture(name)
        picture = QLabel()
        picture.setPixmap(QPixmap.fromImage(image))
        self.area = QScrollArea()
        self.area.setWidget(picture)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.area, 1)
        self.add_button("关闭", self.accept, primary=True)
        room = self.screen().availableGeometry()
        self.resize(min(image.width() + AROUND, room.width()), min(image.height() + 2 * AROUND, room_on(self)))
