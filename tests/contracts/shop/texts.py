"""Steps: HTML in a product's texts; what is refused and what comes back rewritten.

Each good text is written over the same product and read again, in both languages.
"""

from tests.contracts.shop.bodies import both, one
from tests.contracts.shop.model import Step
from tests.contracts.shop.products import refused

_GOOD = {
    "plain paragraphs": "<p>One</p><p>Two</p>",
    "bare text": "Just text, no tag",
    "unclosed": "<p><b>x",
    "crossed tags": "<p><b>x<i>y</b>z</i></p>",
    "list": "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>",
    "unclosed list items": "<ul><li>a<li>b</ul>",
    "headings and rules": "<h1>a</h1><h2>b</h2><hr/><br>c<br/>",
    "ampersand": "a & b < c &amp; d &lt; e &eacute; &nbsp; &euro; &#233; &quot;",
    "no-break space": "a\u00a0b &nbsp;c\u202f!",
    "accents": "Été « œuvre » – l’été… ½ ™",
    "emoji": "<p>😀 shoe</p>",
    "style colours": '<p style="color:red;position:fixed;background:#fff">x</p>'
    '<span style="color:#abc;font-size:12px;text-align:center">y</span>',
    "style with what is unknown": '<p style="color: blue; --x: 1; margin: 1px 2px;'
    ' display:none">x</p>',
    "style of fonts and borders": '<p style="font-family: Arial, sans-serif; border: 1px solid red;'
    ' width:50%; float:left; text-decoration:underline; font-weight:bold">x</p>',
    "table": '<table border="1" width="100%"><thead><tr><th>a</th></tr></thead><tbody><tr>'
    '<td colspan="2" valign="top">b</td></tr></tbody></table>',
    "table without tbody": "<table><tr><td>a<td>b<tr><td>c</table>",
    "link": '<a href="https://example.com/a?b=1&c=2">x</a>',
    "link in a new window": '<a href="https://example.com" target="_blank">x</a>',
    "link with its own rel": '<a href="http://example.com" rel="nofollow" title="t">x</a>',
    "link to a place here": '<a href="/men" class="c" id="i" name="n">x</a>',
    "mail link": '<a href="mailto:a@example.com">x</a>',
    "image": '<img src="https://example.com/a.jpg" alt="A" width="10" height="20">',
    "image without alt": '<img src="a.jpg">',
    "unknown tags": "<foo>a</foo><p><bar>b</bar></p><section>c</section><article>d</article>",
    "font and center": '<center><font color="red" size="2" face="Arial">x</font></center>',
    "old tags": "<strike>a</strike><u>b</u><s>c</s><big>d</big><tt>e</tt><acronym>f</acronym>",
    "comment": "<p>a<!-- hidden -->b</p>",
    "block inside inline": "<b><p>x</p></b>",
    "paragraph in paragraph": "<p>a<p>b</p></p>",
    "div in paragraph": "<p>a<div>b</div>c</p>",
    "text between blocks": "a<p>b</p>c<div>d</div>e",
    "classes and data": '<p class="a b" id="x" data-x="1" lang="fr" dir="ltr" align="center">x</p>',
    "empty elements": "<p></p><b></b><p> </p><div></div>",
    "white space": "<p>  a  b\n\n c\t</p>\r\n<p>d</p>",
    "quote and code": "<blockquote>a</blockquote><pre> a\n  b</pre><code>c</code>",
    "quote around a paragraph": "<blockquote><p>a</p></blockquote><address>b</address>",
    "definition list": "<dl><dt>a</dt><dd>b</dd></dl>",
    "sup, sub, small": "x<sup>2</sup> H<sub>2</sub>O <small>s</small> <em>e</em>"
    " <strong>t</strong>",
    "capital tags": "<P>A</P><BR><B>b</B><A HREF='https://EXAMPLE.com/X'>c</A>",
    "single and no quotes": "<p class='a'>x</p><p class=b>y</p>",
    "lonely brackets": "1 < 2 > 0 and a<b",
    "half a tag": "<p>a</p><p",
    "style element": "<style>p{color:red}</style><p>x</p>",
    "video": '<video src="a.mp4" controls></video><audio src="b.mp3"></audio>',
    "span alone": "<span>a</span><label>b</label>",
    "data link": '<a href="data:x">l</a><img src="tel:12">',
    "cut in an attribute's name": "a<b c",
    "cut closing tag": "<p>a</p></p",
    "language of a paragraph": '<p lang="fr-FR" title="t">x</p>',
    "heading around a block": "<h2>a<div>b</div></h2>",
    "empty list and table": "a<ul></ul><table></table>b",
    "office paragraph": '<p class="MsoNormal" style="margin:0cm 0cm 8pt;line-height:107%;'
    'font-family:Calibri,sans-serif">x</p>',
    "same style twice": '<p style="color:RED;COLOR:blue">x</p>',
    "short colour in an attribute": '<font color="#f00">x</font>',
    "odd signs in an address": '<a href="HTTPS://e.com/é a">x</a>',
    "height auto": '<img src="a.jpg" width="50%" height="auto">',
    "odd ids": '<p id="1a" class="">x</p><p id="a b">y</p>',
    "lonely returns": "<p>a</p>\rb\r\nc",
    "strong around a paragraph": "<strong>a<p>x</p>b</strong>c",
    "data address": '<img src="data:image/png;base64,AAAA" alt="d">',
}  # fmt: skip
_BAD = {
    "script": "<script>alert(1)</script>",
    "script in capitals": "<p>a</p><SCRIPT src='x'></SCRIPT>",
    "onclick": '<p onclick="x()">a</p>',
    "onerror": '<img src="a" onerror="x()">',
    "iframe": '<iframe src="https://example.com"></iframe>',
    "form": "<form><input></form>",
    "input": '<input type="text">',
    "javascript link": '<a href="javascript:x()">a</a>',
    "object": '<object data="a"></object>',
    "embed": '<embed src="a">',
}


def _written(name: str, html: str) -> Step:
    return Step(
        f"html: {name}",
        "PATCH",
        "products",
        200,
        body=one("product", {"id": "{bogus}", "description": both(html, f"<p>fr</p>{html}")}),
        again=("products/{bogus}?display=[id,description]",),
    )


LENGTHS = (
    Step(
        "summary of 800 signs",
        "PATCH",
        "products",
        200,
        body=one("product", {"id": "{bogus}", "description_short": both("é" * 800)}),
        again=("products/{bogus}?display=[id,description_short]",),
    ),
    Step(
        "summary of 900 signs with its tags",
        "PATCH",
        "products",
        200,
        body=one("product", {"id": "{bogus}", "description_short": both("<b>é</b>" * 300)}),
        again=("products/{bogus}?display=[id,description_short]",),
    ),
    refused("summary of 801 signs", {"description_short": both("é" * 801)}, 84),
    refused("French summary of 801 signs", {"description_short": both("a", "é" * 801)}, 84),
)

STEPS = (
    *(_written(name, html) for name, html in _GOOD.items()),
    *(refused(f"html {name}", {"description": both(html)}, 84) for name, html in _BAD.items()),
    *(
        refused(f"French html {name}", {"description": both("<p>a</p>", html)}, 84)
        for name, html in _BAD.items()
    ),
    *LENGTHS,
)
