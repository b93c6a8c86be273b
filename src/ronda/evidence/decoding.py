"""The parent's side: a file goes to a child process, and comes back as a working copy or as the reason why not."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ronda.evidence.domain import Reason

PATIENCE_S = 30.0  # of the worker
HURRY_S = 8.0  # while somebody waits for a page
COPY_MAX = 64 * 1024 * 1024
SOURCE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of itself: when it was taken by the clock of the camera, and where. None of it is believed."""

    taken: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A working copy of a file, or why there is none."""

    reason: Reason
    copy: bytes = b""
    kind: str = ""
    pages: int = 0
    width: int = 0
    height: int = 0
    grey: bytes = b""
    stated: Stated = Stated()


def decoded(content: bytes, *, patience_s: float = PATIENCE_S) -> Decoded:
    """Decode a file in a child process of its own. Never raises for what is in the file."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM, str(SOURCE)],
            input=content,
            capture_output=True,
            timeout=patience_s,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            close_fds=True,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Decoded(Reason.TIME)
    except OSError:
        return Decoded(Reason.BUSY)
    if done.returncode != 0:
        return Decoded(Reason.BROKEN)
    return answer_read(done.stdout)


# `-I` keeps the environment and the working folder out; the folder of the source is given by name.
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from ronda.evidence import child; sys.exit(child.main())"
)


def answer_read(answer: bytes) -> Decoded:
    """What the child said. It saw a hostile file: nothing it says is taken without a look."""
    line, _, copy = answer.partition(b"\n")
    try:
        facts = json.loads(line)
        if "refused" in facts:
            return Decoded(Reason(facts["refused"]))
        grey = bytes.fromhex(facts["grey"])
        kind, pages = str(facts["kind"]), int(facts["pages"])
        width, height = int(facts["width"]), int(facts["height"])
        stated = Stated(_taken(facts), _number(facts, "latitude"), _number(facts, "longitude"))
    except (ValueError, KeyError, TypeError):
        return Decoded(Reason.BROKEN)
    begins = {"image/jpeg": b"\xff\xd8\xff", "application/pdf": b"%PDF-"}.get(kind)
    if begins is None or not copy.startswith(begins) or len(copy) > COPY_MAX or len(grey) != 1024:
        return Decoded(Reason.BROKEN)
    return Decoded(Reason.NONE, copy, kind, pages, width, height, grey, stated)


def _taken(facts: dict[str, object]) -> datetime | None:
    """The time of the camera; without an offset it has none."""
    text, offset = str(facts.get("taken") or ""), str(facts.get("taken_offset") or "")
    try:
        taken = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # the offset is told apart, or nowhere
    except ValueError:
        return None
    try:
        sign = -1 if offset.startswith("-") else 1
        hours, minutes = (int(part) for part in offset.strip("+-").split(":"))
        return taken.replace(tzinfo=timezone(sign * timedelta(hours=hours, minutes=minutes)))
    except ValueError:
        return taken


def _number(facts: dict[str, object], name: str) -> float | None:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) and abs(value) <= 180 else None
