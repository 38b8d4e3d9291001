"""The mail answered, as it stands below an answer: introduced in the user's language. Pure."""

from datetime import UTC, datetime

from headwater.channels.compose import Quote
from headwater.channels.languages import language_of
from headwater.kit.redaction import masked

_LONGEST_LINE = 2_000
_CHARACTERS = 20_000
# Each is one that `phrases.ATTRIBUTIONS` knows, so that our own quotes are recognised in answers.
INTRODUCTIONS = {
    "en": "On {date} at {time} UTC, {name} wrote:",
    "de": "Am {date} um {time} UTC schrieb {name}:",
    "fr": "Le {date} à {time} UTC, {name} a écrit :",
    "es": "El {date} a las {time} UTC, {name} escribió:",
    "pt": "Em {date} às {time} UTC, {name} escreveu:",
    "it": "Il {date} alle {time} UTC, {name} ha scritto:",
    "nl": "Op {date} om {time} UTC schreef {name}:",
    "pl": "W dniu {date} o {time} UTC {name} napisał(a):",
    "ja": "{date} {time} UTC、{name} のメール：",
    "zh": "在 {date} {time} UTC，{name} 写道：",
}


def quote_of(text: str, *, name: str, at: datetime, lines: int) -> Quote | None:
    """The first `lines` lines of a mail, secrets masked; None for none.

    `at` is aware; it is shown in UTC, for we do not know the reader's clock.
    """
    bare = masked(text[:_CHARACTERS]).strip()
    if not bare or lines < 1:
        return None
    shown = [line[:_LONGEST_LINE].rstrip() for line in bare.split("\n")]
    if len(shown) > lines or len(text) > _CHARACTERS:
        shown = [*shown[:lines], "[…]"]
    moment = at.astimezone(UTC)
    words = INTRODUCTIONS.get(language_of(bare) or "en", INTRODUCTIONS["en"])
    said = words.format(
        date=moment.strftime("%Y-%m-%d"), time=moment.strftime("%H:%M"), name=" ".join(name.split())
    )
    return Quote(said, "\n".join(shown))
