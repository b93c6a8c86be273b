"""Submissions of form apps: parts put together; the same again is the same, other answers are a conflict."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from ronda.channels import selectors
from ronda.channels.adapters.bundles import Bundle, Bundles, Slot
from ronda.channels.adapters.submission import (
    KEPT_INSIDE_MAX,
    Submission,
    SubmissionRefused,
    submission_read,
    told_of,
)
from ronda.channels.domain import Content, State, message_id
from ronda.channels.selectors import Sender
from ronda.channels.services.handing import Taken, hand_in
from ronda.gate.domain import FILE_PATIENCE, Grant
from ronda.gate.selectors import message_sent
from ronda.gate.services import Malformed, file_hand_in
from ronda.kernel import clock

FILES_MAX = 20  # of one message; what is more comes behind it
CHANNEL = "openrosa"
Ref = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a submission."""

    name: str
    kind: str
    size: int
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Verdict:
    """The HTTP status that form apps understand, and a sentence for the person who holds the phone."""

    status: int
    words: str


def submission_take(
    *, xml: bytes, uploads: Sequence[Upload], is_last: bool, sender: Sender, at: datetime
) -> Verdict:
    """Keep one request of a submission. DoorBusy and NotKept: nothing was promised, the app sends again."""
    try:
        submission = submission_read(xml)
    except SubmissionRefused as problem:
        return _unreadable(xml, uploads, str(problem), sender, at)
    files = [_kept(one, sender.grant, at) for one in uploads]
    id_ = message_id(CHANNEL, "", submission.instance)
    with bundles().opened(id_) as slot:
        return _put_together(id_, submission, files, slot, is_last=is_last, sender=sender, at=at)


def bundles_flush() -> int:
    """Hand in what waits too long for its last part: a report is not held up by a photo. The rest comes behind it."""
    waiting = bundles().waiting(before_s=time.time() - FILE_PATIENCE.total_seconds())
    for id_ in waiting:
        with bundles().opened(id_) as slot:
            if (bundle := slot.read()) is not None:
                _hand_in(id_, bundle, clock.now())
                slot.remove()
    return len(waiting)


def bundles() -> Bundles:
    """Where this node keeps submissions until they are whole."""
    return Bundles(settings.VAR / "channels" / CHANNEL)


def _put_together(
    id_: UUID,
    submission: Submission,
    files: list[Ref],
    slot: Slot,
    *,
    is_last: bool,
    sender: Sender,
    at: datetime,
) -> Verdict:
    waiting = slot.read()
    if waiting is not None and waiting.xml != submission.xml:
        _hand_in(id_, waiting, at)
        slot.remove()
    first = message_sent(id_, agency=sender.grant.agency)
    if first is not None:
        return _again(first, submission, files, sender, at)
    bundle = waiting or Bundle(submission.xml, _grant_kept(sender.grant), time.time())
    bundle.add(files)
    if not is_last:
        slot.write(bundle)
        return Verdict(201, _("Bagian ini tersimpan. Menunggu bagian berikutnya."))
    state = _hand_in(id_, bundle, at).state
    slot.remove()
    return _verdict(state)


def _again(first: bytes, submission: Submission, files: list[Ref], sender: Sender, at: datetime) -> Verdict:
    """The id is known: the same XML is fine, and files that are new come behind; other XML is kept as a conflict."""
    sent = json.loads(first)
    if sent["body"]["odk"]["sha256"] != submission.digest:
        bundle = Bundle(submission.xml, _grant_kept(sender.grant), 0, files)
        return _verdict(_hand_in(UUID(sent["id"]), bundle, at).state)
    known = {one["sha256"] for one in sent["files"]}
    for one in files:
        if one["sha256"] not in known:
            _behind(submission, one, sent["place"], sent["station"], sender.grant, at)
    return _verdict(State.REPEAT)


def _verdict(state: State) -> Verdict:
    return {
        State.NEW: Verdict(201, _("Diterima dan tersimpan.")),
        State.REPEAT: Verdict(201, _("Sudah diterima sebelumnya. Tidak tercatat dua kali.")),
        State.CONFLICT: Verdict(
            409, _("Formulir dengan nomor ini sudah diterima dengan isi lain. Keduanya disimpan.")
        ),
        State.REFUSED: Verdict(403, _("Instansi Anda tidak boleh mengirim formulir ini.")),
    }[state]


def _hand_in(id_: UUID, bundle: Bundle, at: datetime) -> Taken:
    submission, grant = submission_read(bundle.xml), _grant_of(bundle.grant)
    content = _content(id_, submission, bundle, grant, at)
    try:
        taken = hand_in(content=content, grant=grant, at=at)
    except Malformed:
        taken = hand_in(content=_as_it_is(content), grant=grant, at=at)
    for one in bundle.files[FILES_MAX:]:
        _behind(submission, one, content.place, content.station, grant, at)
    return taken


def _content(id_: UUID, submission: Submission, bundle: Bundle, grant: Grant, at: datetime) -> Content:
    forms = {form.id: form for form in selectors.forms_in(grant.area, may_send=lambda kind: True, at=at)}
    told = told_of(submission, forms.get(submission.form))
    odk = {
        "form": submission.form,
        "version": submission.version,
        "instance": submission.instance,
        "sha256": submission.digest,
    }
    if len(submission.xml) <= KEPT_INSIDE_MAX:
        odk["xml"] = submission.xml.decode("utf-8", "replace")
    else:
        bundle.files.insert(0, _kept(_xml_file(submission.xml), grant, at))
    election = selectors.election_now(at=at)
    return Content(
        id=id_,
        kind=told.kind,
        body=told.body | {"odk": odk},
        place=told.place,
        station=told.station,
        captured_at=_moment(submission.started),
        election=election.code if election else "",
        device=CHANNEL,
        files=tuple(bundle.files[:FILES_MAX]),
    )


def _as_it_is(content: Content) -> Content:
    """Answers that no message can carry, such as one of 300 KB: the form stays whole, for a person to read."""
    text = _("Formulir dari aplikasi ODK tidak terbaca; isinya ada pada lampiran.")
    return replace(content, kind="report", body={"text": text, "odk": content.body["odk"]})


def _behind(
    submission: Submission, file: Ref, place: str, station: int | str | None, grant: Grant, at: datetime
) -> None:
    """A file that came after its form was handed in, as a report of its own that names the form."""
    text = _("Lampiran susulan untuk formulir %(form)s, nomor %(instance)s.") % {
        "form": submission.form,
        "instance": submission.instance,
    }
    content = Content(
        id=message_id(f"{CHANNEL}-file", submission.instance, file["sha256"]),
        kind="report",
        body={"text": text},
        place=place,
        station=station,
        device=CHANNEL,
        files=(file,),
    )
    hand_in(content=content, grant=grant, at=at)


def _unreadable(xml: bytes, uploads: Sequence[Upload], why: str, sender: Sender, at: datetime) -> Verdict:
    """What is no form is kept as a report with its files, and the phone is told what was wanted."""
    files = [_kept(one, sender.grant, at) for one in (_xml_file(xml), *uploads)][:FILES_MAX]
    content = Content(
        id=message_id(f"{CHANNEL}-unread", sender.grant.agency, sha256(xml).hexdigest()),
        kind="report",
        body={"text": _("Formulir dari aplikasi ODK tidak terbaca; isinya ada pada lampiran.")},
        device=CHANNEL,
        files=tuple(files),
    )
    hand_in(content=content, grant=sender.grant, at=at)
    return Verdict(400, _("Formulir tidak terbaca, tetapi disimpan: %(why)s") % {"why": why})


def _xml_file(xml: bytes) -> Upload:
    return Upload("submission.xml", "text/xml", len(xml), BytesIO(xml))


def _kept(upload: Upload, grant: Grant, at: datetime) -> Ref:
    kind = "".join(sign for sign in upload.kind if " " <= sign <= "~")[:100]
    digest = file_hand_in(content=upload.content, kind=kind, grant=grant, at=at)
    return {"sha256": digest, "size": upload.size, "type": kind}


def _grant_kept(grant: Grant) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(grant).items()}


def _grant_of(kept: dict[str, Any]) -> Grant:
    ids = {name: UUID(kept[name]) if kept[name] else None for name in ("device", "person")}
    return Grant(**{**kept, **ids, "kinds": tuple(kept["kinds"])})


def _moment(text: str) -> datetime | None:
    """When the form was begun, by the phone's clock; None where it cannot be read."""
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if 1999 < at.year < 9000 else None
