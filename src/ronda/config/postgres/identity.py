"""As whom the server runs: PostgreSQL refuses root, and peer login must still know its owner.

An ordinary user simply runs it. Root runs it in a user namespace where root is shown as another user:
files stay root's, no account is made. Inside such a namespace every foreign user looks like the overflow
user (65534), so the server is mapped to a name that is not the overflow user: only the real owner of the
process is ever seen under that name, and peer login lets in that one alone.
"""

from __future__ import annotations

import functools
import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ronda.config import env
from ronda.config.postgres.binaries import Binaries, PostgresError

OVERFLOW = 65534
CACHE = Path("/var/cache")
WAYS = ("direct", "unshare", "setpriv")


@dataclass(frozen=True)
class Identity:
    """How to start the server's programs, and how the server sees the one who may connect."""

    way: str
    prefix: tuple[str, ...]
    peer: str
    owner: tuple[int, int] | None = None
    """User and group that must own the data folder, if not the caller."""


def asked_way() -> str:
    """How the operator wants it run."""
    return env.choice(
        "RONDA_PG_RUN_AS",
        "auto",
        ("auto", *WAYS),
        about="how the embedded PostgreSQL is run, above all when Ronda itself runs as root",
    )


def identity(paths: tuple[Path, ...]) -> Identity:
    """The first way that works here; `paths` are the folders the server has to reach."""
    asked = asked_way()
    ways: dict[str, Callable[[], Identity | None]] = {
        "direct": _direct,
        "unshare": _unshare,
        "setpriv": lambda: _setpriv(paths),
    }
    for way in ways if asked == "auto" else (asked,):
        found = ways[way]()
        if found is not None:
            return found
    if os.geteuid() == 0:
        why = "PostgreSQL refuses to run as root, and neither user namespaces (unshare -U) nor setpriv work here"
    else:
        why = f"User {os.geteuid()} has no name on this machine, and user namespaces (unshare -U) do not work here"
    raise PostgresError(f"{why}: start Ronda as an ordinary user with a name, or set DATABASE_URL.")


def _name(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _direct() -> Identity | None:
    name = _name(os.geteuid())
    return Identity("direct", (), name) if name and os.geteuid() != 0 else None


@functools.cache
def _unshare() -> Identity | None:
    stand_in = next((p for p in pwd.getpwall() if p.pw_uid not in (0, OVERFLOW, os.geteuid())), None)
    program = shutil.which("unshare")
    if stand_in is None or program is None:
        return None
    prefix = (program, "-U", f"--map-user={stand_in.pw_uid}", f"--map-group={stand_in.pw_gid}")
    tried = subprocess.run([*prefix, "id", "-u"], capture_output=True, text=True, check=False)
    works = tried.returncode == 0 and tried.stdout.strip() == str(stand_in.pw_uid)
    return Identity("unshare", prefix, stand_in.pw_name) if works else None


def _setpriv(paths: tuple[Path, ...]) -> Identity | None:
    program, caller = shutil.which("setpriv"), _name(os.geteuid())
    if os.geteuid() != 0 or program is None or caller is None or _name(OVERFLOW) is None:
        return None
    group = pwd.getpwuid(OVERFLOW).pw_gid
    plain = (program, f"--reuid={OVERFLOW}", f"--regid={group}", "--clear-groups")
    # A checkout below /root cannot be entered by anyone else: the server then keeps the one right to pass.
    passing = (*plain, "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    for prefix in (plain, passing):
        if all(_enters(prefix, folder) for folder in paths):
            return Identity("setpriv", prefix, caller, (OVERFLOW, group))
    return None


@functools.cache
def reachable(binaries: Binaries, who: Identity) -> Binaries:
    """The programs where the server's user can run them: below /root they are copied to the system's cache."""
    if who.way != "setpriv" or _enters(who.prefix[:4], binaries.folder):
        return binaries
    home = binaries.folder.parent
    digest = hashlib.sha256(os.fsencode(home) + str(home.stat().st_mtime_ns).encode()).hexdigest()[:12]
    copy = CACHE / f"ronda-postgres-{binaries.major}-{digest}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(home, draft, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return replace(binaries, folder=copy / binaries.folder.name)


def _enters(prefix: tuple[str, ...], folder: Path) -> bool:
    return (
        subprocess.run([*prefix, "test", "-e", f"{folder}/."], capture_output=True, check=False).returncode
        == 0
    )
