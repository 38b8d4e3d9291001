"""Write the vendored fonts, the icon sprite and the manifest from `assets/node_modules`.

Run rarely and only to change a version or add an icon:
    cd assets && npm ci --ignore-scripts && python vendor.py
Everything it writes is committed, so installing and testing Headwater needs no Node.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
TARGET = HERE.parent / "src/headwater/desk/static/desk/vendor"

FONTS = {
    "inter.woff2": ("@fontsource-variable/inter", "inter-latin-wght-normal.woff2"),
    "jetbrains-mono.woff2": (
        "@fontsource-variable/jetbrains-mono",
        "jetbrains-mono-latin-wght-normal.woff2",
    ),
}


def main() -> None:
    """Copy the fonts, draw the sprite from `icons.txt`, and record every file's hash."""
    TARGET.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, (package, source) in FONTS.items():
        shutil.copyfile(MODULES / package / "files" / source, TARGET / name)
        shutil.copyfile(MODULES / package / "LICENSE", TARGET / f"{name}.LICENSE.txt")
        entries += [entry(name, package), entry(f"{name}.LICENSE.txt", package)]
    (TARGET / "icons.svg").write_text(sprite())
    shutil.copyfile(MODULES / "lucide-static/LICENSE", TARGET / "icons.svg.LICENSE.txt")
    entries += [
        entry("icons.svg", "lucide-static"),
        entry("icons.svg.LICENSE.txt", "lucide-static"),
    ]
    (TARGET / "manifest.json").write_text(json.dumps({"files": entries}, indent=2) + "\n")


def sprite() -> str:
    """One SVG whose symbols are exactly the icons named in `icons.txt`."""
    symbols = []
    for name in sorted(set((HERE / "icons.txt").read_text().split())):
        svg = (MODULES / "lucide-static/icons" / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if inner is None:
            raise SystemExit(f"icons.txt names {name}, but its file holds no drawing.")
        body = "".join(line.strip() for line in inner.group(1).splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    head = '<svg xmlns="http://www.w3.org/2000/svg">'
    return head + "\n" + "\n".join(symbols) + "\n</svg>\n"


def entry(name: str, package: str) -> dict[str, str]:
    """The manifest line of one written file."""
    about = json.loads((MODULES / package / "package.json").read_text())
    digest = hashlib.sha256((TARGET / name).read_bytes()).hexdigest()
    return {
        "file": name,
        "name": package,
        "version": about["version"],
        "licence": about["license"],
        "sha256": digest,
    }


if __name__ == "__main__":
    main()
