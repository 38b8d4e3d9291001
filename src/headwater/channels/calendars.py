"""The few words of an invitation that a person needs, for mails that hold nothing else. Pure."""

import re

_FOLD = re.compile(r"\n[ \t]")
_PROPERTY = re.compile(
    r"^(SUMMARY|DTSTART|DTEND|LOCATION|ORGANIZER)((?:;[^:\n]{0,300})?):(.*)$", re.M
)
_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ZONE = re.compile(r"TZID=\"?([^;:\"]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\;,nN])")
_LABELS = {
    "SUMMARY": "Invitation",
    "DTSTART": "From",
    "DTEND": "Until",
    "LOCATION": "Where",
    "ORGANIZER": "Organizer",
}


def invitation_text(calendar: str) -> str:
    """Subject, time, place and organizer of the first event (RFC 5545); empty without any."""
    event = (
        _FOLD.sub("", calendar[:100_000]).partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    )
    found: dict[str, str] = {}
    for name, parameters, value in _PROPERTY.findall(event):
        found.setdefault(name, _shown(name, parameters, value.strip()))
    return "\n".join(
        f"{label}: {found[name]}" for name, label in _LABELS.items() if found.get(name)
    )


def _shown(name: str, parameters: str, value: str) -> str:
    when = _WHEN.match(value) if name.startswith("DT") else None
    if when:
        year, month, day, hour, minute, utc = when.groups()
        zone = _ZONE.search(parameters)
        clock = f" {hour}:{minute}" if hour else ""
        where = " UTC" if utc else f" ({zone[1]})" if zone and hour else ""
        return f"{year}-{month}-{day}{clock}{where}"
    if name == "ORGANIZER":
        return re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
