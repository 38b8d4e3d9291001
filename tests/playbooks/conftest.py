"""A playbook page to spoil: tests change one thing and read what is said about it."""

from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = """\
---
id: too-many
title: Too many requests
area: limits
covers: [RATE-01]
fixed_by: user
objects: [request]
docs:
  - https://docs.stripe.com/rate-limits
symptoms: ["calls fail when it is busy"]
confused_with: {RATE-02: "another code"}
---

## Evidence

```sql
SELECT
  l.account_id,
  l.account_id AS object_id,
  min(l.created) AS first_seen,
  max(l.created) AS last_seen,
  count(*) AS occurrences,
  string_agg(l.id, ',' ORDER BY l.id) AS evidence_ids
FROM api_request_logs AS l
WHERE l.created >= $window_start
  AND l.created < $window_end
  AND l.status = 429
GROUP BY l.account_id
```

## For the user

{{ occurrences|count("request") }} refused since {{ first_seen|when }}.

## For an engineer

{{ occurrences }} with status 429: {{ evidence_ids }}

## What to do

1. Slow down.

## If this is not it

Look at 5xx.
"""


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes the page with `old` replaced by `new` and returns its path."""

    def write(old: str = "", new: str = "") -> Path:
        assert old in PAGE
        path = tmp_path / "limits" / "too-many.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE.replace(old, new, 1) if old else PAGE, "utf-8")
        return path

    return write
