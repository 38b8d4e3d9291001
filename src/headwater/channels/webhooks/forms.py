"""A posted form's fields as the bytes that were sent. Pure.

Django's own reader decodes every field as UTF-8, which destroys a mail in another charset, and
refuses fields beyond a bound that is far below the size of a mail.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from headwater.channels.errors import MailRefused
from headwater.channels.mime import read_parts

_MOST_FIELDS = 1_000


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form."""

    field: str
    name: str
    type: str
    content: bytes


@dataclass(slots=True)
class Form:
    """The fields of a form, in order, and its files."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def last(self, name: str) -> bytes | None:
        """The last value of a field, as Django would give it; None without one."""
        return next((value for key, value in reversed(self.fields) if key == name), None)


def read_form(content_type: str, body: bytes) -> Form:
    """The form in a body; empty where it is none. Raises MailRefused beyond a bound."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError as error:
            raise MailRefused(f"The posted form has more than {_MOST_FIELDS} fields.") from error
        return Form([(_text(name), value) for name, value in pairs])
    form = Form()
    if kind != "multipart/form-data":
        return form
    for part in read_parts(b"Content-Type: " + _header(content_type) + b"\r\n\r\n" + body).children:
        params = part.value("content-disposition").params
        name = params.get("name", "")
        if "filename" in params:
            form.files.append(File(name, params["filename"], part.type, part.body()))
        elif name:
            form.fields.append((name, part.body()))
    return form


def _header(value: str) -> bytes:
    return value.replace("\r", " ").replace("\n", " ").encode("utf-8", "replace")


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
