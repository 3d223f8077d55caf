"""The county's data and everything that can be done with it; works without a window."""

__version__ = "0.1.0"
