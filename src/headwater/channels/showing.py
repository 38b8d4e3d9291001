"""A mail's own HTML as a page to be looked at, apart from everything else. Pure.

It was sanitised when it came in and is sanitised again here, last of all. Remote images wait until
somebody asks for them; every link says where it leads.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import lxml.etree
import lxml.html
import nh3

from headwater.channels.markup import ATTRIBUTES, SCHEMES, TAGS
from headwater.channels.web_links import leads_to, names_another

# So much of a mail's own pictures is shown within its text.
MAX_INLINE_BYTES: Final = 4_000_000
_MAGIC: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_OWN_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*\Z")
_REMOTE: Final = re.compile(r"https?://", re.IGNORECASE)
Find = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """`body` for a page without scripts; `remote` counts the images that are held back or shown."""

    body: str
    remote: int


def shown(html: str, *, images: bool, picture: Find = lambda content_id: None) -> Shown:
    """Sanitised mail HTML for showing. `images`: also from other machines, which then learn of it.

    `picture` gives the bytes of the mail's own picture of a Content-ID, None where there is none.
    """
    try:
        root = lxml.html.fragment_fromstring(html, create_parent="div")
    except (lxml.etree.LxmlError, ValueError, RecursionError):
        return Shown("", 0)
    remote = sum(_place_image(image, images, picture) for image in _room(root.iter("img")))
    for link in list(root.iter("a")):
        _say_where_it_leads(link)
    body = str(lxml.html.tostring(root, encoding="unicode"))
    return Shown(_sanitised(body, images=images), remote)


def picture_type(data: bytes) -> str:
    """The type of a raster picture by its first bytes; "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")


def _sanitised(body: str, *, images: bool) -> str:
    def keep(tag: str, name: str, value: str) -> str | None:
        if name != "src":
            return value
        own = _OWN_PICTURE.match(value) is not None
        return (
            value if tag == "img" and (own or (images and value[:6].lower() == "https:")) else None
        )

    return nh3.clean(
        body,
        tags=TAGS,
        attributes=ATTRIBUTES | {"img": {"alt", "src", "width", "height"}, "a": {"href", "target"},
                                 "span": {"class"}},
        attribute_filter=keep,
        url_schemes=SCHEMES | {"data"},
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip


class _Room:
    """Counts down the bytes of pictures that a page may still hold."""

    left = MAX_INLINE_BYTES


def _room(images: Any) -> list[tuple[Any, _Room]]:
    room = _Room()
    return [(image, room) for image in images]


def _place_image(placed: tuple[Any, _Room], images: bool, picture: Find) -> int:
    """Gives an image its source, or says in its place that there is one; 1 for a remote one."""
    image, room = placed
    source, remote = image.get("src", ""), image.attrib.pop("data-src", "")
    if _REMOTE.match(remote):
        # Over https alone: a picture must not ask the machines of the own network for anything.
        if images and remote[:6].lower() == "https:":
            image.set("src", remote)
        else:
            _stand_in(image)
        return 1
    data = picture(source[4:]) if source.lower().startswith("cid:") else None
    kind = picture_type(data) if data else ""
    image.attrib.pop("src", None)
    if data and kind and len(data) <= room.left:
        room.left -= len(data)
        image.set("src", f"data:{kind};base64,{base64.b64encode(data).decode()}")
    else:
        _stand_in(image)
    return 0


def _stand_in(image: Any) -> None:
    """Says in an image's place what it would show."""
    words = " ".join(image.get("alt", "").split())[:200]
    image.tag = "span"
    image.attrib.clear()
    image.set("class", "image")
    image.text = words or "🖼"


def _say_where_it_leads(link: Any) -> None:
    """Adds a link's true host, marked where its text names another one; it opens a new tab."""
    leads = leads_to(link.attrib.pop("href", ""))
    link.attrib.pop("target", None)
    link.attrib.pop("title", None)
    if leads is None:
        return
    link.set("href", leads.address)
    link.set("title", leads.address[:2_000])
    link.set("target", "_blank")
    text = "".join(link.itertext())[:2_000]
    elsewhere = names_another(text, leads.where)
    if not elsewhere and leads.where in text.lower():
        return
    mark = lxml.html.Element("span")
    mark.set("class", "leads-elsewhere" if elsewhere else "leads")
    mark.text = f" [{leads.where}]"
    mark.tail, link.tail = link.tail, None
    link.addnext(mark)


def page(body: str, *, title: str, style_address: str, theme: str = "") -> str:
    """The document around a shown mail; its style is the only thing that it loads of ours."""
    return (
        f'<!doctype html><html data-theme="{escape(theme)}"><head><meta charset="utf-8">'
        f'<title>{escape(title)}</title><meta name="referrer" content="no-referrer">'
        f'<link rel="stylesheet" href="{escape(style_address)}"></head>'
        f"<body>{body}</body></html>"
    )
