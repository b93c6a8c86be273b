"""Files on disk under their own hash. A chunk is kept at once; the whole counts only when its hash is right."""

import errno
import fcntl
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO

from ronda.gate.domain import MAX_FILE_BYTES, PUBLIC, Grant

CHUNK = 1 << 20
CONFLICT = 409
LOCK_TURNS, LOCK_WAIT_S = 60, 0.05
FROM_HERE = -1
PUBLIC_DISK_LEFT = 2 << 30  # what files of the public leave free, for messages and for registered senders


class FileRefused(Exception):
    """A chunk that cannot be taken; `status` is the HTTP status, the rest says what was wanted and what came."""

    def __init__(self, status: int, field: str, wanted: str, came: str, offset: int | None = None) -> None:
        super().__init__(f"{field}: wanted {wanted}, came {came}")
        self.status, self.field, self.wanted, self.came, self.offset = status, field, wanted, came, offset


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where the bytes of a request belong: from `start`, of `total` in all (None: all that come)."""

    start: int
    total: int | None


class FileStore:
    """`folder/ab/cd/<sha256>` for whole files, `folder/parts/` for what is still coming."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:4] / digest

    def part(self, digest: str, grant: Grant) -> Path:
        """Parts are kept apart by sender: nobody can spoil what another is sending."""
        sender = sha256(f"{grant.agency}|{grant.area}|{grant.device}".encode()).hexdigest()[:16]
        return self.folder / "parts" / f"{digest}.{sender}"

    def offset(self, digest: str, grant: Grant) -> int:
        """How many bytes of a part are safe on disk."""
        try:
            return self.part(digest, grant).stat().st_size
        except FileNotFoundError:
            return 0

    def open(self, digest: str, grant: Grant, chunk: Chunk) -> "Incoming":
        """Lock the part for one request; FileRefused when another is at it or the chunk does not fit."""
        path = self.part(digest, grant)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if grant.agency == PUBLIC and shutil.disk_usage(path.parent).free < PUBLIC_DISK_LEFT:
                raise FileRefused(507, "", "room on the disk for files of the public", "too little")
            file = path.open("ab")
        except OSError as error:
            raise _disk(error) from error
        if not _is_ours(file, path):
            file.close()
            raise FileRefused(CONFLICT, "", "one request at a time for a file", "two")
        there = os.fstat(file.fileno()).st_size
        if chunk.start not in (there, FROM_HERE):
            file.close()
            raise FileRefused(409, "Content-Range", f"bytes from {there}", f"from {chunk.start}", there)
        return Incoming(self, digest, path, file, there)

    def take(self, digest: str, grant: Grant, content: BinaryIO) -> int:
        """Keep a file that is here whole, going on from what an earlier try left; returns its size."""
        incoming = self._open_soon(digest, grant)
        try:
            content.seek(incoming.size)
            while piece := content.read(CHUNK):
                incoming.write(piece)
            incoming.finish()
        finally:
            incoming.close()
        return incoming.size

    def _open_soon(self, digest: str, grant: Grant) -> "Incoming":
        """The part, after whoever is at the same file right now: a button pressed twice, two people with one photo."""
        for _turn in range(LOCK_TURNS):
            try:
                return self.open(digest, grant, Chunk(FROM_HERE, None))
            except FileRefused as problem:
                if problem.status != CONFLICT:
                    raise
            time.sleep(LOCK_WAIT_S)
        return self.open(digest, grant, Chunk(FROM_HERE, None))

    def parts_clean(self, *, before_s: float) -> int:
        """Throw away parts that nobody added to since then (Unix seconds); returns how many. One that is being
        written is locked and stays; whole files lie elsewhere."""
        cleaned = 0
        for path in (self.folder / "parts").glob("*"):
            with suppress(FileNotFoundError), path.open("rb") as file:
                if _is_ours(file, path) and os.fstat(file.fileno()).st_mtime < before_s:
                    path.unlink()
                    cleaned += 1
        return cleaned


class Incoming:
    """A part that is being written."""

    def __init__(self, store: FileStore, digest: str, path: Path, file: BinaryIO, size: int) -> None:
        self._store, self._digest, self._path, self._file = store, digest, path, file
        self.size = size

    def write(self, data: bytes) -> None:
        if self.size + len(data) > MAX_FILE_BYTES:
            raise FileRefused(413, "", f"at most {MAX_FILE_BYTES} bytes", "more")
        try:
            self._file.write(data)
        except OSError as error:
            raise _disk(error) from error
        self.size += len(data)

    def keep(self) -> None:
        """Put what came on disk; also after a broken request, so that the next one goes on from here."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _disk(error) from error

    def finish(self) -> None:
        """Check the hash and put the file in its place; a wrong one is thrown away."""
        self.keep()
        found = file_digest(self._path)
        if found != self._digest:
            self._path.unlink()
            raise FileRefused(422, "sha256", self._digest, found)
        target = self._store.path(self._digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._path, target)
        for folder in (target.parent, target.parent.parent, self._store.folder, self._path.parent):
            _sync_folder(folder)

    def close(self) -> None:
        self._file.close()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return content_digest(file)


def content_digest(content: BinaryIO) -> str:
    """SHA-256 of all that comes, read in pieces."""
    digest = sha256()
    while piece := content.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _is_ours(file: IO[bytes], path: Path) -> bool:
    """Lock an open part; false when another is at it, or has finished it or thrown it away meanwhile."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def range_parse(header: str | None, length: int | None) -> Chunk:
    """`Content-Range: bytes 0-99/300`; none: the whole file; `bytes */300`: all is here, check it."""
    if header is None:
        return Chunk(0, None)
    try:
        unit, _, spans = header.partition(" ")
        span, _, total = spans.partition("/")
        first, _, last = span.partition("-")
        if header == f"bytes */{total}" and length == 0:
            return Chunk(FROM_HERE, _number(total))
        start, end, size = _number(first), _number(last), _number(total)
    except ValueError:
        raise FileRefused(422, "Content-Range", "bytes first-last/total", header[:60]) from None
    if unit != "bytes" or not start <= end < size or (length is not None and length != end - start + 1):
        raise FileRefused(422, "Content-Range", "bytes first-last/total as long as the body", header[:60])
    if size > MAX_FILE_BYTES:
        raise FileRefused(413, "Content-Range", f"at most {MAX_FILE_BYTES} bytes", f"{size} bytes")
    return Chunk(start, size)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ValueError(text)
    return int(text)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk(error: OSError) -> FileRefused:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return FileRefused(507 if full else 503, "", "room on the disk", error.strerror or "an error of the disk")
