"""Signed webhooks: what another system tells, under that system's own id."""

from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _

from ronda.channels import selectors
from ronda.channels.adapters.hook import HookRead, HookRefused, hook_read, raw_key
from ronda.channels.domain import Content, Webhook, message_id
from ronda.channels.services.handing import Taken, hand_in
from ronda.gate.domain import Grant, kinds_of
from ronda.gate.services import Malformed, file_hand_in


def hook_take(*, webhook: Webhook, raw: bytes, at: datetime) -> tuple[Taken, HookRefused | None]:
    """Keep one post. What the mapping cannot read is kept as a report with its bytes, and the refusal is told."""
    grant = grant_of(webhook)
    try:
        read = hook_read(webhook, raw)
        return hand_in(content=_content(webhook, read, at), grant=grant, at=at), None
    except HookRefused as problem:
        return _unread(webhook, raw, grant, at), problem
    except Malformed as problem:
        refused = HookRefused(problem.field, problem.wanted, problem.came)
        return _unread(webhook, raw, grant, at), refused


def grant_of(webhook: Webhook) -> Grant:
    """In whose name a webhook sends, as the operator wrote it."""
    return Grant(webhook.agency, webhook.agency_kind, webhook.area, kinds=kinds_of(webhook.agency_kind))


def _content(webhook: Webhook, read: HookRead, at: datetime) -> Content:
    election = selectors.election_now(at=at)
    return Content(
        id=message_id("webhook", webhook.name, read.key),
        kind=webhook.kind,
        body=read.body,
        place=read.place,
        station=read.station,
        captured_at=read.captured_at,
        election=election.code if election else "",
        device=f"webhook:{webhook.name}",
    )


def _unread(webhook: Webhook, raw: bytes, grant: Grant, at: datetime) -> Taken:
    digest = file_hand_in(content=BytesIO(raw), kind="application/json", grant=grant, at=at)
    text = _("Kiriman sistem %(name)s tidak terbaca; isinya ada pada lampiran.") % {"name": webhook.name}
    content = Content(
        id=message_id("webhook-unread", webhook.name, raw_key(raw)),
        kind="report",
        body={"text": text},
        device=f"webhook:{webhook.name}",
        files=({"sha256": digest, "size": len(raw), "type": "application/json"},),
    )
    return hand_in(content=content, grant=grant, at=at)
