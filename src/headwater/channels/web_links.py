"""Where a link of a mail leads, read as browsers read it. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

_WEB = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_IGNORED_IN_URL = re.compile("[\t\r\n]")
_HOST = re.compile(r"[a-z0-9._-]{1,253}")
_HOST_IN_TEXT = re.compile(r"(?:[\w-]{1,63}\.){1,10}[^\W\d_][\w-]{1,62}")
_ADDRESS_IN_TEXT = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,10}[\w-]{2,63}")
_LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Leads:
    """`address` to follow, `where` it leads: a host, or a mail address or phone number."""

    address: str
    where: str


def leads_to(target: str) -> Leads | None:
    """Where a target leads; None for what leads nowhere that a person should follow."""
    clean = _IGNORED_IN_URL.sub("", target).strip()
    kind = clean.partition(":")[0].lower()
    if len(clean) > _LONGEST:
        return None
    if kind in {"mailto", "tel"}:
        where = clean.partition(":")[2].partition("?")[0]
        return Leads(_plain(clean), where) if where else None
    return _web(clean)


def _web(clean: str) -> Leads | None:
    scheme = _WEB.match(clean)
    if scheme is None:
        return None
    path, mark, rest = clean[scheme.end() :].partition("?")
    # Browsers take a backslash for a slash before the query, most parsers do not.
    after = f"{path.replace(chr(92), '/')}{mark}{rest}"
    host = host_of(f"{scheme[1].lower()}://{after}")
    if not host:
        return None
    ends = min((at for one in "/?#" if (at := after.find(one)) >= 0), default=len(after))
    # Without a name before the host: its only use is to look like another place.
    port = after[:ends].rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    place = f"{host}:{port}" if port.isdigit() else host
    return Leads(f"{scheme[1].lower()}://{place}{_plain(after[ends:])}", host)


def _plain(rest: str) -> str:
    """The rest of an address in letters that nobody has to escape once more."""
    return quote(rest, safe="%/:=&?~#+!$,;@()*")


def host_of(address: str) -> str:
    """The host of a web address in the letters of the domain system; empty if it has none."""
    try:
        host = unquote(urlsplit(address).hostname or "").lower()
        if not host.isascii():
            host = host.encode("idna").decode("ascii").lower()
        return f"[{host}]" if ":" in host else host if _HOST.fullmatch(host) else ""
    except (ValueError, UnicodeError):
        return ""


def names_another(text: str, where: str) -> bool:
    """Whether a link's text names hosts or addresses, and one of them is not where it leads."""
    if "@" in where:
        named = [one.lower() for one in _ADDRESS_IN_TEXT.findall(text)]
        return bool(named) and where.lower() not in named
    hosts = [host_of(f"http://{one}") for one in _HOST_IN_TEXT.findall(text)]
    return bool(hosts) and not all(_is_same_place(one, where) for one in hosts if one)


def _is_same_place(named: str, where: str) -> bool:
    named, where = named.removeprefix("www."), where.removeprefix("www.")
    return named == where or where.endswith(f".{named}")
