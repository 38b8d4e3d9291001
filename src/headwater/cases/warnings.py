"""What to tell somebody who sent us a secret: words that a person may put into the reply. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

_MODES: Final = {
    "en": {"live": "live ", "test": "test "},
    "de": {"live": "Live-", "test": "Test-"},
}
_ENDING: Final = {"en": " (ending {})", "de": " (endet auf {})"}
# What a label of `kit.redaction` is a case of.
_GROUPS: Final = {
    "secret key": "key",
    "webhook secret": "webhook",
    "client secret": "client",
    "ephemeral key": "client",
    "card number": "card",
    "security code": "card",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "key": "Your message contained a {mode}secret API key{tail}. Whoever reads it can act "
        "for your account, so please replace it now: in the Dashboard, under Developers, API "
        "keys, choose the key and roll it. Then put the new key into your server's settings, and "
        "look through your request log for calls that you did not make.",
        "webhook": "Your message contained the signing secret of a webhook endpoint. With it "
        "somebody could send your server events that look like ours, so please replace it: in "
        "the Dashboard, under Developers, Webhooks, open the endpoint and roll its secret. The "
        "old one can stay valid for up to a day while you change your server.",
        "client": "Your message contained the client secret of a payment. It belongs to your "
        "customer's browser only, and may complete that payment; the id in front of it is all "
        "that we need.",
        "card": "Your message contained card data. Please never send card numbers or security "
        "codes by mail; the last four digits and the date are enough for us to find a payment.",
        "other": "Your message contained a {label}. Please treat it as known to others and "
        "replace it.",
        "end": "We have masked it in our records and will not pass it on.",
    },
    "de": {
        "key": "Ihre Nachricht enthielt einen geheimen {mode}API-Schlüssel{tail}. Wer ihn liest, "
        "kann für Ihr Konto handeln. Bitte ersetzen Sie ihn jetzt: Wählen Sie im Dashboard unter "
        "Entwickler, API-Schlüssel den Schlüssel und lassen Sie ihn erneuern. Hinterlegen Sie "
        "dann den neuen Schlüssel auf Ihrem Server und prüfen Sie im Anfrageprotokoll, ob dort "
        "Aufrufe stehen, die nicht von Ihnen sind.",
        "webhook": "Ihre Nachricht enthielt das Signaturgeheimnis eines Webhook-Endpunkts. Damit "
        "könnte jemand Ihrem Server Ereignisse schicken, die wie unsere aussehen. Bitte ersetzen "
        "Sie es: Öffnen Sie im Dashboard unter Entwickler, Webhooks den Endpunkt und erneuern Sie "
        "sein Geheimnis. Das alte kann bis zu einem Tag gültig bleiben, während Sie umstellen.",
        "client": "Ihre Nachricht enthielt das Client-Geheimnis einer Zahlung. Es gehört nur in "
        "den Browser Ihres Kunden und kann diese Zahlung abschließen; uns genügt die ID davor.",
        "card": "Ihre Nachricht enthielt Kartendaten. Bitte senden Sie niemals Kartennummern oder "
        "Prüfziffern per E-Mail; die letzten vier Ziffern und das Datum genügen uns, um eine "
        "Zahlung zu finden.",
        "other": "Ihre Nachricht enthielt vertrauliche Daten ({label}). Bitte betrachten Sie sie "
        "als bekannt und ersetzen Sie sie.",
        "end": "Wir haben sie in unseren Unterlagen unkenntlich gemacht und geben nichts davon "
        "weiter.",
    },
}  # fmt: skip


def warning_for(exposed: Iterable[Mapping[str, str]], language: str = "en") -> str:
    """Paragraphs for whoever sent what `exposed` lists (`Message.exposed`); "" for nothing.

    `language` is "en" or "de"; others are answered in English.
    """
    language = language if language in _WORDS else "en"
    words, said = _WORDS[language], dict[str, None]()
    for each in exposed:
        label = each.get("label", "")
        group = _GROUPS.get(label, "card" if each.get("kind") in ("card", "cvc") else "other")
        mode = _MODES[language].get(each.get("mode", ""), "")
        tail = _ENDING[language].format(each["tail"]) if each.get("tail") else ""
        said[words[group].format(mode=mode, label=label, tail=tail)] = None
    return "\n\n".join([*said, words["end"]]) if said else ""
