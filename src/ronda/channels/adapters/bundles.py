"""Submissions that come in parts, on disk until the last one is here: one folder for each, written under a lock."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

LOCKS = 64
MANIFEST, XML = "manifest.json", "submission.xml"


@dataclass(slots=True)
class Bundle:
    """The XML that came first, the files so far, and who sends."""

    xml: bytes
    grant: dict[str, Any]
    began_s: float
    files: list[dict[str, Any]] = field(default_factory=list)

    def add(self, files: list[dict[str, Any]]) -> None:
        """More files; one that is here already is not taken twice."""
        known = {one["sha256"] for one in self.files}
        self.files += [one for one in files if one["sha256"] not in known]


class Bundles:
    """All bundles of a node below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def opened(self, id_: UUID) -> Iterator["Slot"]:
        """One bundle, while nobody else is at it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"lock-{id_.int % LOCKS}").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Slot(self.folder / str(id_))

    def waiting(self, *, before_s: float) -> list[UUID]:
        """Bundles begun before then (Unix seconds) whose last part has not come."""
        found = []
        for path in sorted(self.folder.glob(f"*/{MANIFEST}")):
            if path.stat().st_mtime < before_s:
                found.append(UUID(path.parent.name))
        return found


class Slot:
    """Where one bundle lies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> Bundle | None:
        try:
            content = json.loads((self._folder / MANIFEST).read_bytes())
            return Bundle(xml=(self._folder / XML).read_bytes(), **content)
        except FileNotFoundError:
            return None

    def write(self, bundle: Bundle) -> None:
        """On disk when this returns; the manifest comes last and in one step."""
        self._folder.mkdir(exist_ok=True)
        content = asdict(bundle)
        content.pop("xml")
        _put(self._folder / XML, bundle.xml)
        _put(self._folder / MANIFEST, json.dumps(content).encode())

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _put(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
