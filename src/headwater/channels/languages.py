"""Which language a text is written in, by its script and its commonest words. Pure.

Small on purpose: the general detectors tried were wrong about short support mails or need 60 MB
(`docs/dependencies.md`). What is in doubt is None.
"""

import re
from collections import Counter

_SAMPLE = 4_000
_LEAST_LETTERS = 2
# The scripts that only one of the languages that people write us in uses.
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("uk", re.compile(r"[іїєґ]", re.IGNORECASE)),
    ("ru", re.compile(r"[а-яё]", re.IGNORECASE)),
)
_LATIN = re.compile(r"[a-z\u00c0-\u024f]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Addresses, ids, code and numbers say nothing of a language.
_ASCII_RUN = re.compile(r"[!-~]+")
_NOISE = re.compile(r"[@/\\_{}=<>\d]")
_COMMON = {
    "en": "the and is are was were to of in for on with not we our you your it this that have has "
    "i my me can could please what why when how do does did thanks thank hello hi from no yes "
    "but be been still since yesterday there they at by an any will would now works regards "
    "dear which where get got all after before again same if so or as up out sorry problem "
    "need help failed fails it's i'm i've don't doesn't didn't can't isn't won't that's we're "
    "we've you're there's per",
    "de": "der die das und ist sind nicht wir ich sie uns unsere unser ein eine einen mit für auf "
    "von zu im den dem des es wird werden wurde hat haben kann können bitte danke warum wie was "
    "wann seit gestern heute keine kein noch auch aber guten tag hallo vielen dank grüßen "
    "mehr bei nach wenn oder schon jetzt wieder nein ja leider alle sehr als um nur mein "
    "meine nutzen heißt erledigt",
    "fr": "le la les des du et est sont pas nous vous je notre nos votre un une pour sur avec dans "
    "que qui ce cette il elle ne plus depuis hier merci bonjour pourquoi comment quand peut "
    "pouvez mais ou aussi par au aux ont été être cela c'est n'est en de voici marche ça "
    "cordialement tous toujours bien oui non d'une l'erreur a",
    "es": "el la los las de del y es son no nosotros yo nuestro nuestra su un una para por con en "
    "que se lo desde ayer gracias hola cómo cuándo qué puede pueden pero o también ha han está "
    "están fue ya muy más este esta sí buenos días favor porque cuando como al les nos sigue "
    "funciona tarde saludos todavía hoy",
    "pt": "o os as um uma de do da dos das e é são não nós eu nosso nossa para por com em no na "
    "que se desde ontem obrigado obrigada olá como quando porque pode podem mas ou também foi "
    "está estão já muito mais este esta isso sim bom dia favor ao pelo pela meu minha os hoje "
    "continua ainda você vocês tem às falhou falha obrigada isto aos",
    "it": "il lo la i gli le di del della e è sono non noi io nostro nostra un una per con in che "
    "si da ieri grazie buongiorno ciao come quando perché può possono ma o anche ha hanno stato "
    "già molto più questo questa sì oggi al alla dal ci nel nella ancora sempre nessun cosa "
    "ora funziona mi arrivato potete saluti",
    "nl": "de het een en is zijn niet wij we ik onze ons uw voor van met op in dat die er geen "
    "sinds gisteren bedankt hallo waarom hoe wanneer kan kunnen maar of ook wordt worden werd "
    "heeft hebben nog al meer naar bij aan als dit deze goedemorgen graag groet weer ja nee "
    "klopt je mijn wat te om onze steeds",
    "pl": "i w na z do nie jest są się my ja nasz nasze nasza dla od że to co jak kiedy dlaczego "
    "czy dziękuję dziękujemy dzień dobry proszę wczoraj dziś już jeszcze ale lub także może "
    "mogą został było był po przez o za ten ta tym pomoc pozdrawiam nadal działa mam mamy",
    "sv": "och är inte vi jag det en ett för på med av som till har kan varför hur när sedan igår "
    "tack hej men eller också från den de om var inga ingen hälsningar alla fungerar kommit",
    "da": "og er ikke vi jeg det en et for på med af som til har kan hvorfor hvordan når siden "
    "tak hej men eller også fra den de om ingen venlig hilsen virker går",
    "cs": "a je není jsou se my já naše pro na s v že to co jak kdy proč děkuji dobrý den prosím "
    "včera dnes už ještě ale nebo také může od do z nefunguje",
    "tr": "ve bir bu için ile değil neden nasıl ne zaman teşekkürler merhaba lütfen dün bugün "
    "ama veya da de var yok çok daha gibi çalışmıyor biz",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _COMMON.items():
    for _word in set(_words.split()):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
# Letters that narrow it down.
_LETTERS = {
    "de": "ßäöü", "fr": "çœêèàùîôë", "es": "ñ¿¡áéíóú", "pt": "ãõçáéíóúâê", "it": "ìòàèù",
    "pl": "łąęśżźćń", "sv": "åäö", "da": "æøå", "cs": "řěůčšž", "tr": "ğışç", "nl": "ëï",
}  # fmt: skip


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text`; None where it cannot be told."""
    sample = _ASCII_RUN.sub(_unless_noise, text[:_SAMPLE])
    by_script = _by_script(sample)
    return by_script or _by_words(sample.lower())


def _unless_noise(found: re.Match[str]) -> str:
    return " " if _NOISE.search(found[0]) else found[0]


def _by_script(sample: str) -> str | None:
    if sample.isascii():
        return None
    latin = len(_LATIN.findall(sample))
    found = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    # Japanese is written with Chinese characters between its own, Ukrainian with Russian ones.
    if found["ja"]:
        found["ja"] += found.pop("zh")
    if found["uk"] * 20 > found["ru"]:
        found["uk"] += found.pop("ru")
    name, count = max(found.items(), key=lambda item: item[1])
    # One foreign character says as much as two or three letters, and terms stay Latin.
    return name if count >= _LEAST_LETTERS and 3 * count > latin else None


def _by_words(sample: str) -> str | None:
    votes: Counter[str] = Counter()
    words = _WORD.findall(sample)
    for word in words:
        languages = _LANGUAGES_OF.get(word.replace("’", "'"), ())
        for language in languages:
            votes[language] += 12 // len(languages)
    if not sample.isascii():
        for language, letters in _LETTERS.items():
            votes[language] += 4 * sum(min(3, sample.count(letter)) for letter in letters)
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 12:
        return None
    (name, best), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0
    return name if best > second else None
