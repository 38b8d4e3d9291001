"""A contact without the secrets that were pasted into it, before anything else reads it. Pure.

Only the raw contact keeps them; whoever has to see one asks for it, with a reason, on record.
"""

from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from headwater.kit.redaction import Exposure, exposures, masked, masked_html


class Contact(Protocol):
    """What a contact says, wherever it came from."""

    @property
    def body(self) -> str: ...
    @property
    def quoted(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def author_name(self) -> str: ...
    @property
    def exposed(self) -> tuple[Exposure, ...]: ...


_Contact = TypeVar("_Contact", bound=Contact)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What was masked in a contact, each thing once."""

    found: tuple[Exposure, ...] = ()

    def as_json(self) -> list[dict[str, str]]:
        """For `Message.exposed` and the event log."""
        return [each.as_json() for each in self.found]


def hide(contact: _Contact, *also: str) -> tuple[_Contact, Hidden]:
    """The contact with masks in every text, and what they hide; `also` are texts beside it."""
    html, in_html = masked_html(contact.html)
    texts = (*also, contact.author_name, contact.body, contact.quoted)
    found = dict.fromkeys(one for text in texts for one in exposures(text))
    found |= dict.fromkeys([*in_html, *contact.exposed])
    hidden = Hidden(tuple(found))
    if not hidden.found:
        return contact, hidden
    clean = {name: masked(getattr(contact, name)) for name in ("author_name", "body", "quoted")}
    clean["html"] = html
    return replace(contact, **clean), hidden  # type: ignore[type-var]  # a dataclass by its makers
