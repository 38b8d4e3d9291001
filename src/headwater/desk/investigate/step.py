"""A query as the beginning of a playbook: the page that is left to be written."""

import re
from collections.abc import Sequence

import yaml

_WANTED = ("account_id", "object_id", "first_seen", "last_seen", "occurrences", "evidence_ids")


def page_name(title: str) -> str:
    """The id that a title suggests: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "new-playbook"


def playbook_page(title: str, sql: str, columns: Sequence[str]) -> str:
    """A playbook page with the query in its place and what has to be said marked TODO."""
    title = " ".join(title.split()) or "New playbook"
    front = yaml.safe_dump(
        {
            "id": page_name(title),
            "title": title,
            "area": "TODO",
            "covers": ["TODO"],
            "fixed_by": "TODO",
            "objects": [],
            "docs": [],
            "symptoms": ["TODO: twelve or more ways in which somebody would complain"],
            "confused_with": {},
            "optional": [],
        },
        sort_keys=False,
        allow_unicode=True,
    )
    facts = [name for name in columns if name not in _WANTED]
    words = " ".join(f"{name}: {{{{ {name} }}}}." for name in facts if name.isidentifier())
    todo = "\n".join(f"- {line}" for line in missing(sql, columns))
    return (
        f"---\n{front}---\n\n## Evidence\n\nTODO: what a row proves, and what it leaves out.\n"
        f"{todo}\n\n```sql\n{sql.strip().rstrip(';')}\n```\n\n"
        f"## For the user\n\nTODO: what happened, since when, and what to do.\n\n"
        f"## For an engineer\n\n{words or 'TODO'}\n\n"
        "## What to do\n\n1. TODO\n\n## If this is not it\n\nTODO: where to look next.\n"
    )


def missing(sql: str, columns: Sequence[str]) -> list[str]:
    """What the query still lacks to be a playbook's evidence, as sentences."""
    have = {name.lower() for name in columns}
    lines = [f"TODO: return the column `{name}`." for name in _WANTED if name not in have]
    if "$window_start" not in sql or "$window_end" not in sql:
        lines.append("TODO: bound the time by `$window_start` and `$window_end`.")
    own = sorted(set(re.findall(r"\$(\w+)", sql)) - {"window_start", "window_end"})
    if own:
        names = ", ".join(f"`${name}`" for name in own)
        lines.append(f"TODO: a playbook knows only the window; replace {names}.")
    return lines
