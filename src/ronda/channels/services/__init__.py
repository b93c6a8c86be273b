"""What comes by a channel, handed in at the gate."""

from ronda.channels.services.files import reports_bring
from ronda.channels.services.handing import Taken, hand_in
from ronda.channels.services.hooks import hook_take
from ronda.channels.services.mail import mail_take
from ronda.channels.services.openrosa import Upload, Verdict, bundles_flush, submission_take
from ronda.channels.services.sms import Sms, sms_delivered, sms_take

__all__ = [
    "Sms",
    "Taken",
    "Upload",
    "Verdict",
    "bundles_flush",
    "hand_in",
    "hook_take",
    "mail_take",
    "reports_bring",
    "sms_delivered",
    "sms_take",
    "submission_take",
]
