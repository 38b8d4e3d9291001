"""What to ask where the data proves nothing: the pages that hold questions instead of SQL. Pure.

A page fits when the user's words lie as close to it as to the playbooks closest to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.playbooks.coverage import questions
from headwater.diagnosis.text import TextIndex

# How close to the closest playbook a page of questions must be.
_CLOSE: Final = 0.6
_PREFIX: Final = "?"


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Questions about failure modes that the platform's data shows in part or not at all."""

    id: str
    title: str
    modes: tuple[str, ...]
    why: str
    questions: tuple[str, ...]
    docs: tuple[str, ...]
    symptoms: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """What is shown of it, as JSON values."""
        return {name: value for name, value in asdict(self).items() if name != "symptoms"}


def load_questions(folder: Path | None = None) -> tuple[QuestionPage, ...]:
    """The pages of `questions.yaml` beside the playbooks. Raises PlaybookInvalid."""
    return tuple(
        QuestionPage(
            id=each["id"], title=each["title"], modes=tuple(each["modes"]), why=each["why"],
            questions=tuple(each["questions"]), docs=tuple(each.get("docs", ())),
            symptoms=tuple(each.get("symptoms", ())),
        )
        for each in questions(folder)
    )  # fmt: skip


class QuestionIndex:
    """Pages of questions beside the playbooks, searchable by a user's words."""

    def __init__(self, playbooks: Mapping[str, Playbook], pages: Sequence[QuestionPage]) -> None:
        self._pages = {f"{_PREFIX}{page.id}": page for page in pages}
        like = next(iter(playbooks.values()), None)
        asked = {
            name: replace(
                like, id=name, title=page.title, covers=(), symptoms=page.symptoms, sql="",
                user_template=" ".join((page.why, *page.questions)),
            )
            for name, page in self._pages.items()
            if like is not None
        }  # fmt: skip
        self._texts = TextIndex({**playbooks, **asked}) if asked else None

    def fitting(self, text: str) -> QuestionPage | None:
        """The page of questions that `text` is about, or None. Not for two threads at once."""
        if self._texts is None:
            return None
        scores = self._texts.scores(text)
        best = max(self._pages, key=lambda name: scores[name])
        if scores[best] <= 0 or scores[best] < _CLOSE * max(scores.values()):
            return None
        return self._pages[best]
