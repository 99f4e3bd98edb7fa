"""HTML as the shop keeps it."""

import pytest

from demo.prestashop.css import clean_style
from demo.prestashop.html_cleaning import purify
from demo.prestashop.slug import slug
from tests.demo.prestashop.asking import Asker, texts


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p><b>x", "<p><b>x</b></p>"),
        ("<p>a & b < c</p>", "<p>a &amp; b &lt; c</p>"),
        ("plain text", "plain text"),
        ("<blink>x</blink>", "x"),
        ("<section><article>x</article></section>", "x"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul>x</ul>", "<ul><li>x</li></ul>"),
        ("<li>x</li>", "x"),
        ("<br>", "<br />"),
        ("<strong><em>x</strong></em>", "<strong><em>x</em></strong>"),
        ("<span>a<div>b</div>c</span>", "<span>a</span><div>b</div>c"),
        ("<table><tr><td>1<td>2</table>", "<table><tr><td>1</td><td>2</td></tr></table>"),
        ("<p>x</p>\r\n<p>y</p>", "<p>x</p>\n<p>y</p>"),
        ("<p>&eacute;&nbsp;&euro;&quot;</p>", '<p>é\u00a0€"</p>'),
        ("<p>&bogus;</p>", "<p>&amp;bogus;</p>"),
        ("<!-- c --><p>x</p>", "<!-- c --><p>x</p>"),
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style>x", "x"),
        ('<p data-x="1" align="center">a</p>', '<p align="center">a</p>'),
        ("<p title='it\"s'>x</p>", '<p title="it&quot;s">x</p>'),
        ('<p lang="fr">x</p>', '<p lang="fr" xml:lang="fr">x</p>'),
        ('<img src="a/b.jpg">', '<img src="a/b.jpg" alt="b.jpg" />'),
        ('<img src="a b.jpg" alt="" width="20px">', '<img src="a%20b.jpg" alt="" width="20" />'),
        ('<a href="http://x.fr">l</a>', '<a href="http://x.fr">l</a>'),
        ('<a href="data:x">m</a>', "<a>m</a>"),
        ('<a href="/?a=1&b=2">m</a>', '<a href="/?a=1&amp;b=2">m</a>'),
        (
            '<a href="http://x.fr" target="_blank">l</a>',
            '<a href="http://x.fr" target="_blank" rel="noreferrer noopener">l</a>',
        ),
        (
            '<a href="/" rel="nofollow" target="_blank">l</a>',
            '<a href="/" rel="nofollow noreferrer noopener" target="_blank">l</a>',
        ),
        ('<font color="red">x</font>', '<font color="#FF0000">x</font>'),
        ('<p style="color:bogus">x</p>', "<p>x</p>"),
    ],
)
def test_purified(sent: str, kept: str) -> None:
    assert purify(sent) == kept


@pytest.mark.parametrize("html", ["<p><b>x", "<p style='color:red'>a & b", "<ul>x<li>y", "a<div>b"])
def test_purifying_twice_changes_nothing_more(html: str) -> None:
    once = purify(html)
    assert purify(once) == once


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("color:red;position:fixed", "color:#FF0000;"),
        ("COLOR: rgb(255, 0, 10)", "color:rgb(255,0,10);"),
        ("color:#abc", "color:#abc;"),
        ("font-weight: bold ; color : Blue", "font-weight:bold;color:#0000FF;"),
        ("margin:0 auto;font-size:12px", "margin:0 auto;font-size:12px;"),
        ("border:1px solid black", "border:1px solid #000000;"),
        ("background:url(x.png)", 'background:url("x.png");'),
        ("display:none", ""),
        ("color:red !important", "color:#FF0000;"),
        ("", ""),
    ],
)
def test_styles(sent: str, kept: str) -> None:
    assert clean_style(sent) == kept


def test_a_description_is_read_otherwise_than_sent(ask: Asker) -> None:
    html = "&lt;p style=&quot;color:red&quot;&gt;&lt;b&gt;x"
    body = (
        f"<x><price>1</price><name>{texts('A')}</name><description>{texts(html)}</description></x>"
    )
    answer = ask("POST", "products", body)
    assert answer.values("product/description/language")[0] == '<p style="color:red"><b>x'
    read = ask.get("products/1").values("product/description/language")[0]
    assert read == '<p style="color:#FF0000;"><b>x</b></p>'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Été: crème & brûlée 100%", "ete-creme-brulee-100"),
        ("Pas Bon é/", "pas-bon-e-"),
        ("  L'œuf  ", "l-oeuf"),
        ("", ""),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected
