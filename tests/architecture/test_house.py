"""Rules of the house that no linter knows."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
# A file past 800 lines is asking to become two. Name it here with the reason, or split it.
LONG_FILES: dict[str, str] = {}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_module_is_longer_than_800_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    too_long = {name: n for name, n in lengths.items() if n > 800 and name not in LONG_FILES}
    assert not too_long


@pytest.mark.parametrize(
    "room", sorted(path.parent.name for path in (ROOT / "src/headwater").glob("*/__init__.py"))
)
def test_every_room_has_a_short_readme(room: str) -> None:
    if room in {"cli", "project"}:
        pytest.skip("an entrance's assembly, described in CONTRIBUTING.md")
    readme = ROOT / "src/headwater" / room / "README.md"
    assert readme.exists(), f"{room}/README.md is missing"
    assert len(readme.read_text().splitlines()) <= 40


def test_no_django_signals() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"django\.db\.models\.signals|django\.dispatch", path.read_text())
    ]
    assert not offenders


def test_no_package_registry_is_named() -> None:
    hosts = ["pypi" + ".org", "files.python" + "hosted", "registry." + "npmjs", "deb.deb" + "ian"]
    texts = {path: path.read_bytes() for path in tracked()}
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path, data in texts.items()
        for host in hosts
        if host.encode() in data
    ]
    assert not named


def test_every_command_is_named_in_the_docs() -> None:
    from headwater.cli.main import COMMANDS

    docs = "\n".join(path.read_text() for path in (ROOT / "docs").rglob("*.md"))
    docs += (ROOT / "README.md").read_text()
    missing = [name for name in COMMANDS if f"headwater {name}" not in docs]
    assert not missing


def test_links_in_the_docs_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken


def test_the_page_of_the_contract_is_current() -> None:
    from headwater.evidence.contract import load_contract
    from headwater.evidence.contract_page import contract_page

    page = (ROOT / "docs/evidence-contract.md").read_text()
    assert page == contract_page(load_contract()), "headwater evidence contract > docs/…"


def test_every_job_is_known_to_the_worker() -> None:
    from django.conf import settings

    written = {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        for path in SOURCES
        if re.search(r"^@job\(", path.read_text(), re.M)
    }
    assert written == set(settings.JOB_MODULES)
