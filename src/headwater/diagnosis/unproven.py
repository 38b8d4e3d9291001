"""The options of the ranking that no row speaks for: causes by their words alone, and no cause.

Pure. A cause may be unproven because its query found nothing (silent), or because it could not
run: tables that are not there, an account that is not known (unchecked).
"""

from collections.abc import Collection, Mapping

from headwater.diagnosis.signals import Signal, text_signal
from headwater.diagnosis.text import MailText

WORDS = ("silent", "silent_text", "unchecked", "unchecked_text")
NONE = ("none", "ordinary", "calm")
# Playbooks beyond these are too far from the mail's words to be worth a mention.
_NEAREST = 10


def by_words(
    mail: MailText, *, silent: Collection[str], unchecked: Collection[str]
) -> dict[str, dict[str, Signal]]:
    """The unproven playbooks that are nearest to the mail's words, with their features."""
    kinds = {**dict.fromkeys(unchecked, "unchecked"), **dict.fromkeys(silent, "silent")}
    near = [name for name in kinds if mail.scores.get(name, 0.0) > 0.0]
    near.sort(key=lambda name: (-mail.scores[name], name))
    return {
        name: {
            kinds[name]: Signal(1.0, _WHY[kinds[name]]),
            f"{kinds[name]}_text": text_signal(mail.scores, name),
        }
        for name in near[:_NEAREST]
    }


def no_cause(mail: MailText) -> Mapping[str, Signal]:
    """The features of *no cause*."""
    return {
        "none": Signal(1.0, "most mails of this kind have no cause of their own"),
        "ordinary": Signal(
            mail.ordinary,
            "the mail reads more like an everyday question than like a symptom"
            if mail.ordinary > 0
            else "the mail reads more like a symptom than like an everyday question",
        ),
        "calm": Signal(
            float(mail.calm),
            "the mail tells of no trouble" if mail.calm else "the mail tells of trouble",
        ),
    }


_WHY = {
    "silent": "its query found nothing in the account's data",
    "unchecked": "its query could not be run",
}
