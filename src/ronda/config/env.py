"""Typed settings from the environment: each is declared once, and a bad value is refused with a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

N = TypeVar("N", int, float)

TRUE_WORDS = ("1", "true", "yes", "on", "ya")
FALSE_WORDS = ("0", "false", "no", "off", "tidak")
HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]", re.ASCII | re.IGNORECASE)
REGENCY = re.compile(r"\d\d\.\d\d", re.ASCII)
NODE = re.compile(r"[a-z0-9][a-z0-9._/-]{0,59}", re.ASCII | re.IGNORECASE)


class SettingError(Exception):
    """A value in the environment that Ronda cannot work with; its text is a sentence for the operator."""


@dataclass(frozen=True)
class Setting:
    """One setting as the reference page shows it."""

    name: str
    wanted: str
    default: str
    about: str
    secret: bool = False


SETTINGS: dict[str, Setting] = {}


def _declare(name: str, wanted: str, default: object, about: str, secret: bool = False) -> str | None:
    shown = "" if default is None else str(default)
    SETTINGS[name] = Setting(name, wanted, shown, about, secret)
    value = os.environ.get(name, "").strip()
    return value or None


def _refuse(name: str, wanted: str, came: str) -> SettingError:
    shown = "(hidden)" if SETTINGS[name].secret else repr(came)
    return SettingError(f"{name} must be {wanted}, but it is {shown}.")


def _number(
    name: str, default: N, low: N | None, high: N | None, about: str, kind: Callable[[str], N], word: str
) -> N:
    bounds = "" if low is None and high is None else f" from {low} to {high}"
    wanted = f"{word}{bounds}"
    came = _declare(name, wanted, default, about)
    if came is None:
        return default
    try:
        value = kind(came)
    except ValueError:
        raise _refuse(name, wanted, came) from None
    if (low is not None and value < low) or (high is not None and value > high):
        raise _refuse(name, wanted, came)
    return value


def text(name: str, default: str = "", *, about: str = "", secret: bool = False, least: int = 0) -> str:
    """A line of text; `least` is the smallest number of characters accepted when it is given."""
    wanted = f"text of at least {least} characters" if least else "text"
    came = _declare(name, wanted, "" if secret else default, about, secret)
    if came is None:
        return default
    if len(came) < least:
        raise _refuse(name, wanted, came)
    return came


def node_name(name: str, *, about: str = "") -> str:
    """A name that goes into receipts and signed notes, or nothing."""
    wanted = "a name of at most 60 letters, digits and . _ / -, like ronda/jembrana"
    came = _declare(name, wanted, "", about)
    if came is not None and not NODE.fullmatch(came):
        raise _refuse(name, wanted, came)
    return came or ""


def url(name: str, *, about: str = "") -> str:
    """An address on the web, or nothing."""
    wanted = "an address like https://sso.example.go.id"
    came = _declare(name, wanted, "", about)
    if came is not None and not _is_url(came):
        raise _refuse(name, wanted, came)
    return came or ""


def _is_url(came: str) -> bool:
    try:
        parts = urlsplit(came)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", came)


def integer(
    name: str, default: int, low: int | None = None, high: int | None = None, *, about: str = ""
) -> int:
    """A whole number within bounds."""
    return _number(name, default, low, high, about, int, "a whole number")


def decimal(
    name: str, default: float, low: float | None = None, high: float | None = None, *, about: str = ""
) -> float:
    """A number within bounds."""
    return _number(name, default, low, high, about, float, "a number")


def flag(name: str, default: bool = False, *, about: str = "") -> bool:
    """Yes or no."""
    wanted = "1 or 0 (also true/false, yes/no, on/off)"
    came = _declare(name, wanted, int(default), about)
    if came is None:
        return default
    if came.lower() in TRUE_WORDS:
        return True
    if came.lower() in FALSE_WORDS:
        return False
    raise _refuse(name, wanted, came)


def choice(name: str, default: str, options: Iterable[str], *, about: str = "") -> str:
    """One word of a list."""
    allowed = tuple(options)
    wanted = "one of " + ", ".join(option or "nothing" for option in allowed)
    came = _declare(name, wanted, default, about)
    if came is None:
        return default
    if came not in allowed:
        raise _refuse(name, wanted, came)
    return came


def words(
    name: str,
    default: Iterable[str] = (),
    *,
    about: str = "",
    wanted: str = "words separated by commas",
    fits: Callable[[str], object] = bool,
) -> list[str]:
    """A list separated by commas, of which every word has to fit; commas alone are no list."""
    preset = list(default)
    came = _declare(name, wanted, ",".join(preset), about)
    if came is None:
        return preset
    found = [word.strip() for word in came.split(",") if word.strip()]
    if not found or not all(map(fits, found)):
        raise _refuse(name, wanted, came)
    return found


def hosts(name: str, default: Iterable[str], *, about: str = "") -> list[str]:
    """Names of machines, without scheme, port or path."""
    wanted = "names like ronda.example.go.id, separated by commas"
    return words(name, default, about=about, wanted=wanted, fits=HOST.fullmatch)


def regencies(name: str, *, about: str = "") -> list[str]:
    """Codes of regencies."""
    wanted = "codes of regencies like 51.01, separated by commas"
    return words(name, about=about, wanted=wanted, fits=REGENCY.fullmatch)


def folder(name: str, default: Path | str, *, about: str = "") -> Path:
    """A folder, which may still have to be made."""
    wanted = "the path of a folder"
    came = _declare(name, wanted, _shown_path(Path(default)), about)
    value = Path(came).expanduser() if came is not None else Path(default)
    if value.exists() and not value.is_dir():
        raise _refuse(name, wanted, str(value))
    return value.absolute()


def file(name: str, *, about: str = "") -> Path | None:
    """A file, which may still have to be made in a folder that is there; or nothing."""
    wanted = "the path of a file in a folder that exists"
    came = _declare(name, wanted, "", about)
    if came is None:
        return None
    value = Path(came).expanduser().absolute()
    if value.is_dir() or not value.parent.is_dir():
        raise _refuse(name, wanted, came)
    return value


def _shown_path(value: Path) -> str:
    """Paths below the project are shown relative to it, so that reference pages name no machine."""
    root = Path(__file__).resolve().parents[3]
    return str(value.relative_to(root)) if value.is_relative_to(root) else str(value)
