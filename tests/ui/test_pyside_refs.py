"""PySide6 must not lose references to None: 6.12 on Python 3.11 does, and dies of it."""

import sys

import pytest
from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QStandardItemModel
from PySide6.QtWidgets import QApplication

TURNS = 300


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal since Python 3.12")
def test_void_calls_keep_none_alive(qapp: QApplication) -> None:
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    model, thing, red = QStandardItemModel(2, 2), QObject(), QColor(200, 0, 0)
    calls = (
        lambda: painter.fillRect(QRect(1, 1, 2, 2), red),
        lambda: painter.drawRect(1, 1, 2, 2),
        lambda: painter.drawText(1, 1, "a"),
        lambda: thing.setObjectName("x"),
        lambda: model.setData(model.index(0, 0), "x"),
    )
    for call in calls:
        before = sys.getrefcount(None)
        for _ in range(TURNS):
            call()
        assert sys.getrefcount(None) - before > -TURNS / 2
    painter.end()
