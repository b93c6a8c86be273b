"""E-mails from a mail server's pipe: each is one report, with its attachments as files."""

from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _

from ronda.channels import selectors
from ronda.channels.adapters.mail import Attached, Mail, mail_read
from ronda.channels.adapters.sms import sms_read
from ronda.channels.domain import Content, message_id
from ronda.channels.selectors import Sender
from ronda.channels.services.handing import Taken, hand_in
from ronda.gate.domain import Grant
from ronda.gate.services import file_hand_in


def mail_take(*, raw: bytes, area: str, at: datetime) -> Taken:
    """Keep one e-mail as a report of the public. MailRefused when it is none; DoorBusy and NotKept: send it again."""
    mail = mail_read(raw)
    named = sms_read(mail.subject)  # a subject may name a place as a text message does
    grant = selectors.grant_at(Sender(Grant.public(area)), named.place)
    files = [_kept(one, grant, at) for one in mail.files]
    election = selectors.election_now(at=at)
    content = Content(
        id=message_id("mail", area, mail.key),
        kind="report",
        body={"text": _words(mail), "kind": named.kind or None},
        place=named.place,
        station=named.station,
        captured_at=mail.sent_at if mail.sent_at and mail.sent_at <= at else None,
        election=election.code if election else "",
        device="mail",
        files=tuple(files),
    )
    return hand_in(content=content, grant=grant, at=at)


def _words(mail: Mail) -> str:
    words = "\n\n".join(filter(None, (mail.subject, mail.text)))
    return words or _("Surel tanpa tulisan; isinya ada pada lampiran.")


def _kept(file: Attached, grant: Grant, at: datetime) -> dict[str, object]:
    kind = "".join(sign for sign in file.kind if " " <= sign <= "~")
    digest = file_hand_in(content=BytesIO(file.content), kind=kind, grant=grant, at=at)
    return {"sha256": digest, "size": len(file.content), "type": kind}
