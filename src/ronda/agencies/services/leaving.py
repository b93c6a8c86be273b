"""What stays open when somebody leaves a post. Contexts above say what of theirs hangs on a post, and how it passes on.

Desks keep what belongs to a desk; here is what hangs on the person: claims, stations to watch, covers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ronda.agencies.models import Post
from ronda.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing a leaver leaves: what it is in a word, its name, its place, until when, and its page.

    `stays` is true for what the desk keeps: it is shown, and nobody has to take it over.
    """

    word: str
    title: str
    area: str
    due_at: datetime | None = None
    href: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """How one context lists what a post has open, and passes it to another post, or lets it go when there is none."""

    items: Callable[[Post, datetime], list[OpenItem]]
    hand: Callable[[Post, Post | None, Scope, datetime], int]


_known: dict[str, Leaving] = {}


def register(name: str, leaving: Leaving) -> None:
    """A context hands in how; once, when the application is ready."""
    _known[name] = leaving


def items_open(post: Post, *, at: datetime) -> list[OpenItem]:
    """Everything a post has open, the earliest due first. Under the scope in force."""
    found = [item for leaving in _known.values() for item in leaving.items(post, at)]
    return sorted(found, key=lambda item: (item.stays, item.due_at is None, item.due_at or at, item.title))


def items_hand(post: Post, to: Post | None, *, by: Scope, at: datetime) -> int:
    """Pass it all on; how many things moved. Inside the transaction of who calls."""
    return sum(leaving.hand(post, to, by, at) for leaving in _known.values())
