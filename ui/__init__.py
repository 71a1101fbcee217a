"""The Qt program: the only floor that knows PySide6."""
