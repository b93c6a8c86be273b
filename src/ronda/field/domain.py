"""The code of an event, as it stands under its QR code and is typed where no camera helps."""

from collections.abc import Callable, Sequence

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
CODE_LENGTH = 8


class AttendanceUnreadableError(ValueError):
    """A message that is no word of attendance; says which field, what was wanted and what came."""


def code_new(choose: Callable[[Sequence[str]], str]) -> str:
    """A code nobody guesses: 31 to the power of 8."""
    return "".join(choose(LETTERS) for _letter in range(CODE_LENGTH))


def code_read(text: object) -> str:
    """A code as it was scanned or typed, in either case and with spaces; AttendanceUnreadableError for what is none."""
    plain = "".join(text.split()).upper() if isinstance(text, str) else ""
    if len(plain) != CODE_LENGTH or set(plain) - set(LETTERS):
        raise AttendanceUnreadableError(
            f"event: wanted a code of {CODE_LENGTH} letters, came {str(text)[:20]!r}"
        )
    return plain
