"""A new page that already proves itself, to be changed line by line."""

import re
from importlib import resources
from pathlib import Path
from string import Template

from headwater.diagnosis.playbooks.errors import PlaybooksRefused

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def start_playbook(folder: Path, name: str) -> tuple[Path, Path]:
    """Writes `<area>/<id>.md` and its test data into `folder`; gives both paths.

    Raises PlaybooksRefused for a name that is not AREA/ID, and where a page is there already.
    """
    area, _, identity = name.partition("/")
    if not _NAME.fullmatch(area) or not _NAME.fullmatch(identity):
        raise PlaybooksRefused(
            f"{name!r} does not name a playbook.",
            param="AREA/ID",
            hint="Give the folder and the id in small letters, such as limits/burst-of-refusals.",
        )
    taken = sorted(folder.glob(f"*/{identity}.md"))
    page = folder / area / f"{identity}.md"
    tests = page.with_name(f"{identity}.test.yaml")
    if taken or tests.exists():
        raise PlaybooksRefused(
            f"{(taken or [tests])[0]} is there already.", param="AREA/ID", hint="Choose another id."
        )
    page.parent.mkdir(parents=True, exist_ok=True)
    skeleton = resources.files(__package__) / "skeleton"
    text = (skeleton / "page.md").read_text("utf-8")
    with page.open("x", encoding="utf-8") as file:
        file.write(Template(text).substitute(id=identity, area=area))
    with tests.open("x", encoding="utf-8") as file:
        file.write((skeleton / "page.test.yaml").read_text("utf-8"))
    return page, tests
