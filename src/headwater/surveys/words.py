"""The words of a survey, by language; pure. Another language is one more entry."""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "subject": "How did we do? {subject}",
        "hello": "Hello,",
        "asked": "we have closed your case “{subject}”. Were you satisfied with our help?",
        "choose": "Choose an answer; nothing is recorded before you confirm it on the page.",
        "5": "Very satisfied",
        "4": "Satisfied",
        "3": "Neither",
        "2": "Dissatisfied",
        "1": "Very dissatisfied",
        "more": "If your problem is not solved, just answer this mail: it reaches us in the case.",
        "stop": "No more surveys: {url}",
        "title": "Were you satisfied?",
        "about": "Your case: {subject}",
        "comment": "Anything that you want to tell us? (optional)",
        "no_secrets": "Please write no keys and no card numbers.",
        "send": "Send the answer",
        "thanks": "Thank you",
        "kept": "We have recorded your answer. You can change it with the same link until {day}.",
        "change": "Change the answer",
        "stop_title": "End surveys?",
        "stop_text": "We then no longer ask {email} whether our help was good. Answers to your "
        "own mails come in any case.",
        "stop_button": "Send me no surveys",
        "stopped_title": "You get no more surveys",
        "stopped_text": "We no longer ask {email} whether our help was good.",
    },
    "de": {
        "subject": "Waren Sie zufrieden? {subject}",
        "hello": "Guten Tag,",
        "asked": "wir haben Ihre Anfrage „{subject}“ abgeschlossen. Waren Sie mit unserer Hilfe "
        "zufrieden?",
        "choose": "Wählen Sie eine Antwort; gespeichert wird sie erst, wenn Sie sie auf der Seite "
        "bestätigen.",
        "5": "Sehr zufrieden",
        "4": "Zufrieden",
        "3": "Teils, teils",
        "2": "Unzufrieden",
        "1": "Sehr unzufrieden",
        "more": "Ist Ihr Problem nicht gelöst, antworten Sie einfach auf diese Mail: Sie erreicht "
        "uns in Ihrer Anfrage.",
        "stop": "Keine Umfragen mehr: {url}",
        "title": "Waren Sie zufrieden?",
        "about": "Ihre Anfrage: {subject}",
        "comment": "Möchten Sie uns noch etwas sagen? (freiwillig)",
        "no_secrets": "Bitte schreiben Sie keine Schlüssel und keine Kartennummern.",
        "send": "Antwort senden",
        "thanks": "Vielen Dank",
        "kept": "Wir haben Ihre Antwort gespeichert. Bis {day} können Sie sie mit demselben Link "
        "ändern.",
        "change": "Antwort ändern",
        "stop_title": "Umfragen beenden?",
        "stop_text": "Wir fragen {email} dann nicht mehr, ob unsere Hilfe gut war. Antworten auf "
        "Ihre eigenen Mails kommen weiterhin.",
        "stop_button": "Keine Umfragen mehr senden",
        "stopped_title": "Sie erhalten keine Umfragen mehr",
        "stopped_text": "Wir fragen {email} nicht mehr, ob unsere Hilfe gut war.",
    },
    "fr": {
        "subject": "Avons-nous bien répondu ? {subject}",
        "hello": "Bonjour,",
        "asked": "nous avons clos votre demande « {subject} ». Êtes-vous satisfait de notre aide ?",
        "choose": "Choisissez une réponse ; rien n'est enregistré avant que vous la confirmiez "
        "sur la page.",
        "5": "Très satisfait",
        "4": "Satisfait",
        "3": "Ni l'un ni l'autre",
        "2": "Insatisfait",
        "1": "Très insatisfait",
        "more": "Si votre problème n'est pas résolu, répondez simplement à ce courriel.",
        "stop": "Ne plus recevoir d'enquêtes : {url}",
        "title": "Êtes-vous satisfait ?",
        "about": "Votre demande : {subject}",
        "comment": "Souhaitez-vous ajouter quelque chose ? (facultatif)",
        "no_secrets": "N'écrivez ni clés ni numéros de carte.",
        "send": "Envoyer la réponse",
        "thanks": "Merci",
        "kept": "Votre réponse est enregistrée. Vous pouvez la modifier avec le même lien "
        "jusqu'au {day}.",
        "change": "Modifier la réponse",
        "stop_title": "Arrêter les enquêtes ?",
        "stop_text": "Nous ne demanderons plus à {email} si notre aide était bonne. Les réponses "
        "à vos courriels arriveront toujours.",
        "stop_button": "Ne plus m'envoyer d'enquêtes",
        "stopped_title": "Vous ne recevrez plus d'enquêtes",
        "stopped_text": "Nous ne demandons plus à {email} si notre aide était bonne.",
    },
}


def words_in(language: str) -> Mapping[str, str]:
    """The words in that language, in English where there are none."""
    return WORDS.get(language, WORDS[ENGLISH])


def mail_body(language: str, subject: str, links: Mapping[int, str], stop_url: str) -> str:
    """The text of the mail; `links` leads to each score, best first."""
    words = words_in(language)
    answers = "\n\n".join(f"{words[str(score)]}:\n{url}" for score, url in links.items())
    return "\n\n".join(
        [
            words["hello"],
            words["asked"].format(subject=subject),
            answers,
            words["choose"],
            words["more"],
            words["stop"].format(url=stop_url),
        ]
    )
