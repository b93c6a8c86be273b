"""Who may see, add, change or remove which class of record: `mandates.yaml`, read and checked."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

Action = Literal["read", "add", "change", "remove"]
Rows = Literal["all", "shared", "own"]
ACTIONS: tuple[Action, ...] = ("read", "add", "change", "remove")
INTERNAL_KINDS = ("system", "signin", "gate")


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agencies (kinds or groups) and the rows they reach: all in their area, their own, or own and shared."""

    agencies: tuple[str, ...]
    rows: Rows = "all"


class RecordMandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One class of record. `scope: area` rows carry area, sensitivity, agency, audience; `none` rows do not."""

    about: str
    scope: Literal["area", "none"] = "area"
    read: tuple[Grant, ...] = ()
    add: tuple[Grant, ...] = ()
    change: tuple[Grant, ...] = ()
    remove: tuple[Grant, ...] = ()


class Mandates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    kinds: dict[str, str]
    groups: dict[str, tuple[str, ...]]
    roles: dict[str, tuple[int, ...]]
    records: dict[str, RecordMandate]
    tables: dict[str, str]

    def reach(self, record: str, action: Action) -> dict[str, Rows]:
        """Agency kind to rows for one action on one class of record; a kind that is not in it has none."""
        reached: dict[str, Rows] = {}
        for grant in getattr(self.records[record], action):
            for kind in self._kinds(grant.agencies):
                if kind in reached:
                    raise ValueError(f"mandates: {record}.{action} names {kind} twice")
                reached[kind] = grant.rows
        return reached

    def _kinds(self, names: tuple[str, ...]) -> Iterator[str]:
        for name in names:
            if name in self.groups:
                yield from self.groups[name]
            elif name in self.kinds or name in INTERNAL_KINDS:
                yield name
            else:
                raise ValueError(f"mandates: {name!r} is no agency kind and no group")


@cache
def mandates() -> Mandates:
    """The mandates in force. ValueError names the file and what is wrong with it."""
    path = Path(__file__).with_name("mandates.yaml")
    try:
        loaded = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Mandates)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    for record in loaded.records:
        for action in ACTIONS:
            loaded.reach(record, action)
    return loaded
