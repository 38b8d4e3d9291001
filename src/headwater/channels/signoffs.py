"""What stands below every answer from a mailbox: its signature and its footer."""

from headwater.accounts.rules import normal_email
from headwater.cases.rules import storable
from headwater.channels.models import SignOff
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

_LONGEST = 4_000
_PLACES = ("{agent}", "{product}")


def set_sign_off(
    mailbox: str, *, signature: str | None = None, footer: str | None = None
) -> SignOff:
    """Keeps a mailbox's signature or footer; an empty text takes it away, None leaves it.

    Both may hold `{agent}` and `{product}`. Raises HeadwaterError for more than 4,000 characters.
    """
    for text in (signature, footer):
        if text is not None and len(text) > _LONGEST:
            raise HeadwaterError(
                f"The text has {len(text):,} characters; {_LONGEST:,} are kept.", param="text"
            )
    address = normal_email(mailbox)
    row, _ = SignOff.objects.get_or_create(mailbox=address, defaults={"changed_at": utc_now()})
    if signature is not None:
        row.signature = storable(signature).strip()
    if footer is not None:
        row.footer = storable(footer).strip()
    row.changed_at = utc_now()
    row.save()
    return row


def sign_off_of(mailbox: str) -> SignOff | None:
    """The signature and footer of a mailbox, if it has any."""
    return SignOff.objects.filter(mailbox=normal_email(mailbox)).first()


def sign_off(mailbox: str, *, agent: str, product: str) -> str:
    """The text below an answer from this mailbox; empty where nothing is set."""
    row = sign_off_of(mailbox)
    if row is None:
        return ""
    text = "\n\n".join(one for one in (row.signature, row.footer) if one)
    for place, value in zip(_PLACES, (agent, product), strict=True):
        text = text.replace(place, value)
    return text
