"""The file of channels: gateways of text messages and webhooks with their secrets, or what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import msgspec

from ronda.channels.domain import Channels, Gateway, Webhook
from ronda.config.env import SettingError

T = TypeVar("T", Gateway, Webhook)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
LEAST = 16


def channels_read(path: Path | None) -> Channels:
    """What the file says; nothing without a file. SettingError names the table and the field."""
    if path is None:
        return Channels()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"RONDA_CHANNELS: {path} cannot be read as TOML: {error}.") from None
    if unknown := set(content) - {"sms", "webhook"}:
        raise SettingError(
            f"RONDA_CHANNELS: wanted tables sms.* and webhook.*, came {', '.join(sorted(unknown))}."
        )
    return Channels(_all("sms", content, Gateway), _all("webhook", content, Webhook))


def _all(table: str, content: Mapping[str, object], wanted: type[T]) -> dict[str, T]:
    rows = content.get(table, {})
    if not isinstance(rows, dict):
        raise SettingError(f"RONDA_CHANNELS: wanted tables like [{table}.name].")
    return {name: _one(f"{table}.{name}", name, row, wanted) for name, row in rows.items()}


def _one(where: str, name: str, row: object, wanted: type[T]) -> T:
    if not NAME.match(name) or not isinstance(row, dict):
        raise SettingError(f"RONDA_CHANNELS: [{where}] must be a table named by a-z, 0-9 and -.")
    known = {one.name for one in fields(wanted)} - {"name"}
    if unknown := set(row) - known:
        raise SettingError(f"RONDA_CHANNELS: [{where}] knows {', '.join(sorted(known))}; not {min(unknown)}.")
    try:
        made = msgspec.convert({**row, "name": name}, wanted)
    except msgspec.ValidationError as error:
        raise SettingError(f"RONDA_CHANNELS: [{where}]: {error}.") from None
    if len(made.secret) < LEAST:
        raise SettingError(f"RONDA_CHANNELS: [{where}] secret must have at least {LEAST} characters.")
    return made
