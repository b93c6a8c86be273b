"""An e-mail as it comes from a mail server: words, attachments, its own id. Pure: nothing is fetched or run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser

MAIL_MAX = 40 * 1024 * 1024
TEXT_MAX = 8_000
FILES_MAX = 20
PARTS_MAX = 200
# Headers that say what the bytes are, and none of who sent them.
SHAPE = re.compile(rb"(?:content-[a-z-]+|mime-version):", re.IGNORECASE)
BREAKS = frozenset(("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"))
# What the standard parser raises on headers and parts that are none.
BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError),
    *(RecursionError, AssertionError, ArithmeticError),
)
SILENT = frozenset(("script", "style", "head", "title", "template", "noscript"))


class MailRefused(ValueError):
    """The e-mail cannot be taken; says what was wanted and what came."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with an e-mail."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail says. Who sent it is not read."""

    key: str
    subject: str
    text: str
    sent_at: datetime | None
    files: tuple[Attached, ...]


def mail_read(raw: bytes) -> Mail:
    """The words and files of an e-mail. What does not fit is there whole as one more file, without the sender."""
    if not raw.strip():
        raise MailRefused("wanted an e-mail, came nothing")
    if len(raw) > MAIL_MAX:
        raise MailRefused(f"wanted at most {MAIL_MAX} bytes, came {len(raw)}")
    try:
        return _read(raw)
    except BROKEN:
        return Mail(sha256(raw).hexdigest(), "", "", None, (_whole(raw),))


def _read(raw: bytes) -> Mail:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    parts = list(_leaves(message))
    words, files = _sorted(parts)
    if len(words) > TEXT_MAX or len(files) > FILES_MAX:
        files = [*files[: FILES_MAX - 1], _whole(raw)]
    key = _header(message, "Message-ID").strip("<> ")
    return Mail(
        key=key or sha256(raw).hexdigest(),
        subject=" ".join(_header(message, "Subject").split())[:300],
        text=words[:TEXT_MAX],
        sent_at=_moment(_header(message, "Date")),
        files=tuple(files),
    )


def _whole(raw: bytes) -> Attached:
    """The e-mail as it came, without the headers that say who wrote it and which way it took."""
    found = re.search(rb"\r?\n\r?\n", raw)
    head, rest = (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")
    lines = re.split(rb"\r?\n(?![ \t])", head)
    shape = b"\n".join(line for line in lines if SHAPE.match(line))
    return Attached("surat.eml", "message/rfc822", shape + b"\n\n" + rest)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return _clean(str(message.get(name, "")))
    except BROKEN:
        return ""


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number > PARTS_MAX:
            raise ValueError("too many parts")
        if not part.is_multipart():
            yield part


def _sorted(parts: list[EmailMessage]) -> tuple[str, list[Attached]]:
    """The plain words if there are any, else those of the HTML; everything else is a file."""
    plain: list[str] = []
    html: list[str] = []
    files: list[Attached] = []
    for part in parts:
        kind, name = part.get_content_type(), part.get_filename()
        is_words = kind in ("text/plain", "text/html") and not name
        if is_words and part.get_content_disposition() != "attachment":
            (plain if kind == "text/plain" else html).append(_text(part))
        else:
            content = part.get_payload(decode=True)
            files.append(
                Attached(_clean(name or "")[:200], kind[:100], content if isinstance(content, bytes) else b"")
            )
    words = "\n".join(one for one in plain if one.strip()) or "\n".join(html_words(one) for one in html)
    return words.strip(), [one for one in files if one.content]


def _text(part: EmailMessage) -> str:
    """The words of a part in the letters it names; where these do not fit, in those that do."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    for charset in (str(part.get_content_charset() or ""), "utf-8", "cp1252"):
        try:
            return _clean(data.decode(charset))
        except (LookupError, UnicodeError, ValueError):
            continue
    return _clean(data.decode("latin-1"))


class _Words(HTMLParser):
    """The words of HTML, with line breaks where blocks end; of a link its words and where it leads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        elif tag in BREAKS:
            self.parts.append("\n")
        elif tag == "a":
            self._link = next((value or "" for name, value in attrs if name == "href"), "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag in BREAKS:
            self.parts.append("\n")
        elif tag == "a" and self._link.startswith(("http://", "https://")):
            self.parts.append(f" ({self._link[:300]})")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def html_words(html: str) -> str:
    """HTML as plain words; nothing in it is fetched or run."""
    reader = _Words()
    try:
        reader.feed(html[: 50 * TEXT_MAX])
        reader.close()
    except (AssertionError, ValueError):
        return re.sub(r"<[^<>]{0,2000}>", " ", html[: 4 * TEXT_MAX])
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if 1999 < at.year < 9000 else None


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
