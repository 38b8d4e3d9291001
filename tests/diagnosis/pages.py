"""Playbooks made in a test, so that ranking is tested apart from the shipped pages."""

from pathlib import Path

from headwater.diagnosis.playbooks import Playbook


def page(
    name: str, title: str, symptoms: list[str], sql: str = "SELECT 1 AS one", **more: object
) -> Playbook:
    """A playbook with the given words; everything else is plain."""
    values: dict[str, object] = {
        "id": name,
        "title": title,
        "area": "test",
        "covers": ("DEC-01",),
        "fixed_by": "user",
        "objects": ("charge",),
        "docs": ("https://docs.stripe.com/declines",),
        "symptoms": tuple(symptoms),
        "confused_with": {},
        "optional": (),
        "sql": sql,
        "columns": (
            "account_id",
            "object_id",
            "first_seen",
            "last_seen",
            "occurrences",
            "evidence_ids",
        ),
        "user_template": "{{ occurrences }} seen.",
        "engineer_template": "{{ object_id }}: {{ occurrences }}.",
        "what_to_do": "Look.",
        "if_not": "Look elsewhere.",
        "path": Path(f"{name}.md"),
        **more,
    }
    return Playbook(**values)  # type: ignore[arg-type]
