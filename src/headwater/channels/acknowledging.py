"""The words that tell a user that their mail has arrived, in the languages people write. Pure."""

_WORDS = {
    "en": "Hello,\n\nyour message has arrived. Somebody of our team will answer it.\n\n"
    "To add something, answer this mail.\n\n{name}",
    "de": "Guten Tag,\n\nIhre Nachricht ist angekommen. Jemand aus unserem Team wird sie "
    "beantworten.\n\nUm etwas zu ergänzen, antworten Sie auf diese Mail.\n\n{name}",
    "fr": "Bonjour,\n\nvotre message est bien arrivé. Une personne de notre équipe y répondra.\n\n"
    "Pour ajouter quelque chose, répondez à ce courriel.\n\n{name}",
    "es": "Hola:\n\nhemos recibido su mensaje. Una persona de nuestro equipo le responderá.\n\n"
    "Para añadir algo, responda a este correo.\n\n{name}",
    "pt": "Olá,\n\na sua mensagem chegou. Uma pessoa da nossa equipa vai responder.\n\n"
    "Para acrescentar algo, responda a este e-mail.\n\n{name}",
    "it": "Buongiorno,\n\nil suo messaggio è arrivato. Una persona del nostro team le risponderà."
    "\n\nPer aggiungere qualcosa, risponda a questa e-mail.\n\n{name}",
    "nl": "Hallo,\n\nuw bericht is aangekomen. Iemand van ons team zal het beantwoorden.\n\n"
    "Om iets toe te voegen, beantwoord deze e-mail.\n\n{name}",
    "pl": "Dzień dobry,\n\nPaństwa wiadomość dotarła. Odpowie na nią ktoś z naszego zespołu.\n\n"
    "Aby coś dodać, proszę odpowiedzieć na tę wiadomość.\n\n{name}",
    "ja": "お問い合わせを受け付けました。担当者よりご返信いたします。\n\n"
    "追記がある場合は、このメールにご返信ください。\n\n{name}",
    "zh": "您好，\n\n我们已收到您的来信，会有同事回复您。\n\n"
    "如需补充，请直接回复本邮件。\n\n{name}",
}


def acknowledgement(language: str | None, name: str) -> str:
    """The text in the user's language, in English where we do not know it; `name` signs it."""
    return _WORDS.get(language or "en", _WORDS["en"]).format(name=name)
