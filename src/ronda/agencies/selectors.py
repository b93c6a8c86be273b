"""Reads: which posts an account holds, who works where, and what an invitation link means."""

import hashlib
import hmac
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from ronda.agencies.domain import VIEW_AS_KEY, Role, legal_date, phone_normal
from ronda.agencies.models import Account, Agency, Cover, Device, Invitation, Post, Session, Unit
from ronda.agencies.sessions import SessionStore
from ronda.kernel import clock
from ronda.kernel.areas import ancestors, area_range, within
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates

_REGENCY = len("51.01")
LEFT_WITHIN = timedelta(days=45)


def scope_of(post: Post) -> Scope:
    """The reach of a post: its agency, the area of its unit, the data classes of its role, its person."""
    return Scope(
        agency=post.agency,
        kind=post.unit.agency.kind,
        area=post.area,
        classes=mandates().roles[post.role],
        person=str(post.cover.by_person if post.cover else post.person_id),
    )


def _held(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))


def posts_held(*, account_id: UUID, today: date) -> list[Post]:
    """The posts an account holds today, widest area first. Needs the scope of the sign-in."""
    rows = Post.objects.select_related("unit__agency", "person").filter(
        _held(today), person__account_id=account_id, person__account__is_active=True
    )
    return sorted(rows, key=lambda post: (len(post.area), post.area, post.role))


def post_held(post_id: UUID, *, today: date) -> Post | None:
    """A post held today, whoever holds it. Needs the scope of the sign-in or one that covers it."""
    return Post.objects.select_related("unit__agency", "person").filter(_held(today), pk=post_id).first()


def posts_acting(*, account_id: UUID, at: datetime) -> list[Post]:
    """The posts an account holds, own ones first, then those it covers now. Needs the scope of the sign-in."""
    today = legal_date(at)
    own = posts_held(account_id=account_id, today=today)
    people = {post.person_id for post in own}
    return [*own, *posts_covered(people, own={post.pk for post in own}, at=at)] if own else []


def posts_covered(people: set[UUID], *, own: set[UUID], at: datetime) -> list[Post]:
    """Posts that these people cover at an instant, from a post of their own that they still hold."""
    rows = covers_running(at).filter(by_person__in=people, by_post__in=own)
    return [_as_cover(cover) for cover in rows.select_related("post__unit__agency", "post__person")]


def covers_running(at: datetime) -> QuerySet[Cover]:
    """Covers in force at an instant, inside the scope in force."""
    held = Post.objects.filter(_held(legal_date(at)))
    return Cover.objects.filter(starts_at__lte=at, ends_at__gt=at, ended_at__isnull=True, post__in=held)


def _as_cover(cover: Cover) -> Post:
    """The covered post as the one acts in it who covers: their person, and both names."""
    post = cover.post
    names = {"name": cover.by_name, "other": post.display_name}
    post.cover, post.display_name = cover, (_("%(name)s, menggantikan %(other)s") % names)[:120]
    return post


def cover_list(*, agency: str, area: str, at: datetime) -> QuerySet[Cover]:
    """Covers of an agency in an area and below, running and coming ones, inside the scope in force."""
    low, high = area_range(area)
    rows = Cover.objects.select_related("post__unit").filter(agency=agency, area__gte=low, area__lt=high)
    return rows.filter(ends_at__gt=at, ended_at__isnull=True).order_by("starts_at")


def cover_for(cover_id: UUID) -> Cover | None:
    """A cover inside the scope in force."""
    return Cover.objects.select_related("post__unit").filter(pk=cover_id).first()


def session_gives(key: str, scope: Scope, *, at: datetime) -> bool:
    """Whether the signed-in browser with this session key still holds exactly this scope. Needs the sign-in's scope."""
    held = SessionStore(key).load()
    account = held.get(SESSION_KEY)
    if not account:
        return False
    today = legal_date(at)
    posts = posts_acting(account_id=UUID(str(account)), at=at)
    if posts and (seen_as := held.get(VIEW_AS_KEY)):
        other = post_held(UUID(str(seen_as)), today=today)
        posts = [*posts, *([other] if other else [])]
    return any(scope_of(post) == scope for post in posts)


def post_of_device(device_id: UUID, *, today: date) -> Post | None:
    """The post held today for which a device in force was registered. Needs the scope of the sign-in."""
    rows = Post.objects.select_related("unit__agency", "person").filter(_held(today))
    return rows.filter(devices=device_id, devices__revoked_at__isnull=True).first()


def call_tree(post: Post, *, today: date) -> list[Post]:
    """Whom the holder of a post calls: heads and duty posts of the own unit, then those of the nearest unit above that
    has any. Needs the scope of the sign-in, because a unit above lies outside the post's own."""
    answering = Post.objects.select_related("unit", "person").filter(
        _held(today), agency=post.agency, role__in=(Role.HEAD, Role.DUTY)
    )
    own = list(answering.filter(unit=post.unit_id).exclude(pk=post.pk))
    for area in [*ancestors(post.area), ""] if post.area else []:
        if above := list(answering.filter(area=area)):
            return [*own, *above]
    return own


def post_for(post_id: UUID) -> Post | None:
    """A post inside the scope in force."""
    return Post.objects.select_related("unit__agency").filter(pk=post_id).first()


def post_acting(by: Scope, *, today: date) -> Post | None:
    """The post held today in whose name a scope acts; None for the machine and for the public."""
    person = person_uuid(by.person)
    if person is None:
        return None
    posts = posts_on_duty(agency=by.agency, area=by.area, today=today).select_related("unit__agency")
    held = next((post for post in posts.filter(area=by.area, person=person) if scope_of(post) == by), None)
    return held or _post_covered(by, person)


def _post_covered(by: Scope, person: UUID) -> Post | None:
    rows = covers_running(clock.now()).filter(by_person=person, area=by.area, agency=by.agency)
    posts = map(_as_cover, rows.select_related("post__unit__agency"))
    return next((post for post in posts if scope_of(post) == by), None)


def post_list(*, agency: str, area: str = "") -> QuerySet[Post]:
    """Posts of an agency in an area and below, inside the scope in force."""
    low, high = area_range(area)
    rows = Post.objects.select_related("unit").filter(agency=agency, area__gte=low, area__lt=high)
    return rows.order_by("area", "unit__name", "display_name")


def posts_on_duty(*, agency: str, area: str, today: date) -> QuerySet[Post]:
    """Posts of an agency held today in an area and below, for choosing who acts."""
    return post_list(agency=agency, area=area).filter(_held(today))


def posts_ended(*, agency: str, area: str, today: date) -> QuerySet[Post]:
    """Posts of an agency that ended in the last weeks, the latest first, inside the scope in force."""
    rows = post_list(agency=agency, area=area).filter(ends_on__lte=today, ends_on__gt=today - LEFT_WITHIN)
    return rows.order_by("-ends_on", "display_name")


def posts_viewable(*, own: Post, today: date) -> list[Post]:
    """Posts an administrator may see as: of the own agency and area, held today, no holder of keys."""
    if own.role != Role.ADMIN:
        return []
    rows = posts_on_duty(agency=own.agency, area=own.area, today=today)
    return list(rows.exclude(pk=own.pk).exclude(role=Role.CUSTODIAN)[:8])


def agency_list() -> QuerySet[Agency]:
    """All bodies that take part."""
    return Agency.objects.order_by("kind", "code")


def agency_for(code: str) -> Agency | None:
    """A body by its code."""
    return Agency.objects.filter(pk=code).first()


def unit_for(unit_id: UUID) -> Unit | None:
    """A unit by its id."""
    return Unit.objects.select_related("agency").filter(pk=unit_id).first()


def unit_list(*, agency: str | None = None, area: str = "") -> QuerySet[Unit]:
    """Units in an area and below, of one agency or of all."""
    low, high = area_range(area)
    rows = Unit.objects.select_related("agency").filter(area__gte=low, area__lt=high)
    return rows if agency is None else rows.filter(agency_id=agency)


def regencies_served() -> list[str]:
    """Regencies that have a unit of their own, those with the most units first."""
    regency = Unit.objects.filter(area__regex=r"^\d\d\.\d\d").annotate(regency=Left("area", 5))
    counted = regency.values_list("regency").annotate(units=Count("pk")).order_by("-units", "regency")
    return [code for code, _units in counted]


def unit_covering(*, agency: str, area: str) -> Unit | None:
    """The nearest unit of an agency whose area holds `area`: the one that a hand-over goes to."""
    codes = [area[:length] for length in (13, 8, 5, 2) if len(area) >= length] + [""]
    rows = Unit.objects.select_related("agency").filter(agency_id=agency, area__in=codes)
    return max(rows, key=lambda unit: len(unit.area), default=None)


def supervised_area(*areas: str) -> str:
    """That of these areas which a unit of the supervisor watches from nearest, at most a regency, so that a desk sees
    what is filed there; where none does, the area of the unit that stands highest here, or the first as it is."""
    units = Unit.objects.filter(agency__kind="bawaslu").values_list("area", flat=True)
    watched = sorted(units, key=lambda unit: (len(unit), unit))
    nearness = {
        area: max((min(len(unit), _REGENCY) for unit in watched if within(area, unit)), default=-1)
        for area in areas
    }
    best = max(areas, key=lambda area: nearness[area])
    return best if nearness[best] >= 0 or not watched else watched[0]


def invitation_list(*, agency: str, area: str) -> QuerySet[Invitation]:
    """Invitations into an agency in an area, newest first, inside the scope in force."""
    low, high = area_range(area)
    rows = Invitation.objects.select_related("unit").filter(agency=agency, area__gte=low, area__lt=high)
    return rows.order_by("-created_at")


def invitation_for(invitation_id: UUID) -> Invitation | None:
    """An invitation inside the scope in force."""
    return Invitation.objects.select_related("unit").filter(pk=invitation_id).first()


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state."""
    digest = token_digest(token)
    return Invitation.objects.select_related("unit__agency", "renews").filter(token_hash=digest).first()


def device_list(*, account_id: UUID) -> QuerySet[Device]:
    """Devices registered for any post of an account."""
    return Device.objects.select_related("post__unit").filter(post__person__account_id=account_id)


def device_by_id(device_id: UUID) -> Device | None:
    """A device inside the scope in force."""
    return Device.objects.select_related("post").filter(pk=device_id).first()


def devices_of(post: Post) -> QuerySet[Device]:
    """Devices of one post, those in force first, inside the scope in force."""
    return Device.objects.filter(post=post).order_by(F("revoked_at").desc(nulls_first=True), "-created_at")


def devices_in(*, agency: str, area: str, words: str = "") -> QuerySet[Device]:
    """Devices of an agency in an area and below, those in force first, by name of device or holder."""
    low, high = area_range(area)
    rows = Device.objects.select_related("post__unit").filter(agency=agency, area__gte=low, area__lt=high)
    if words:
        rows = rows.filter(Q(label__icontains=words) | Q(post__display_name__icontains=words))
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-created_at")


def device_for(device_id: UUID, *, account_id: UUID) -> Device | None:
    """A device of an account."""
    return device_list(account_id=account_id).filter(pk=device_id).first()


def session_list(*, account_id: UUID) -> QuerySet[Session]:
    """Browsers in which an account is signed in, most recently used first."""
    return Session.objects.filter(account_id=account_id).order_by("-seen_at")


def account_by_email(email: str) -> Account | None:
    """The account with an e-mail address. Needs the scope of the sign-in."""
    return Account.objects.filter(email=email_normal(email)).first()


def demo_posts() -> QuerySet[Post]:
    """One-click people of the demo."""
    rows = Post.objects.select_related("unit__agency").filter(
        person__account__is_demo=True, ends_on__isnull=True
    )
    return rows.order_by("created_at", "id")


def email_normal(email: str) -> str:
    """An e-mail address as it is compared."""
    return email.strip().lower()


def email_digest(email: str) -> str:
    """A keyed digest of an e-mail address: the table alone does not tell whom it invites."""
    return hmac.new(settings.SECRET_KEY.encode(), email_normal(email).encode(), hashlib.sha256).hexdigest()


def phone_digest(number: str) -> str:
    """A keyed digest of a telephone number, however it is written; empty where it is none."""
    plain = phone_normal(number)
    key = hmac.digest(settings.KEYS.gate, b"ronda telephone number v1", "sha256")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() if plain else ""


def device_of_phone(number: str, *, today: date) -> Device | None:
    """The device in force that sends from a number, if its post is held today. Needs the scope of the sign-in."""
    digest = phone_digest(number)
    return _devices_held(today).filter(phone_hash=digest).first() if digest else None


def device_held(device_id: UUID, *, today: date) -> Device | None:
    """A device in force whose post is held today. Needs the scope of the sign-in."""
    return _devices_held(today).filter(pk=device_id).first()


def _devices_held(today: date) -> QuerySet[Device]:
    held = Post.objects.filter(_held(today))
    return Device.objects.select_related("post__unit__agency").filter(revoked_at__isnull=True, post__in=held)


def token_digest(token: str) -> str:
    """What is stored of the secret in an invitation link."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(post: Post) -> Account | None:
    """The account of the person who holds a post. Needs the scope of the sign-in."""
    return Account.objects.filter(person__posts=post, is_active=True).first()


def units_of(*, areas: list[str]) -> list[Unit]:
    """Units of all agencies that answer for exactly one of these areas, the smallest area first."""
    rows = Unit.objects.select_related("agency").filter(area__in=areas)
    return sorted(rows, key=lambda unit: (-len(unit.area), unit.agency.kind, unit.name))
