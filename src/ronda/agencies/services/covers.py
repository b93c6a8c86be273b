"""Leave and shifts: somebody acts in the place of a post for a span."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.agencies.domain import (
    COVER_LONGEST,
    COVERED_ROLES,
    CoverRefused,
    NotAllowed,
    PostState,
    legal_date,
    may_appoint,
    post_state,
)
from ronda.agencies.events import CoverEnded, CoverSet
from ronda.agencies.models import Cover, Post
from ronda.agencies.services.devices import STAFF_CLASS
from ronda.kernel.journal import journal


@dataclass(frozen=True, slots=True)
class Span:
    """From when, until when, and why."""

    starts_at: datetime
    ends_at: datetime
    reason: str


@transaction.atomic
def cover_set(*, post: Post, by_post: Post, span: Span, by: Post, at: datetime) -> Cover:
    """Let the holder of `by_post` act in the place of `post`. Who holds the post may ask for it, and who may appoint
    to it. NotAllowed for others; CoverRefused says what does not fit. Set again alike, it is the same cover."""
    if not may_cover(by=by, post=post):
        raise NotAllowed
    Post.objects.select_for_update().get(pk=post.pk)
    _check(post, by_post, span, at)
    crossing = Cover.objects.filter(
        post=post, ended_at__isnull=True, starts_at__lt=span.ends_at, ends_at__gt=span.starts_at
    ).first()
    if crossing is not None:
        if (crossing.by_post_id, crossing.starts_at, crossing.ends_at) == (
            by_post.pk,
            span.starts_at,
            span.ends_at,
        ):
            return crossing
        raise CoverRefused(
            _("%(name)s sudah menggantikan jabatan ini pada sebagian waktu itu. Akhiri dahulu yang itu.")
            % {"name": crossing.by_name}
        )
    cover = Cover(
        area=post.area,
        sensitivity=STAFF_CLASS,
        agency=post.agency,
        created_at=at,
        post=post,
        by_post=by_post,
        by_person=by_post.person_id,
        by_name=by_post.display_name,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        reason=span.reason.strip()[:120],
        set_by=by.person_id,
    )
    cover.save(force_insert=True)
    span_told = {"starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat()}
    journal(_event(CoverSet, cover, post), at=at, detail={"by_post": str(by_post.pk), **span_told})
    return cover


def may_cover(*, by: Post, post: Post) -> bool:
    """Whether a post may say who covers another: its own leave, or a post that it may appoint to."""
    if post.role not in COVERED_ROLES or by.cover is not None:
        return False
    return by.pk == post.pk or may_appoint(
        role=by.role,
        agency=by.agency,
        area=by.area,
        to_role=post.role,
        to_agency=post.agency,
        to_area=post.area,
    )


def _check(post: Post, by_post: Post, span: Span, at: datetime) -> None:
    if by_post.agency != post.agency or by_post.person_id == post.person_id:
        raise CoverRefused(_("Pilih orang lain dari lembaga yang sama."))
    for day in (legal_date(max(span.starts_at, at)), legal_date(span.ends_at)):
        if post_state(by_post.starts_on, by_post.ends_on, day) != PostState.HELD:
            raise CoverRefused(_("Pengganti harus masih menjabat selama seluruh waktu itu."))
    if post_state(post.starts_on, post.ends_on, legal_date(at)) == PostState.ENDED:
        raise CoverRefused(_("Jabatan ini sudah berakhir."))
    if span.ends_at <= max(span.starts_at, at):
        raise CoverRefused(_("Waktu selesai harus sesudah mulai, dan sesudah sekarang."))
    if span.ends_at - span.starts_at > COVER_LONGEST:
        raise CoverRefused(_("Paling lama 31 hari; sesudah itu beri jabatan."))
    if not span.reason.strip():
        raise CoverRefused(_("Tulis alasannya: cuti, sakit, ganti giliran."))


@transaction.atomic
def cover_end(*, cover: Cover, by: Post, at: datetime) -> Cover:
    """End a cover before its time; its rights are gone from the next request on. Repeating it changes nothing."""
    if not may_cover(by=by, post=cover.post):
        raise NotAllowed
    return cover_stop(cover=cover, at=at)


def cover_stop(*, cover: Cover, at: datetime) -> Cover:
    """The same without asking who: when one of the two posts ends."""
    if cover.ended_at is not None or cover.ends_at <= at:
        return cover
    cover.ended_at = at
    cover.save(update_fields=["ended_at"])
    journal(_event(CoverEnded, cover, cover.post), at=at)
    return cover


def _event(kind: type[CoverSet] | type[CoverEnded], cover: Cover, post: Post) -> CoverSet | CoverEnded:
    return kind(
        subject=cover.pk, area=cover.area, agency=cover.agency, sensitivity=STAFF_CLASS, role=str(post.role)
    )
