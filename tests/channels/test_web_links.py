"""A link says where it leads as a browser reads it, whatever it is made to look like."""

import pytest

from headwater.channels.markup import Page
from headwater.channels.showing import shown
from headwater.channels.web_links import host_of, leads_to


def body(html: str, *, images: bool = False) -> str:
    return shown(Page(html).safe(), images=images).body


@pytest.mark.parametrize(
    ("text", "target", "where", "false"),
    [
        ("here", "https://shop.example/x", "shop.example", False),
        ("shop.example", "https://shop.example/x", "", False),
        ("www.shop.example/a", "https://pay.shop.example/x", "pay.shop.example", False),
        ("bank.example", "https://evil.example/", "evil.example", True),
        ("bank.example", "https://bank.example.evil.example/", "bank.example.evil.example", True),
        ("bank.example", "https://bank.example@evil.example/", "evil.example", True),
        ("bank.example", "https://evil.example\\@bank.example/", "evil.example", True),
        ("bank.example", "https:evil.example", "evil.example", True),
        ("bank.example", "https:///evil.example/", "evil.example", True),
        ("bank.example", "https://b\u0430nk.example/", "xn--bnk-6cd.example", True),
        ("b\u0430nk.example", "https://b\u0430nk.example/", "xn--bnk-6cd.example", False),
        ("bank.example evil.example", "https://evil.example/", "evil.example", True),
        ("bank.example a@bank.example", "https://evil.example/", "evil.example", True),
        ("ada@shop.example", "mailto:eve@evil.example", "eve@evil.example", True),
        ("write us", "mailto:eve@evil.example?subject=x", "eve@evil.example", False),
    ],
)
def test_a_link_says_where_it_leads(text: str, target: str, where: str, false: bool) -> None:
    html = body(f'<p><a href="{target}" title="bank.example">{text}</a> after</p>')
    assert ("leads-elsewhere" in html) == false
    if where:
        assert f"[{where}]" in html
    assert 'title="bank.example"' not in html
    assert "\\" not in html
    assert html.endswith(" after</p></div>")


@pytest.mark.parametrize(
    "target",
    ["/sign-out/", "x", "javascript:x()", "https://", "//a.example", "ftp://a.example/",
     "https://a b.example/", "mailto:"],
)  # fmt: skip
def test_other_links_lead_nowhere(target: str) -> None:
    assert "href" not in body(f'<a href="{target}">x</a>')
    assert leads_to(target) is None


def test_addresses_as_browsers_read_them() -> None:
    found = leads_to('HTTPS:\\\\ada:x@a.example:99\\b c?c=\\d"')
    assert found is not None
    assert (found.address, found.where) == ("https://a.example:99/b%20c?c=%5Cd%22", "a.example")
    assert leads_to("https://[broken") is None
    assert host_of("https://b\u0430nk.example/") == "xn--bnk-6cd.example"
    assert host_of("https://[::1]:8/") == "[::1]"


def test_pictures_are_asked_of_the_open_internet_alone() -> None:
    html = '<img src="http://10.0.0.1/x"><img src="https://x.example/y" alt="Y">'
    assert "src" not in body(html)
    asked = body(html, images=True)
    assert "10.0.0.1" not in asked
    assert 'src="https://x.example/y"' in asked
