"""The words of text messages, as data: which short word names which kind of incident or step of a station."""

import re
from datetime import date
from functools import cache

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Source, Struct, need_unique, refuse

_WORD = re.compile(r"[A-Z]{3,12}\Z")
Words = tuple[str, ...]


class SmsWords(Struct, frozen=True, kw_only=True):
    """The file `sms.yaml`. No word has two meanings; a test holds that every kind and every step has one."""

    reviewed: date | None
    source: Source
    help: Words
    danger: Words
    sheet: Words
    station: Words
    report: Words
    steps: dict[str, Words]
    kinds: dict[str, Words]

    def __post_init__(self) -> None:
        lists = [self.help, self.danger, self.sheet, self.station, self.report]
        lists += [*self.steps.values(), *self.kinds.values()]
        words = [word for one in lists for word in one]
        need_unique("word", words)
        wrong = [word for word in words if not _WORD.match(word)]
        if wrong or not all(lists):
            raise refuse("lists of words of 3 to 12 capital letters", wrong or "an empty list")


@cache
def sms_words() -> SmsWords:
    """All of `law/sms.yaml`."""
    return load_file(LAW_ROOT / "sms.yaml", SmsWords)
