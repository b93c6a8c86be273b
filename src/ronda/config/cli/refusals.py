"""What an operator can mend, as one sentence; a fault of ours keeps its traceback."""

from __future__ import annotations

import errno
import os

from ronda.config.env import SettingError
from ronda.config.postgres import PostgresError

FOREIGN_SCOPE = "scope is not signed by this node"
NO_TABLE = ("42P01", "3F000")  # undefined table, undefined schema
CONNECTION = ("08", "28", "3D", "53300", "57P")

FILES = {
    errno.EACCES: "the user that runs Ronda may not reach it; put it where that user may.",
    errno.EPERM: "the user that runs Ronda may not reach it; put it where that user may.",
    errno.ENOENT: "there is no such file or folder; make its folder first, or name another.",
    errno.ENOTDIR: "one part of this path is a file where a folder is wanted; name another.",
    errno.EEXIST: "something else stands there already; name another.",
    errno.EISDIR: "this is a folder, and a file is wanted.",
    errno.EROFS: "this disk can only be read; name another place.",
    errno.ENOSPC: "no space is left on this disk; make room and repeat the command.",
    errno.EDQUOT: "this user may not fill more of this disk; make room and repeat the command.",
}


def sentence(problem: Exception) -> str | None:
    """The one sentence about a problem; None when it is not the operator's to mend."""
    if isinstance(problem, (SettingError, PostgresError)):
        return str(problem)
    if isinstance(problem, OSError):
        return _file(problem)
    return _keys(problem) or _database(problem)


def _file(problem: OSError) -> str | None:
    """A path that cannot be read or written; what is no path and no full disk is a fault of ours."""
    if problem.errno is None or (problem.filename is None and problem.errno not in FILES):
        return None
    told = FILES.get(problem.errno, f"{os.strerror(problem.errno)}; name another.")
    if problem.filename is None:
        return f"A file cannot be written: {told}"
    return f"{os.fsdecode(problem.filename)}: {told}"


def _keys(problem: Exception) -> str | None:
    from ronda.kernel.keys import KeyFileError

    return str(problem) if isinstance(problem, KeyFileError) else None


def _database(problem: Exception) -> str | None:
    """Of Django's and psycopg's errors those that say: not reached, not migrated, keys of another node."""
    import psycopg

    cause = problem if isinstance(problem, psycopg.Error) else problem.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    state = cause.sqlstate or ""
    if FOREIGN_SCOPE in str(cause):
        from ronda.config.installation import var_folder
        from ronda.config.postgres.nodekeys import keys_foreign

        return keys_foreign(var_folder() / "keys")
    if state in NO_TABLE:
        return "The database lacks tables of this version: run `ronda migrate` first."
    if isinstance(cause, psycopg.OperationalError) and (not state or state.startswith(CONNECTION)):
        reason = (str(cause).strip() or type(cause).__name__).splitlines()[0]
        return f"The connection to the database was refused or lost: {reason} `ronda doctor` says more."
    return None
