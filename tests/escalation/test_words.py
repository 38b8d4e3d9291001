"""What is said to whom, and what is left out; Jira's documents."""

from typing import Any

import pytest

from headwater.escalation import rules
from headwater.escalation.trackers.adf import document, plain
from tests.escalation.fakes.jira import wrong_in


@pytest.mark.parametrize(("body", "heard"), [
    ("/support Hello", "Hello"), ("Ours.\n\n  /support: Hello\nyou", "Hello\nyou"),
    ("/SUPPORT\r\nHello", "Hello"), ("see /support", ""), ("/supporting cast", ""),
    ("> /support quoted", ""), ("", ""), ("/support", ""),
])  # fmt: skip
def test_what_is_for_support(body: str, heard: str) -> None:
    assert rules.for_support(body) == heard


def test_a_mark_counts_alone_on_its_line_only() -> None:
    ref = "ecm_0123456789abcd"
    assert rules.is_ours(f"Hello\n\n{rules.mark(ref)}")
    assert rules.is_ours(f"Hello\n\n{rules.mark(ref, hidden=False)}")
    assert not rules.is_ours(f"> Hello\n> {rules.mark(ref)}\n\nYes.")
    assert not rules.carries(f"> {rules.mark(ref)}", ref)
    assert not rules.carries(rules.mark("ecm_0123456789abce"), ref)


def test_names_and_secrets_stay_here() -> None:
    from headwater.kit.clock import utc_now

    page = rules.issue_page(
        "# A\n\n> write to ada@shop.example or ask @octocat\n\n    @decorator",
        ask="Card 4242 4242 4242 4242", severity="major", next_update_at=utc_now(),
        case_url="https://desk.example/cases/case_1/",
    )  # fmt: skip
    assert "ada@shop.example" not in page and "4242 4242 4242 4242" not in page
    assert "@octocat" not in page and "octocat" in page and "@decorator" in page
    title = rules.issue_title("Help\r\n@octocat ada@shop.example " + "x" * 400, "minor", "case_1")
    assert "\n" not in title and "@octocat" not in title and len(title) <= 200


def test_a_page_beyond_the_bound_ends_well() -> None:
    page = "# A\n\n```sql\n" + "select 1\n" * 500 + "```\n\nThe end."
    cut = rules.fitting(page, 1_000, "https://desk.example/c")
    assert len(cut) <= 1_000 and cut.count("```") == 2
    assert cut.endswith("The rest is in the case: https://desk.example/c")
    assert rules.fitting("short", 1_000, "x") == "short"


PAGE = """# Orders stay unpaid

- Case: `case_1`
- Account: **acct_1**, [docs](https://example.com/a)

1. one
2. two

## Evidence

| id | n |
| --- | --- |
| `we_1` | 3 |
| a\\|b |  |

```sql
select *
from t
```

***

> Hello
>
> > older words
> # not a heading
> | not | a table |

The end\\
of it.
"""


def test_a_document_is_what_jira_takes() -> None:
    made = document(PAGE)
    assert wrong_in(made) == ""
    kinds = [each["type"] for each in made["content"]]
    assert kinds == ["heading", "bulletList", "orderedList", "heading", "table", "codeBlock",
                     "rule", "blockquote", "paragraph"]  # fmt: skip
    words = plain(made)
    for text in ("case_1", "we_1", "a|b", "select *\nfrom t", "> older words", "# not a heading"):
        assert text in words, text


@pytest.mark.parametrize("text", ["", "   ", "> ", "- ", "```\n```", "| a |\n| - |\n|  |", "****"])
def test_hollow_markdown_is_a_document_too(text: str) -> None:
    assert wrong_in(document(text)) == ""


def test_words_of_a_document_with_what_people_put_in() -> None:
    content: dict[str, Any] = {"type": "doc", "content": [
        {"type": "paragraph", "content": [
            {"type": "text", "text": "/support ask "},
            {"type": "mention", "attrs": {"text": "@Dana"}},
            {"type": "hardBreak"},
            {"type": "inlineCard", "attrs": {"url": "https://example.com"}},
        ]},
        {"type": "paragraph", "content": [{"type": "text", "text": "Bye"}]},
    ]}  # fmt: skip
    assert plain(content) == "/support ask @Dana\nhttps://example.com\nBye"
    assert plain(None) == "" and plain({"type": "doc"}) == ""
