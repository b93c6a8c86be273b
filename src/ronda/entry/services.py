"""Opening a form, typing it, and the end of each round. What was entered leaves through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from ronda.elections.selectors import contest_for, election_for, station_for
from ronda.entry import selectors
from ronda.entry.domain import (
    EntryRefused,
    EntryState,
    body_of,
    boxes_differing,
    round_for,
)
from ronda.entry.events import EntryBegun, EntryDone, FormOpened, PhotoAdded
from ronda.entry.models import EntryDraft, EntryForm
from ronda.evidence.services import copy_link
from ronda.gate import selectors as gate
from ronda.gate.domain import Grant
from ronda.gate.services import DoorBusy, NotKept, file_hand_in, message_send
from ronda.kernel.areas import station_area
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import audit, journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law.forms import form_rules
from ronda.results.domain import Figures, photo_type
from ronda.results.papers import failures_of, figures_of, typed_figure, typed_of
from ronda.results.selectors import outcome_at
from ronda.results.services.checking import limits_of

PHOTO_MAX = 20 * 1024 * 1024


@transaction.atomic
def form_open(
    *, election: str, contest: str, station: str, source: str, by: Scope, at: datetime
) -> EntryForm:
    """The form of a station's paper, made when there is none yet; after a decision that replaces the result, that of
    the new paper. A copy that came another way counts as the first round: the next one is blind."""
    _require_known(election, contest, station, source, by)
    outcome = outcome_at(election, contest, station, at=at)
    known = selectors.form_of(election, contest, station, source, outcome=outcome)
    if known is not None:
        return _asked_again(known, at)
    form = EntryForm(
        area=station_area(station),
        agency=by.agency,
        created_at=at,
        changed_at=at,
        election=election,
        contest=contest,
        station=station,
        source=source,
        outcome=outcome,
    )
    form.state = EntryState.SECOND if selectors.copy_of(form) else EntryState.FIRST
    EntryForm.objects.bulk_create([form], ignore_conflicts=True)
    made = selectors.form_of(election, contest, station, source, outcome=outcome)
    if made is None or made.pk != form.pk:  # somebody else opened it a moment before
        return made or form
    journal(
        FormOpened(**_frame(form), election=election, contest=contest, station=station, source=source),
        at=at,
    )
    return form


def _asked_again(form: EntryForm, at: datetime) -> EntryForm:
    """A finished form that was entered once may be entered a second time."""
    if form.state == EntryState.DONE and not form.drafts.filter(round__gte=2).exists():
        form.state, form.changed_at = EntryState.SECOND, at
        form.save(update_fields=["state", "changed_at"])
    return form


def _require_known(election: str, contest: str, station: str, source: str, by: Scope) -> None:
    found = election_for(election)
    if found is None or contest_for(found, contest, area=station_area(station)) is None:
        raise EntryRefused(_("Jenis pemilihan itu tidak ada di wilayah ini."))
    if station_for(found, station) is None:
        raise EntryRefused(_("TPS itu tidak ada dalam daftar TPS pemilihan ini."))
    if source not in selectors.sources_for(by):
        raise EntryRefused(_("Salinan itu bukan dari lembaga Anda."))


@transaction.atomic
def photo_add(*, form: EntryForm, content: BinaryIO, by: Scope, at: datetime) -> str:
    """Keep the photo of the paper as it came; returns its hash."""
    head = content.read(12)
    size = content.seek(0, 2)
    content.seek(0)
    kind = photo_type(head)
    if kind is None or not 0 < size <= PHOTO_MAX:
        raise EntryRefused(_("Pilih foto JPEG, PNG, atau WebP sampai 20 MB."))
    grant = Grant(by.agency, by.kind, by.area, person=person_uuid(by.person))
    try:
        digest = file_hand_in(content=content, kind=kind, grant=grant, at=at)
    except NotKept:
        raise EntryRefused(_("Foto belum tersimpan karena simpanan terganggu. Coba lagi sebentar.")) from None
    form.photo, form.changed_at = digest, at
    form.save(update_fields=["photo", "changed_at"])
    journal(PhotoAdded(**_frame(form), station=form.station), at=at)
    return digest


@transaction.atomic
def photo_link(*, form: EntryForm, at: datetime, now_s: float) -> str:
    """A link to the working copy of the photo. Names and signatures stand on it: the reading is noted before."""
    if not form.photo or gate.file_path(form.photo, agency=form.agency) is None:
        raise EntryRefused(_("Foto formulir ini belum ada."))
    audit("entry.photo_read", record="entry_form", subject=form.pk, area=form.area, at=at)
    return copy_link(sha256=form.photo, agency=form.agency, area=form.area, at=at, now_s=now_s)


@transaction.atomic
def draft_open(*, form: EntryForm, by: Scope, at: datetime) -> EntryDraft:
    """What this person goes on typing, or a new round for them. Nothing of another person's is taken over."""
    mine = selectors.draft_for(form, by.person)
    number = round_for(form.state, person=by.person, before=selectors.persons_before(form))
    if mine is not None and mine.round == number:
        return mine
    person = person_uuid(by.person)
    if person is None:
        raise EntryRefused(_("Masuk dulu dengan nama Anda sendiri."))
    draft = EntryDraft(
        form=form,
        round=number,
        person=person,
        area=form.area,
        agency=form.agency,
        created_at=at,
        saved_at=at,
    )
    EntryDraft.objects.bulk_create([draft], ignore_conflicts=True)
    made = selectors.draft_for(form, by.person)
    if made is None:
        raise EntryRefused(_("Putaran ini sudah diselesaikan orang lain. Muat ulang halaman."))
    if made.pk != draft.pk:
        return made
    journal(EntryBegun(**_frame(form), station=form.station, round=number), at=at)
    return draft


def boxes_save(*, draft: EntryDraft, typed: Mapping[str, str], at: datetime) -> EntryDraft:
    """Keep boxes as soon as they are left; an empty one is not reported."""
    try:
        numbers = {box: typed_figure(text) for box, text in typed.items()}
    except ValueError as problem:
        raise EntryRefused(str(problem)) from None
    with transaction.atomic():
        locked = EntryDraft.objects.select_for_update().get(pk=draft.pk)
        if locked.done_at is not None:
            raise EntryRefused(_("Entri ini sudah selesai."))
        figures = {**locked.figures, **numbers}
        locked.figures = {box: number for box, number in figures.items() if number is not None}
        locked.saved_at = at
        locked.save(update_fields=["figures", "saved_at"])
    return locked


@transaction.atomic
def draft_finish(*, draft: EntryDraft, choices: int, by: Scope, at: datetime) -> EntryForm:
    """The end of a round. The first goes out at once; the second is held against it; the third decides."""
    form = EntryForm.objects.select_for_update().get(pk=draft.form_id)
    if draft.done_at is not None or round_for(form.state, person=by.person, before=()) != draft.round:
        raise EntryRefused(_("Putaran ini sudah diselesaikan orang lain. Muat ulang halaman."))
    figures = figures_of(draft.figures, choices=choices)
    if not figures.is_present:
        raise EntryRefused(_("Isi dulu semua baris suara; yang memang nol ditulis 0."))
    draft.done_at = draft.saved_at = at
    draft.save(update_fields=["done_at", "saved_at"])
    form.state, form.changed_at = _after(form, draft, figures, by), at
    form.save(update_fields=["state", "changed_at"])
    journal(EntryDone(**_frame(form), station=form.station, round=draft.round, state=form.state), at=at)
    return form


def _after(form: EntryForm, draft: EntryDraft, figures: Figures, by: Scope) -> EntryState:
    if draft.round == 1:
        _send(form, figures, by, ["first"])
        return EntryState.SECOND if is_flagged(form, figures) else EntryState.DONE
    if draft.round == 2:
        differing = boxes_differing(first_figures(form), draft.figures)
        return EntryState.THIRD if differing else EntryState.DONE
    if boxes_differing(first_figures(form), draft.figures):
        _send(form, figures, by, ["first", "second", "third"])
    return EntryState.DONE


def first_figures(form: EntryForm) -> Mapping[str, int]:
    """What the second entry is held against: the first entry, or the copy that came another way."""
    first = form.drafts.filter(round=1, done_at__isnull=False).first()
    if first is not None:
        figures: Mapping[str, int] = first.figures
        return figures
    copy = selectors.copy_of(form)
    return typed_of(copy.figures) if copy else {}


def is_flagged(form: EntryForm, figures: Figures) -> bool:
    """Whether an error rule fails on these figures: then somebody reads the paper a second time."""
    failing = failures_of(figures, limits_of(form.election), selectors.paper_for(form, "id").parties)
    return any(form_rules()[one.rule].severity == "error" for one in failing)


def _send(form: EntryForm, figures: Figures, by: Scope, rounds: list[str]) -> None:
    message = {
        "id": str(uuid7()),
        "kind": "sheet",
        "election": form.election,
        "place": form.area,
        "station": form.station,
        "captured_at": form.changed_at.isoformat(),
        "body": body_of(figures, contest=form.contest, source=form.source, rounds=rounds),
        "files": _files(form),
    }
    grant = Grant(by.agency, by.kind, by.area, person=person_uuid(by.person))
    try:
        message_send(raw=msgspec.json.encode(message), grant=grant)
    except DoorBusy:
        raise EntryRefused(
            _("Kiriman sedang banyak. Isian Anda tersimpan; tekan Selesai sekali lagi.")
        ) from None


def _files(form: EntryForm) -> list[dict[str, object]]:
    path = gate.file_path(form.photo, agency=form.agency) if form.photo else None
    return [{"sha256": form.photo, "size": path.stat().st_size, "type": "image/jpeg"}] if path else []


def _frame(form: EntryForm) -> dict[str, Any]:
    return {"subject": form.pk, "area": form.area, "agency": form.agency}
