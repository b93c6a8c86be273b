"""The database Ronda brings along: found, created, started, checked, saved and restored from Python alone.

Takes a data folder; gives a running PostgreSQL on a unix socket that only its owner can enter.
Never opens a TCP port, never stores a password, imports no Django.
"""

from ronda.config.postgres.binaries import Binaries, PostgresError, locate
from ronda.config.postgres.server import PostgresServer

__all__ = ["Binaries", "PostgresError", "PostgresServer", "locate"]
