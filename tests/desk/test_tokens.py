"""Colours keep their contrast in light and dark, computed from the tokens themselves."""

import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "src/headwater/desk/static/desk/css"
_PAIR = re.compile(
    r"--([\w-]+): light-dark\(oklch\(([\d.]+) ([\d.]+) ([\d.]+)\), "
    r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)\);"
)
TONES = ("ok", "warn", "bad", "mute", "brand")
SURFACES = ("sunk", "surface", "raised", "hover", "selected")
PAIRS = [
    *[(tone, f"{tone}-soft") for tone in TONES],
    *[("text", f"{tone}-soft") for tone in (*TONES, "note")],
    *[("text-soft", surface) for surface in (*SURFACES, "note-soft", "mute-soft")],
    *[("text", surface) for surface in SURFACES],
    *[("brand", surface) for surface in (*SURFACES, "note-soft")],
    ("on-brand", "brand"), ("on-brand", "brand-strong"), ("bad", "sunk"), ("bad", "raised"),
    ("bad", "surface"),
]  # fmt: skip


def tokens() -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    found = {}
    for name, *numbers in _PAIR.findall((CSS / "tokens.css").read_text()):
        values = tuple(float(number) for number in numbers)
        found[name] = (values[:3], values[3:])
    return found


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """WCAG relative luminance of an oklch colour, clipped into sRGB as browsers show it."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    bright, dim = sorted((luminance(*one), luminance(*other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_white_on_black_is_21() -> None:
    assert contrast((1.0, 0.0, 0.0), (0.0, 0.0, 0.0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), PAIRS, ids=lambda name: str(name))
def test_text_is_readable_on_its_surface(text: str, surface: str, scheme: int) -> None:
    known = tokens()
    assert contrast(known[text][scheme], known[surface][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_field_is_visible(scheme: int) -> None:
    known = tokens()
    assert contrast(known["line-strong"][scheme], known["surface"][scheme]) >= 3


def test_only_the_token_file_holds_colours() -> None:
    raw = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|color-mix)\(", re.IGNORECASE)
    bad = {
        path.name: raw.findall(path.read_text())
        for path in CSS.glob("*.css")
        if path.name != "tokens.css" and raw.search(path.read_text())
    }
    assert bad == {}
