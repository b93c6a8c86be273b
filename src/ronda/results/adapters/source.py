"""Opens a text file that people made: plain or gzip, UTF-8, whole lines; refuses the rest with a sentence."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

BLOCK = 16 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_NOT_CSV = {
    b"PK\x03\x04": "an Excel (XLSX) or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel file (XLS)",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


class FileError(ValueError):
    """The file as a whole is of no use; the message says what was wanted and what came."""


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked when it is gzip whatever its name says."""
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start.startswith(_GZIP):
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield unpacked  # type: ignore[misc]  # GzipFile reads bytes, typeshed calls it BufferedIOBase
            else:
                _refuse_known(start)
                yield raw
    except OSError as error:
        wanted = "a whole gzip file" if isinstance(error, gzip.BadGzipFile) else "a file that can be read"
        raise FileError(f"wanted {wanted}: {error}") from error
    except (EOFError, zlib.error) as error:
        raise FileError(f"wanted a whole gzip file: {error}") from error


def _refuse_known(start: bytes) -> None:
    for mark, name in _NOT_CSV.items():
        if start.startswith(mark):
            raise FileError(f"wanted CSV in UTF-8, this is {name}; save it again as CSV UTF-8")


def blocks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines, each line ended by one newline."""
    tail = b""
    while chunk := stream.read(BLOCK):
        if b"\0" in chunk:
            raise FileError("wanted UTF-8 text, came a zero byte; save it again as CSV UTF-8")
        joined = tail + chunk
        cut = joined.rfind(b"\n") + 1
        tail = joined[cut:]
        if len(tail) > BLOCK:
            raise FileError(f"wanted short lines, came one of more than {BLOCK} bytes")
        if cut:
            yield _newlines(joined[:cut])
    if tail.strip():
        yield _newlines(tail) + b"\n"


def _newlines(block: bytes) -> bytes:
    return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def decoded(block: bytes, first_row: int) -> str:
    """The text of a block; FileError names the row that is not UTF-8."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError as error:
        row = first_row + block.count(b"\n", 0, error.start)
        came = block[error.start : error.start + 1].hex()
        raise FileError(
            f"wanted UTF-8 text; row {row} holds the byte 0x{came}; save it again as CSV UTF-8"
        ) from error
