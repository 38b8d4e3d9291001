"""What a mail says in words that can tell causes apart. Pure, and linear in the text."""

import re
from collections.abc import Collection, Iterable

from headwater.diagnosis.ids import ids_in
from headwater.knowledge.guide import lexicon, synonyms

_WORD = re.compile(r"[^\W_]{2,}")
_PART = re.compile(r"[^\W_]{3,}")
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_REPLY_HEAD = re.compile(
    r"^(?:-{2,} ?Original Message ?-{2,}|(?:On|Am|Le|El|Em|Il|Op|W dniu|Den)\b.{5,120}"
    r"(?:wrote|writes|schrieb.{0,40}|a [eé]crit|escribi[oó]|escreveu|ha scritto|schreef|napisał)"
    r" ?:)\s*$",
    re.MULTILINE,
)
_SIGN_OFF = re.compile(
    r"^(?:--+ *$|(?:thanks|thank you|many thanks|thx|best|kind regards|regards|cheers|sincerely|"
    r"yours|sent from my|mit freundlichen|viele gr[uü](?:ß|ss)e|(?:beste |liebe )?gr[uü](?:ß|ss)e?|"
    r"mfg|von meinem|merci|cordialement|bien [aà] vous|envoy[eé] de mon|gracias|saludos|un saludo|"
    r"atentamente|enviado desde|grazie|cordiali saluti|saluti|obrigad[oa]|atenciosamente|"
    r"met vriendelijke|groeten|pozdrawiam|z powa[zż]aniem)\b.{0,40}$)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|hallo|guten tag|bonjour|"
    r"buenos d[ií]as|hola|buongiorno|ciao|ol[aá]|bom dia|beste|dzie[nń] dobry|sehr geehrte)"
    r"(?: \S+){0,3}[,!.]?$",
    re.IGNORECASE,
)
# A sign-off stands within this many written lines of the end, and what follows it is short.
_TAIL = 6
_TAIL_LINE = 60
_TROUBLE = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|cannot|\w+n['’]?t|without|missing|fail\w*|error\w*|"
    r"refus\w*|reject\w*|declin\w*|den[iy]\w*|block\w*|wrong|broke\w*|stop\w*|stuck|late|delay\w*|"
    r"slow\w*|twice|double\w*|duplicat\w*|lost|gone|invalid|expired|disabled|throw\w*|crash\w*|"
    r"problem\w*|issue\w*|bugs?|trouble|unable|impossible|unexpected|time[ds]?[ -]?out\w*|empty|"
    r"less|high\w*|much|too|why|negative|minus|dispute\w*|chargeback\w*|fraud\w*|complain\w*|[45]\d\d|"
    r"waiting|pending|still|again)\b",
    re.IGNORECASE,
)
# Words of courtesy and glue. They match by accident in a corpus of a few dozen short pages.
_GLUE = frozenset(
    """a about after again all also am an and any are as at be because been before but by can
    cannot could did do does don doing down each else even every few for from get got had
    has have hello help her here hey hi him his how however if in into is it its itself just
    know let like ll look looking many may me might more most much must my need no nor not
    now of off ok on once one only or other our out over please pls really regards re s same
    see seem seems she should since so some something still such sure t thank thanks than
    that the their them then there these they thing things think this those through to today
    too try trying under until up us use using ve very was way we well were what when where
    which while who why will with would yesterday yet you your team support best dear kind
    morning afternoon guys anyone sincerely cheers""".split()
)


def without_quotes(text: str) -> str:
    """`text` without quoted older mails; its signature is kept."""
    return _QUOTED.sub(" ", _REPLY_HEAD.split(text, maxsplit=1)[0])


def fresh(text: str) -> str:
    """`text` without quoted older mails, its greeting and its signature."""
    lines = without_quotes(text).split("\n")
    written = [n for n, line in enumerate(lines) if line.strip()]
    for place in range(max(1, len(written) - _TAIL), len(written)):
        tail = written[place:]
        short = all(len(lines[n].strip()) <= _TAIL_LINE for n in tail)
        if short and _SIGN_OFF.match(lines[tail[0]].strip()):
            lines = lines[: tail[0]]
            break
    return "\n".join(line for line in lines if not _GREETING.match(line.strip()))


def terms(text: str, known: Collection[str] = frozenset()) -> list[str]:
    """The words of a fresh `text` that can tell playbooks apart, in order; foreign ones in
    English too. `known` are words that are certainly English."""
    words = [word.lower() for word in _WORD.findall(text)]
    said = [word for word in words if word not in _GLUE and not _opaque(word)]
    meant = (word.lower() for word in lexicon().english(text, set(known)))
    return said + [word for word in meant if word not in _GLUE]


def meant(text: str, said: Iterable[str]) -> list[str]:
    """The reference's words for users' phrases, but those that the text says itself."""
    words = (word.lower() for phrase in synonyms().means(text) for word in _PART.findall(phrase))
    return sorted({word for word in words if word not in _GLUE} - set(said))


def every_term(text: str, known: Collection[str] = frozenset()) -> list[str]:
    """All words of a fresh `text`, also those of courtesy and glue; foreign ones in English too."""
    words = [word.lower() for word in _WORD.findall(text)]
    meant = (word.lower() for word in lexicon().english(text, set(known)))
    return [word for word in (*words, *meant) if not _opaque(word)]


def tells_of_trouble(text: str, known: Collection[str] = frozenset()) -> bool:
    """Whether a fresh `text` holds a word of failing, lacking or wondering, or an object's id."""
    meant = " ".join(lexicon().english(text, set(known)))
    return bool(ids_in(text) or _TROUBLE.search(text) or _TROUBLE.search(meant))


def _opaque(word: str) -> bool:
    # Ids and hashes: long, and letters mixed with digits. Names of errors are long too, but words.
    return len(word) > 40 or (
        len(word) > 8 and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
    )
