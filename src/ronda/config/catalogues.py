"""Translations without the gettext programs: reads .po files and writes the .mo files Python wants."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ronda.config.installation import ROOT

SOURCE = ROOT / "src" / "ronda"


class BadCatalogueError(Exception):
    """A .po file that cannot be read; its text names file, line and reason."""


@dataclass
class Entry:
    """One message and its translation."""

    msgid: str = ""
    plural: str = ""
    context: str | None = None
    strings: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether every form has words."""
        forms = 2 if self.plural else 1
        return not self.fuzzy and len(self.strings) >= forms and all(self.strings.values())


def catalogues() -> list[Path]:
    """Every catalogue of the project."""
    return sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Write the .mo file of each catalogue; how many messages they hold together."""
    count = 0
    for source in catalogues():
        entries = read_po(source)
        source.with_suffix(".mo").write_bytes(mo_bytes(entries))
        count += sum(1 for entry in entries if entry.msgid)
    return count


KEYWORD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s*(".*")$')


def read_po(path: Path) -> list[Entry]:
    """All living entries of a .po file (obsolete ones are left out)."""
    return [entry for block in _blocks(path) if (entry := _entry(path, block)) is not None]


def _blocks(path: Path) -> Iterator[list[tuple[int, str]]]:
    """Entries are parted by blank lines or by the next msgctxt or msgid."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        starts_anew = text.startswith(("msgctxt", "msgid ")) and any(t.startswith("msgstr") for _, t in block)
        if (not text or starts_anew) and block:
            yield block
            block = []
        if text:
            block.append((number, text))
    if block:
        yield block


def _entry(path: Path, block: list[tuple[int, str]]) -> Entry | None:
    entry, parts = Entry(), {}
    key: tuple[str, int] | None = None
    for number, text in block:
        if text.startswith("#"):
            entry.fuzzy |= text.startswith("#,") and "fuzzy" in text
            continue
        if match := KEYWORD.match(text):
            key = (match[1], int(match[2] or 0))
            parts[key] = _unquote(path, number, match[3])
        elif text.startswith('"') and key is not None:
            parts[key] += _unquote(path, number, text)
        else:
            raise BadCatalogueError(f"{path.relative_to(ROOT)}:{number}: not a line of a catalogue: {text}")
    if ("msgid", 0) not in parts:
        return None
    entry.msgid, entry.plural = parts["msgid", 0], parts.get(("msgid_plural", 0), "")
    entry.context = parts.get(("msgctxt", 0))
    entry.strings = {index: words for (kind, index), words in parts.items() if kind == "msgstr"}
    return entry


def _unquote(path: Path, number: int, text: str) -> str:
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        raise BadCatalogueError(f"{path.relative_to(ROOT)}:{number}: the quotes do not match") from None


def mo_bytes(entries: list[Entry]) -> bytes:
    """The binary form, sorted by message as its readers want."""
    pairs = sorted(_pair(entry) for entry in entries if not entry.msgid or entry.is_translated)
    ids, strings = [p[0] for p in pairs], [p[1] for p in pairs]
    start = 28 + 16 * len(pairs)
    offsets: list[int] = []
    for group in (ids, strings):
        for item in group:
            offsets += [len(item), start]
            start += len(item) + 1
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    table = struct.pack(f"<{len(offsets)}I", *offsets)
    return header + table + b"".join(item + b"\0" for item in (*ids, *strings))


def _pair(entry: Entry) -> tuple[bytes, bytes]:
    name = f"{entry.context}\x04{entry.msgid}" if entry.context is not None else entry.msgid
    if entry.plural:
        name += "\0" + entry.plural
    return name.encode(), "\0".join(words for _, words in sorted(entry.strings.items())).encode()
