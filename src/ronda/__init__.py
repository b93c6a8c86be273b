"""Ronda: the shared watch over an election."""

__version__ = "0.1.0"
