"""Reads one YAML file into a typed rule and says file, key, wanted and came when it does not fit."""

import re
from collections.abc import Hashable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

LAW_ROOT = Path(__file__).parent
T = TypeVar("T")

_AT = re.compile(r" - at (?:`key` in )?`(?P<path>[^`]*)`$")
_EXPECTED = re.compile(r"^Expected (?P<wanted>.+?)(?:, got .+)?$")
_MISSING = re.compile(r"^Object missing required field `(?P<key>[^`]+)`$")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<key>[^`]+)`$")
_INVALID = re.compile(r"^Invalid (?P<wanted>.+?)(?: '.*')?$")


class LawError(ValueError):
    """A rule file that does not fit its schema."""

    def __init__(self, file: Path | str, key: str, wanted: str, came: str) -> None:
        self.file, self.key, self.wanted, self.came = str(file), key, wanted, came
        super().__init__(f"{self.file}: {key}: wanted {wanted}, came {came}")


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice (YAML would keep the last one in silence)."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, object]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key that is no text", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} is given twice", key_node.start_mark
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse_yaml(text: str, file: Path | str) -> object:
    """The plain value of a YAML text."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "text"
        came = getattr(error, "problem", None) or str(error)
        raise LawError(file, where, "valid YAML", came) from error


def load_text(text: str, type_: type[T], file: Path | str) -> T:
    """A typed rule out of YAML text; unknown keys, wrong types and broken examples raise `LawError`."""
    value = parse_yaml(text, file)
    try:
        return msgspec.convert(value, type_, builtin_types=(date, datetime))
    except msgspec.ValidationError as error:
        raise _law_error(str(error), file, value) from error
    except (LookupError, ArithmeticError, OSError) as error:  # an unknown zone, 1/0, a day without date
        raise LawError(file, "rule", "values that can be reckoned with", str(error)) from error


def load_file(path: Path, type_: type[T]) -> T:
    """`load_text` of a file; a path inside the package is shown relative to `law/`."""
    shown = path.relative_to(LAW_ROOT) if path.is_relative_to(LAW_ROOT) else path
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LawError(shown, "file", "a readable UTF-8 file", str(error)) from error
    return load_text(text, type_, shown)


def load_folder(folder: Path, type_: type[T]) -> list[T]:
    """Every `*.yaml` of a folder, in order of file name."""
    return [load_file(path, type_) for path in sorted(folder.glob("*.yaml"))]


def _law_error(message: str, file: Path | str, value: object) -> LawError:
    at = _AT.search(message)
    path = at["path"].removeprefix("$").removeprefix(".") if at else ""
    text = message[: at.start()] if at else message
    if found := _MISSING.match(text):
        return LawError(file, _join(path, found["key"]), "a value", "nothing")
    if found := _UNKNOWN.match(text):
        return LawError(file, _join(path, found["key"]), "only keys of the schema", "an unknown key")
    if found := _EXPECTED.match(text) or _INVALID.match(text):
        return LawError(file, path or "file", found["wanted"], _shown(_value_at(value, path)))
    wanted, _, came = text.partition(" | came ")
    return LawError(file, path or "file", wanted, came or "something else")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _value_at(value: object, path: str) -> object:
    """What stands at `stages[0].start`; None when the path leads nowhere."""
    for word, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if word and isinstance(value, dict):
            value = value.get(word)
        elif number and isinstance(value, list) and int(number) < len(value):
            value = value[int(number)]
        elif number != "" or word != "":
            return None
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
