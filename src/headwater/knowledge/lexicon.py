"""Words of other languages with the English of the guide, from `guide/lexicon.txt`."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[.!?\n]+\s")
# Small words by which a sentence is known to be English, or not to be.
_ENGLISH = frozenset(
    """a about after all an and any are as at be been but by can did do does don for from get had
    has have how i if in is it its my not of on one or our out so some that the their them then
    there they this to us was we what when where which who why will with you your""".split()
)
_FOREIGN = frozenset(
    """aber auch auf aus bei bitte das dass dem den der des die ein eine einen einer er es fur
    habe haben hat ich ihr ihre im ist kann kein keine mehr mit nach nicht noch nur seit sich sie
    sind uber um und uns unser unsere von vor warum was wenn wie wird wir wo zu zum zur
    alors au aux avec avons c'est ce ces cette chez dans de depuis du elle en est et etre il je la
    le les leur mais ma mes mon n'a ne nos notre nous ou par pas pour pourquoi quand que quel qui
    sa se ses son sont sur un une vos votre vous
    al como con cuando del desde donde el ella esta este hay las lo los mi muy nos nuestra nuestro
    para pero por porque que ser sin su sus una unos ya y
    anche ancora che chi ci come cosa da dal dalla della delle di dopo dove ed gli ho il loro ma
    mio nel nella noi nostro non per perche piu quando questo sono sta sul tra tutti un una
    ao aos as com da das do dos e ela ele em esta eu foi ja mais meu minha nao nas nem no nossa
    nosso os ou para pela pelo por quando se seu sua tem uma voce
    aan als bij dat deze dit door een en geen heb hebben heeft het hoe ik in is je kan maar met
    mijn naar niet nog om onze ook op te uit van voor waarom wat we wel wij wordt ze zijn
    ale bo by byl czy dla dlaczego do gdzie i jak jest juz ktory ma mam mi moze mnie na nam nasz
    nie od po prosze przez sa sie tak to u w z za ze""".split()
) - _ENGLISH  # fmt: skip


class Lexicon:
    """Foreign words by stem. Build once from the lines of the guide's file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._starts: dict[str, list[str]] = defaultdict(list)
        self._within: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            english, colon, stems = line.partition(" : ")
            if not colon or line.startswith("#"):
                continue
            for stem in stems.split():
                kind = self._whole
                if stem.startswith("*"):
                    kind = self._within
                elif stem.endswith("*"):
                    kind = self._starts
                kind[stem.strip("*")].extend(english.split())

    def english(self, text: str, known: frozenset[str] | set[str] = frozenset()) -> list[str]:
        """The English words for the foreign ones of `text`, in order, with repeats.

        A word that is English too is left alone in an English sentence; `known` are such words.
        """
        found: list[str] = []
        for sentence in _SENTENCE.split(text):
            words = [plain(word) for word in _WORD.findall(sentence)]
            foreign = is_foreign(words)
            for word in words:
                if (foreign or word not in known) and word not in _ENGLISH:
                    found += dict.fromkeys(self._means(word))
        return found

    def _means(self, word: str) -> list[str]:
        whole = self._whole.get(word)
        if whole:
            return whole
        for length in range(len(word), 2, -1):
            if starts := self._starts.get(word[:length]):
                return starts
        # Compounds: the longest stem anywhere in the word.
        for length in range(len(word), 3, -1):
            for at in range(len(word) - length + 1):
                if within := self._within.get(word[at : at + length]):
                    return within
        return []


def plain(word: str) -> str:
    """Lower case, without accents: `Überweisung` as `uberweisung`."""
    lower = word.lower().replace("ß", "ss").replace("ł", "l").replace("ø", "o")
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def is_foreign(words: Iterable[str]) -> bool:
    """Whether small words of other languages outnumber the English ones."""
    words = list(words)
    return sum(word in _FOREIGN for word in words) > sum(word in _ENGLISH for word in words)
