"""Vendored files are what the manifest says, and only the icons in use are shipped."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DESK = ROOT / "src/headwater/desk"
VENDOR = DESK / "static/desk/vendor"


def test_every_file_has_the_recorded_hash_version_and_licence() -> None:
    entries = json.loads((VENDOR / "manifest.json").read_text())["files"]
    recorded = {entry["file"]: entry for entry in entries}
    on_disk = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    assert set(recorded) == on_disk
    wanted = json.loads((ROOT / "assets/package.json").read_text())["dependencies"]
    for name, entry in recorded.items():
        digest = hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()
        assert digest == entry["sha256"], name
        assert entry["licence"] in {"OFL-1.1", "ISC", "MIT"}, name
        assert wanted[entry["name"]] == entry["version"], name


def test_the_sprite_holds_exactly_the_icons_in_use() -> None:
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "icons.svg").read_text()))
    sources = [*DESK.rglob("*.py"), *DESK.rglob("*.html"), *DESK.rglob("*.js")]
    text = "\n".join(path.read_text() for path in sources)
    words = set(re.findall(r"[\"'#]([a-z]+(?:-[a-z]+)*)[\"']", text))
    assert symbols <= words, symbols - words
    named = set(re.findall(r'(?:icon|c-icon name)="([a-z-]+)"', text))
    assert named <= symbols, named - symbols
