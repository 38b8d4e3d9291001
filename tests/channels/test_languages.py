"""The language of short support mails, and silence where it cannot be told."""

import pytest

from headwater.channels.languages import language_of

TEXTS = {
    "en": ["Thanks, works now!", "Payout po_123 failed, why?", "We still see no events"],
    "de": ["Danke, läuft wieder.", "Die Auszahlung ist fehlgeschlagen, warum?", "Bitte prüfen"],
    "fr": ["Merci, ça marche maintenant.", "Pourquoi le virement a-t-il échoué ?"],
    "es": ["Gracias, ya funciona.", "¿Por qué falló el pago po_123?"],
    "pt": ["Obrigado, já funciona.", "Por que o repasse po_123 falhou?"],
    "it": ["Grazie, ora funziona.", "Perché il bonifico non è riuscito?"],
    "nl": ["Bedankt, het werkt weer.", "Waarom is uitbetaling po_123 mislukt?"],
    "pl": ["Dziękuję, już działa.", "Dlaczego wypłata się nie powiodła?"],
    "ja": ["ありがとうございます。", "入金po_123が失敗しました", "Webhook が届きません"],
    "zh": ["谢谢,已经好了。", "付款po_123为什么失败?"],
    "ru": ["Здравствуйте, вебхуки не приходят"],
    "ko": ["어제부터 웹훅이 오지 않습니다"],
    "he": ["לא מגיעות הודעות"],
    "ar": ["لا تصل الإشعارات منذ أمس"],
}


@pytest.mark.parametrize("language", TEXTS)
def test_short_mails(language: str) -> None:
    for text in TEXTS[language]:
        assert language_of(text) == language, text


def test_what_cannot_be_told() -> None:
    for text in ("", "ok", "po_123 ch_456", "https://shop.example/the/and/is", "1234", "🙂"):
        assert language_of(text) is None, text
