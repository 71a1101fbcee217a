"""Windows of tests are drawn in memory, unless the caller asks for a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
