"""Windows of tests are drawn in memory, unless the caller asks for a screen; fixtures that many share."""

import os

from tests.postgres import database_url, fresh_database, postgres

__all__ = ["database_url", "fresh_database", "postgres"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
