"""HTML as the shop keeps it: rewritten by a purifier, so that it is read otherwise than sent.

Open tags are closed, unknown tags and attributes fall away (their text stays), styles and colours
are normalised, signs are escaped again, links to a new window get a `rel`.

    purify("<p><b>x")                             # "<p><b>x</b></p>"
    purify('<p style="color:red">a & b</p>')      # '<p style="color:#FF0000;">a &amp; b</p>'
"""

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import quote

from demo.prestashop.css import clean_style, colour, long_colour

_VOID = {"br", "hr", "img"}
_INLINE = {
    "a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "tt", "u", "var", "button",
}  # fmt: skip
_BLOCK = {
    "address", "blockquote", "center", "dir", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6",
    "menu", "ol", "p", "pre", "table", "ul", "video", "fieldset",
}  # fmt: skip
# These hold no block: one that opens inside them closes them.
_FLAT = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "address"}
_PARENTS = {
    "li": {"ul", "ol", "dir", "menu"},
    "dt": {"dl"},
    "dd": {"dl"},
    "tr": {"table", "tbody", "thead", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "tbody": {"table"},
    "thead": {"table"},
    "tfoot": {"table"},
    "caption": {"table"},
    "source": {"video"},
}
# Opening the key closes these when they are open.
_CLOSES = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"tr", "td", "th"},
    "tbody": {"thead", "tbody", "tr", "td", "th"},
    "tfoot": {"thead", "tbody", "tr", "td", "th"},
}
_COMMON = {"class", "id", "title", "lang", "xml:lang", "dir", "style", "align"}
_OWN = {
    "a": {"href", "target", "rel", "name"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace", "name", "longdesc"},
    "table": {"border", "cellpadding", "cellspacing", "summary", "width", "bgcolor", "frame"},
    "td": {"colspan", "rowspan", "valign", "width", "height", "bgcolor", "abbr", "scope", "nowrap"},
    "th": {"colspan", "rowspan", "valign", "width", "height", "bgcolor", "abbr", "scope", "nowrap"},
    "tr": {"valign", "bgcolor"},
    "font": {"color", "face", "size"},
    "ol": {"type", "start", "compact"},
    "ul": {"type", "compact"},
    "li": {"type", "value"},
    "hr": {"noshade", "size", "width"},
    "br": {"clear"},
    "q": {"cite"},
    "blockquote": {"cite"},
    "video": {"src", "type", "width", "height", "poster", "preload", "controls"},
    "source": {"src", "type"},
}
_LINKS = {"href", "src", "cite", "longdesc", "poster"}
_SCHEMES = {"http", "https", "mailto", "ftp", "nntp", "news", "tel"}
_SHOWN_SCHEMES = {"http", "https", "ftp"}
_SKIPPED = {"style", "script"}
_EMPTY_FRAME = re.compile(r"<(ul|ol|dl|table)(?: [^>]*)?>\s*(?:<tr></tr>)?</\1>")
_CUT_TAG = re.compile(r"(<(?:[a-zA-Z]|/)[^<>]*)$")


def purify(html: str) -> str:
    """Return the HTML as the shop would store it."""
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    if "<" not in html and "&" not in html and ">" not in html:
        return html
    cleaner = _Cleaner()
    # A tag that the end of the text cuts short counts as whole.
    cleaner.feed(_CUT_TAG.sub(r"\1>", html))
    cleaner.close()
    cleaner.close_down_to(0)
    return _EMPTY_FRAME.sub("", "".join(cleaner.out))


class _Cleaner(HTMLParser):
    """Reads HTML leniently and writes it strictly, keeping the open tags on a stack."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._open: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
            return
        if tag in _VOID:
            kept = _attributes(tag, attrs)
            if tag != "img" or "src" in kept:
                self.out.append(f"<{tag}{_written(kept)} />")
        elif self._make_room(tag):
            self.out.append(f"<{tag}{_written(_attributes(tag, attrs))}>")
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in self._open:
            last = len(self._open) - 1 - self._open[::-1].index(tag)
            self.close_down_to(last)

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if self._open and self._open[-1] in {"ul", "ol"} and data.strip():
            self.handle_starttag("li", [])
        self.out.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def close_down_to(self, depth: int) -> None:
        """Write the closing tags until only `depth` tags are open."""
        while len(self._open) > depth:
            self.out.append(f"</{self._open.pop()}>")

    def _make_room(self, tag: str) -> bool:
        """Close what the new tag ends; answer whether it may stand here."""
        if tag not in _INLINE | _BLOCK | set(_PARENTS):
            return False
        while self._open and self._open[-1] in _CLOSES.get(tag, set()):
            self.close_down_to(len(self._open) - 1)
        if tag in _BLOCK:
            self._leave_paragraph()
        parents = _PARENTS.get(tag)
        return parents is None or bool(self._open and self._open[-1] in parents)

    def _leave_paragraph(self) -> None:
        depth = len(self._open)
        while depth and (self._open[depth - 1] in _INLINE or self._open[depth - 1] in _FLAT):
            depth -= 1
        self.close_down_to(depth)


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in attrs:
        cleaned = _attribute(tag, name, (value or "").strip())
        if cleaned is not None and name not in kept:
            kept[name] = cleaned
    if "lang" in kept:
        kept["xml:lang"] = kept.pop("xml:lang", kept["lang"])
    if tag == "img" and "src" in kept:
        kept.setdefault("alt", kept["src"].rsplit("/", 1)[-1])
    if tag == "a" and kept.get("target") == "_blank":
        kept["rel"] = f"{kept.get('rel', '')} noreferrer noopener".strip()
    return kept


def _written(attributes: dict[str, str]) -> str:
    return "".join(
        f' {name}="{escape(value, quote=False).replace(chr(34), "&quot;")}"'
        for name, value in attributes.items()
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name not in _COMMON | _OWN.get(tag, set()):
        return None
    if name == "style":
        return clean_style(value) or None
    if name in _LINKS:
        return _link(value, _SHOWN_SCHEMES if name == "src" else _SCHEMES)
    if name == "lang":
        return value.lower()
    if name in {"color", "bgcolor"}:
        return long_colour(colour(value))
    if name in {"width", "height"}:
        length = re.fullmatch(r"(\d+%?)(?:px)?", value)
        return length[1] if length else None
    if name == "class":
        return value or None
    if name == "id":
        return value if re.fullmatch(r"[A-Za-z][\w:.-]*", value) else None
    if name == "rel":
        return "nofollow" if "nofollow" in value.split() else None
    return value


def _link(address: str, schemes: set[str]) -> str | None:
    """Return an address with a small scheme and its odd signs escaped; None for a bad scheme."""
    scheme, colon, rest = address.partition(":")
    if colon and scheme.isalnum():
        if scheme.lower() not in schemes:
            return None
        address = f"{scheme.lower()}:{rest}"
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~|")
