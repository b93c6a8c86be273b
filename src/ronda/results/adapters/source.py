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
    b"PK\x03\x04": "berkas Excel (XLSX) atau ZIP",
    b"\xd0\xcf\x11\xe0": "berkas Excel lama (XLS)",
    b"%PDF": "berkas PDF",
    b"PAR1": "berkas Parquet",
    b"\xff\xfe": "teks UTF-16",
    b"\xfe\xff": "teks UTF-16",
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
        wanted = (
            "berkas gzip yang utuh" if isinstance(error, gzip.BadGzipFile) else "berkas yang dapat dibaca"
        )
        raise FileError(f"perlu {wanted}: {error}") from error
    except (EOFError, zlib.error) as error:
        raise FileError(f"perlu berkas gzip yang utuh: {error}") from error


def _refuse_known(start: bytes) -> None:
    for mark, name in _NOT_CSV.items():
        if start.startswith(mark):
            raise FileError(f"perlu CSV dengan teks UTF-8, ini {name}; simpan ulang sebagai CSV UTF-8")


def blocks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines, each line ended by one newline."""
    tail = b""
    while chunk := stream.read(BLOCK):
        if b"\0" in chunk:
            raise FileError("perlu teks UTF-8, ada bita nol; simpan ulang sebagai CSV UTF-8")
        joined = tail + chunk
        cut = joined.rfind(b"\n") + 1
        tail = joined[cut:]
        if len(tail) > BLOCK:
            raise FileError(f"perlu baris yang pendek, ada baris di atas {BLOCK} bita")
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
            f"perlu teks UTF-8; baris {row} berisi bita 0x{came}; simpan ulang sebagai CSV UTF-8"
        ) from error
