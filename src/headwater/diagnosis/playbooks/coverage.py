"""Which failure modes of the catalogue a set of playbooks proves, as a page."""

from collections.abc import Mapping

from headwater.diagnosis.playbooks.loader import mode_titles
from headwater.diagnosis.playbooks.page import Playbook

_HEAD = """# Coverage: failure modes and the playbooks that prove them

Written by `headwater playbooks coverage`; a test fails when it is out of date. {covered} of {all}
modes of the catalogue have a playbook with evidence SQL.

| mode | what goes wrong | playbook |
| --- | --- | --- |
"""


def coverage_page(playbooks: Mapping[str, Playbook]) -> str:
    """A Markdown table with a row for every mode, in the catalogue's order."""
    proven: dict[str, list[str]] = {}
    for name, page in sorted(playbooks.items()):
        for mode in page.covers:
            proven.setdefault(mode, []).append(f"[{name}](../../playbooks/{page.area}/{name}.md)")
    titles = mode_titles()
    rows = "".join(
        f"| {mode} | {title} | {', '.join(proven.get(mode, ['not covered yet']))} |\n"
        for mode, title in titles.items()
    )
    return _HEAD.format(covered=len(proven.keys() & titles.keys()), all=len(titles)) + rows
