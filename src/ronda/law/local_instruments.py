"""A local instrument from a file: the same YAML as the shipped ones, refused in words where it does not fit.

A file comes from outside. It may be large, nested, full of references or of letters that cannot be seen; nothing of
it is kept before all of it was checked.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import yaml

from ronda.law.instrument_scales import SdKind, Unit
from ronda.law.instrument_words import in_indonesian
from ronda.law.instruments import (
    Direction,
    Family,
    How,
    Instrument,
    ScoringKind,
    StepOf,
    WeighedOf,
    instruments,
)
from ronda.law.loader import LawError, load_text, parse_yaml

PREFIX = "lokal-"
MOST_BYTES = 256 * 1024
MOST_DEEP = 20
MOST_LETTERS = 600
MOST_VALUES = 20000
SCALE_KINDS = ("fixed", "mean_sd", "indicator_groups", "named")
CHOICES: dict[str, tuple[str, ...]] = {
    "family": get_args(Family),
    "units": get_args(Unit),
    "unit": get_args(Unit),
    "direction": get_args(Direction),
    "to": get_args(StepOf),
    "how": get_args(How),
    "of": get_args(WeighedOf),
    "sd": get_args(SdKind),
    "standing": ("found", "knowledge", "not_established"),
    "scoring.kind": get_args(ScoringKind),
    "kind": SCALE_KINDS,
}
TYPES = {
    "str": "a text",
    "int": "a whole number",
    "decimal": "a number",
    "date": "a date as 2024-11-27",
    "array": "a list",
    "object": "a group of keys",
    "bool": "true or false",
    "null": "nothing",
}


def local_instrument(text: str, file: str) -> Instrument:
    """The instrument of a YAML text; `file` is the name shown. Raises LawError: field, wanted, came."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise LawError(file, "file", f"at most {MOST_BYTES // 1024} KiB", "more")
    _need_plain_yaml(text, file)
    _need_plain_values(parse_yaml(text, file), file)
    try:
        found = load_text(text, Instrument, file)
    except LawError as error:
        raise _spelled_out(error) from error
    _need_own_id(found, file)
    return found


def local_instrument_file(path: Path) -> Instrument:
    """`local_instrument` of a file; never reads more than the most a file may have."""
    if not path.is_file():
        raise LawError(path.name, "file", "a readable UTF-8 file", "no file")
    try:
        with path.open("rb") as opened:
            read = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise LawError(path.name, "file", "a readable UTF-8 file", error.strerror or "an error") from error
    return local_instrument(_decoded(read, path.name), path.name)


def _decoded(read: bytes, file: str) -> str:
    if len(read) > MOST_BYTES:
        raise LawError(file, "file", f"at most {MOST_BYTES // 1024} KiB", "more")
    try:
        return read.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LawError(file, "file", "a readable UTF-8 file", f"byte {error.start}") from error


def local_instruments(folder: Path) -> dict[str, Instrument]:
    """Every `*.yaml` of a folder by id, in order of file name; two files of one id are refused."""
    found: dict[str, Instrument] = {}
    for path in sorted(folder.glob("*.yaml")):
        one = local_instrument_file(path)
        if one.id in found:
            raise LawError(path.name, "id", "an id no other file has", one.id)
        found[one.id] = one
    return found


def refusal_in(error: LawError, language: str) -> str:
    """The refusal as a sentence for the person who wrote the file."""
    if language.startswith("en"):
        return f"File {error.file}, {error.key}: wanted {error.wanted}, found {error.came}."
    key, wanted, came = (in_indonesian(words) for words in (error.key, error.wanted, error.came))
    return f"Berkas {error.file}, bagian {key}: diminta {wanted}, yang ada {came}."


def _need_plain_yaml(text: str, file: str) -> None:
    """Refuses tags and deep nesting before anything is built from them."""
    deep = 0
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.TagToken):
                raise LawError(file, _line(token), "YAML without tags", "".join(map(str, token.value)))
            deep += _deeper(token)
            if deep > MOST_DEEP:
                raise LawError(file, _line(token), f"at most {MOST_DEEP} levels", "more")
    except yaml.YAMLError:
        return  # told by the parser, with the line


def _deeper(token: yaml.Token) -> int:
    opens = (
        yaml.FlowMappingStartToken,
        yaml.FlowSequenceStartToken,
        yaml.BlockMappingStartToken,
        yaml.BlockSequenceStartToken,
    )
    closes = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken, yaml.BlockEndToken)
    return isinstance(token, opens) - isinstance(token, closes)


def _line(token: yaml.Token) -> str:
    return f"line {token.start_mark.line + 1}"


def _need_plain_values(value: object, file: str) -> None:
    """Refuses values that references make endless, and words that are too long or cannot be seen."""
    waiting, seen = [("", value, 0)], 0
    while waiting:
        key, found, deep = waiting.pop()
        seen += 1
        if seen > MOST_VALUES or deep > MOST_DEEP:
            raise LawError(file, key or "file", f"at most {MOST_VALUES} values", "more")
        if isinstance(found, str):
            _need_plain_words(found, file, key or "file")
        waiting.extend((name, below, deep + 1) for name, below in _below(found, key))


def _below(value: object, key: str) -> Iterator[tuple[str, object]]:
    """What stands under a value, names of keys too, each with where it stands."""
    if isinstance(value, list):
        yield from ((f"{key}[{number}]", below) for number, below in enumerate(value))
    elif isinstance(value, dict):
        yield from ((key, name) for name in value)
        yield from ((f"{key}.{name}".removeprefix("."), below) for name, below in value.items())


def _need_plain_words(words: str, file: str, key: str) -> None:
    if len(words) > MOST_LETTERS:
        raise LawError(file, key, f"at most {MOST_LETTERS} letters", str(len(words)))
    hidden = next((letter for letter in words if unicodedata.category(letter) in _HIDDEN), None)
    if hidden is not None and hidden != "\n":
        raise LawError(file, key, "only letters that can be seen", f"U+{ord(hidden):04X}")


def _need_own_id(found: Instrument, file: str) -> None:
    if not found.is_local:
        wanted = (
            "an id no other file has" if found.id in instruments() else f"an id that begins with {PREFIX}"
        )
        raise LawError(file, "id", wanted, found.id)


def _spelled_out(error: LawError) -> LawError:
    """The same refusal with the words one may choose from, and types by their everyday name."""
    if error.wanted in ("enum value", "value"):
        choices = _choices(error.key)
        wanted = f"one of {', '.join(choices)}" if choices else error.wanted
    else:
        wanted = re.sub(r"`([^`]*)`", lambda found: _type(found[1]), error.wanted)
    return LawError(error.file, error.key, wanted, error.came)


def _choices(key: str) -> tuple[str, ...]:
    plain = re.sub(r"\[[^]]*\]", "", key)
    return CHOICES.get(plain) or CHOICES.get(plain.rpartition(".")[2]) or ()


def _type(name: str) -> str:
    return " or ".join(TYPES.get(one, one) for one in name.split(" | "))


_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
