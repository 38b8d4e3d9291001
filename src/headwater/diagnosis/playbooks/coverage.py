"""Which failure modes of the catalogue a set of playbooks proves, as a page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from headwater.diagnosis.playbooks.documents import is_known_document, unknown_document
from headwater.diagnosis.playbooks.loader import mode_titles, playbook_folder
from headwater.diagnosis.playbooks.page import Playbook

_HEAD = """# Coverage: failure modes and the playbooks that prove them

Written by `headwater playbooks coverage`; a test fails when it is out of date. {covered} of {all}
modes of the catalogue have a playbook with evidence SQL.

| mode | what goes wrong | playbook |
| --- | --- | --- |
"""


_ASKED = """
## What the data does not show

| modes | why | what to ask |
| --- | --- | --- |
"""


def coverage_page(playbooks: Mapping[str, Playbook], folder: Path | None = None) -> str:
    """A Markdown table with a row for every mode, then what has to be asked instead."""
    proven: dict[str, list[str]] = {}
    for name, page in sorted(playbooks.items()):
        for mode in page.covers:
            proven.setdefault(mode, []).append(f"[{name}](../../playbooks/{page.area}/{name}.md)")
    titles = mode_titles()
    rows = "".join(
        f"| {mode} | {title} | {', '.join(proven.get(mode, ['asked, see below']))} |\n"
        for mode, title in titles.items()
    )
    asked = "".join(
        f"| {', '.join(each['modes'])} | {each['why']} | {' '.join(each['questions'])} |\n"
        for each in questions(folder)
    )
    head = _HEAD.format(covered=len(proven.keys() & titles.keys()), all=len(titles))
    return head + rows + (_ASKED + asked if asked else "")


def questions(folder: Path | None = None) -> list[dict[str, Any]]:
    """The entries of `questions.yaml` beside the pages; none where there is no such file.

    Raises PlaybookInvalid for a link to a page that the index does not know.
    """
    path = playbook_folder(folder) / "questions.yaml"
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    entries: list[dict[str, Any]] = yaml.safe_load(text)
    for entry in entries:
        for url in entry.get("docs", ()):
            if not is_known_document(url, path.parent):
                line = next(n for n, row in enumerate(text.splitlines(), 1) if url in row)
                raise unknown_document(url, path, line)
    return entries
