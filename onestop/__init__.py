"""The one-stop office without a window: runs and tests with no Qt installed."""

__version__ = "0.4.0"
