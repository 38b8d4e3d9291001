"""How sure it is who wrote a mail, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from headwater.channels.models import RawMail


@dataclass(frozen=True)
class Sender:
    """A badge, and what stands behind it one line each."""

    word: str
    tone: str
    icon: str
    lines: list[str]


def sender_of(mails: Sequence[RawMail]) -> Sender | None:
    """How sure the sender of a message is, by the first mail that brought it; None without one."""
    if not mails:
        return None
    mail = mails[0]
    word, tone, icon, line = {
        RawMail.Auth.PASS.value: (
            _("Verified"), "ok", "shield-check", _("The sender's domain sent this mail."),
        ),
        RawMail.Auth.FAIL.value: (
            _("Failed"), "bad", "shield-alert",
            _("The sender's domain says that it did not send this mail. Believe nothing in it."),
        ),
        RawMail.Auth.OPEN.value: (
            _("Not verified"), "warn", "shield-question-mark",
            _("Whether the sender's domain sent this mail could not be found out."),
        ),
    }.get(
        mail.auth,
        (
            _("Not verified"), "mute", "shield-question-mark",
            _("Nothing proves that this mail comes from the address that it names."),
        ),
    )  # fmt: skip
    return Sender(word, tone, icon, [line, *_details(mail.auth_detail)])


def _details(found: dict[str, Any]) -> list[str]:
    if not found:
        return [_("Nobody has checked it.")]
    if found["how"] == "header":
        words = _("Our mail server wrote: DMARC %(result)s for %(domain)s.")
        return [words % {"result": found["dmarc"], "domain": found["domain"]}]
    lines = []
    if found["spf"]:
        about = {"result": found["spf"], "domain": found["spf_domain"]}
        lines.append(_("SPF: %(result)s for %(domain)s.") % about)
    else:
        lines.append(_("SPF: not checked, the sending host is unknown."))
    for one in found["dkim"]:
        about = {"result": one["result"], "domain": one["domain"]}
        lines.append(_("DKIM: %(result)s for %(domain)s.") % about)
    if not found["dkim"]:
        lines.append(_("DKIM: no signature."))
    about = {"result": found["dmarc"], "domain": found["domain"]}
    lines.append(_("DMARC: %(result)s for %(domain)s.") % about)
    if found["policy"]:
        words = _("The domain asks for: %(policy)s.")
        lines.append(words % {"policy": found["policy"]})
    return lines
