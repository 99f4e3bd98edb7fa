"""Long texts in HTML, and page addresses: what the shop would refuse is taken out, with a note.

An ordinary text travels to the letter. One that holds a script, a frame, a form or an event is
cleaned by nh3; what cannot be cleaned (such code spelled out in plain words) is refused. A short
description is cut at a word where its text, tags not counted, is longer than the shop takes.

    description("<p>Jolie</p><script>x()</script>").value     # '<p>Jolie</p>'
    slug("Été à Nice").value                                  # 'ete-a-nice'
"""

import re
import unicodedata
from html.entities import html5
from html.parser import HTMLParser

import nh3

from pos_exporter.assembling.shop_rules import controls_in, cut_at_word
from pos_exporter.mapping.formats import Value, clean_line, clean_prose, plain_text
from pos_exporter.mapping.notes import HtmlCleanedNote, Mended, TextCutNote
from pos_exporter.mapping.row_errors import TooLongError
from pos_exporter.mapping.text_errors import ActiveHtmlError

#: PrestaShop counts a short description without its tags.
SHORT = 800
_PROSE_LIMIT = 500_000
_SLUG_LIMIT = 128
# Each part looks no further than the next `<`: a text of nothing but signs is read in one go.
_ACTIVE = re.compile(
    r"<\s*(?:/\s*)?(script|iframe|frame|form|object|embed|input)\b"
    r"|<[^<>]*?[\s\"'/](on[a-z]+)\s*=|(javascript)\s*:",
    re.IGNORECASE,
)
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"class", "dir", "id", "lang", "style", "title"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_VOID = {"area", "br", "col", "hr", "img", "wbr"}


def description(value: Value) -> Mended[str | None]:
    """Return a text in HTML; nothing in it may run, load or be filled in.

    Raises:
        ActiveHtmlError: When cleaning does not help.
        TooLongError: When it is longer than any page.
    """
    raw = plain_text(value) or ""
    text, notes = clean_prose(raw).strip(), list(controls_in(raw))
    if len(text) > _PROSE_LIMIT:
        raise TooLongError(value=text, limit=_PROSE_LIMIT)
    if active := _active_parts(text):
        notes.append(HtmlCleanedNote(value=text, parts=", ".join(active)))
        # A link keeps what the till wrote: the shop adds its own `rel`.
        text = nh3.clean(text, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None).strip()
        if left := _active_parts(text):
            raise ActiveHtmlError(value=text, part=left[0])
    return Mended(text or None, tuple(notes))


def short_description(value: Value) -> Mended[str | None]:
    """Return a short text in HTML, of at most 800 characters without its tags.

    Raises:
        ActiveHtmlError, TooLongError: As for a description.
    """
    mended = description(value)
    text = mended.value or ""
    length = _Cutter(len(text)).length_of(text)
    if length <= SHORT:
        return mended
    note = TextCutNote(value=text, length=length, limit=SHORT)
    return Mended(_Cutter(SHORT).cut(text), (*mended.notes, note))


def slug(value: Value) -> Mended[str | None]:
    """Return a page's address in words: letters without accents, digits and dashes."""
    written = clean_line(plain_text(value) or "").strip()
    spelled = written.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    address = re.sub(r"[^a-z0-9_]+", "-", plain.lower()).strip("-")
    return Mended(address[:_SLUG_LIMIT].rstrip("-") or None)


def _active_parts(text: str) -> list[str]:
    found = (next(part for part in hit if part) for hit in _ACTIVE.findall(text))
    return list(dict.fromkeys(part.lower() for part in found))


class _Cutter(HTMLParser):
    """Cuts HTML at a word, counting its text only, and closes what is open.

    An entity counts as it is written: never less than the shop counts.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(convert_charrefs=False)
        self._room = limit - 1  # for the dots
        self._kept: list[str] = []
        self._open: list[str] = []
        self._full = False
        self._length = 0

    def length_of(self, html: str) -> int:
        """Return the characters of a text without its tags."""
        self.feed(html)
        self.close()
        return self._length

    def cut(self, html: str) -> str:
        """Return the beginning of a text that is too long."""
        self.feed(html)
        self.close()
        kept = "".join(self._kept).rstrip().removesuffix("…")
        return f"{kept}…" + "".join(f"</{tag}>" for tag in reversed(self._open))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag, and remember that it is open."""
        if not self._full:
            self._kept.append(self.get_starttag_text() or "")
            if tag not in _VOID:
                self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that closes itself."""
        if not self._full:
            self._kept.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Keep the end of what is open; a stray end goes."""
        if not self._full and tag in self._open:
            while self._open.pop() != tag:
                pass
            self._kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Keep text as far as there is room, to the end of a word."""
        self._length += len(data)
        if self._full:
            return
        if len(data) <= self._room:
            self._kept.append(data)
            self._room -= len(data)
            return
        self._full = True
        first = not any(not piece.startswith("<") for piece in self._kept)
        if first or any(sign.isspace() for sign in data[: self._room + 1]):
            self._kept.append(cut_at_word(data, self._room + 1))

    def handle_entityref(self, name: str) -> None:
        """Keep `&eacute;` as one sign, and the `&D` of `R&D` as it is."""
        self._take_whole(f"&{name};" if f"{name};" in html5 else f"&{name}")

    def handle_charref(self, name: str) -> None:
        """Keep `&#233;` as one sign."""
        self._take_whole(f"&#{name};")

    def _take_whole(self, written: str) -> None:
        self._length += len(written)
        if self._full or len(written) > self._room:
            self._full = True
            return
        self._kept.append(written)
        self._room -= len(written)
