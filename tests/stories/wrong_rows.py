"""The wrong rows' story: each is named to the letter, and mended at the till alone."""

from pathlib import Path

from demo.till import WRONG_ROWS, WrongRow, build_till
from demo.till.wrong_rows import LONG_NAME
from tests.stories.play import Play
from tests.stories.story import Story

_LONG_REFERENCE = "H01-908" + "-COUSU-MAIN" * 6
#: By name of the wrong row: kind, key, code, place, label, value.
LINES = {
    "price_not_a_number": (
        "article", "901", "E-ROW-002", "ARTICLE.PX_TTC, article 901",
        "H01-901 Derby Ambroise", "4O,90",
    ),
    "price_negative": (
        "article", "902", "E-ROW-030", "ARTICLE.PX_TTC, article 902",
        "H01-902 Derby Bertille", "-41,90",
    ),
    "vat_unknown": (
        "article", "903", "E-ROW-040", "ARTICLE.COD_TVA, article 903",
        "H01-903 Derby Casimir", "7",
    ),
    "ean_check_digit": (
        "variant", "90401", "E-ROW-026", "DECLINAISON.EAN, variant 90401",
        "H01-904 Derby Delphine H01-904-40-NOI", "3760009040019",
    ),
    "name_empty": (
        "article", "905", "E-ROW-020", "ARTICLE.LIB, article 905", "H01-905", "",
    ),
    "name_forbidden_signs": (
        "article", "906", "E-ROW-022", "ARTICLE.LIB, article 906",
        "H01-906 Derby Fulbert <NEW> {-20%}", "Derby Fulbert <NEW> {-20%}",
    ),
    "name_too_long": (
        "article", "907", "E-ROW-021", "ARTICLE.LIB, article 907",
        f"H01-907 {LONG_NAME.strip()}", LONG_NAME.strip(),
    ),
    "reference_too_long": (
        "article", "908", "E-ROW-024", "ARTICLE.REF, article 908",
        f"{_LONG_REFERENCE} Derby Hildegarde", _LONG_REFERENCE,
    ),
    "variant_twice": (
        "variant", "90991", "E-ROW-046", "DECLINAISON.COD_PT, COD_COUL, variant 90991",
        "H01-909 Derby Isidore H01-909-40-NOI-B", "40 NOI",
    ),
    "size_unknown": (
        "variant", "91002", "E-ROW-044", "DECLINAISON.COD_PT, variant 91002",
        "H01-910 Derby Jocelyne H01-910-41-NOI", "99",
    ),
    "stock_not_a_number": (
        "stock", "a:911", "E-ROW-050", "ARTICLE.QTE_STK, stock 911",
        "L01-911 Cirage en pâte Kléber", "douze",
    ),
    "photo_missing": (
        "photo", "1", "E-ROW-060", "PHOTO.FICHIER, photo 1",
        "H01-912 Derby Lucienne", "H01/912-l.jpg",
    ),
}  # fmt: skip


class WrongRowsStory(Story):
    """The twelve wrong rows among a few right ones."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_till(path, models=len(WRONG_ROWS) + 3, photo_folder=path.parent / "photos")

    def test_each_is_named_with_code_place_and_label(self, play: Play) -> None:
        assert set(LINES) == {row.name for row in WRONG_ROWS}
        assert sorted(_lines(play)) == sorted(LINES.values())
        done = play.both()
        assert (done.exported.faults, done.writes) == (len(WRONG_ROWS), ())

    def test_mended_at_the_till_alone_each_line_goes_and_the_article_is_right(
        self, play: Play
    ) -> None:
        with play.till() as till:
            for row in WRONG_ROWS:
                row.mend(till)
        done = play.both()
        assert done.exported.faults == 0
        assert play.withheld() == []
        # The next pass asks for the photo, and the one after has it.
        expected = play.expected()
        assert {row.article_id for row in WRONG_ROWS} <= set(expected)
        late = _wrong("photo_missing").article_id
        assert set(play.compare(expected)) == {late}
        play.both()
        play.both()
        assert play.compare(expected) == {}
        assert play.both(full=True).writes == ()

    def test_a_row_that_goes_wrong_later_leaves_the_site_as_it_is(self, play: Play) -> None:
        row = _wrong("price_not_a_number")
        with play.till() as till:
            row.mend(till)
        play.both()
        shown = play.product(row.article_id)
        assert shown.active
        with play.till() as till:
            row.spoil(till)
        for full in (False, True):
            assert play.both(full=full).writes == ()
        assert LINES[row.name] in _lines(play)
        assert play.product(row.article_id) == shown


def _lines(play: Play) -> list[tuple[str, ...]]:
    return [
        (one.kind, one.key, one.problem.code, one.problem.place, one.label, one.problem.value)
        for one in play.withheld()
    ]


def _wrong(name: str) -> WrongRow:
    return next(row for row in WRONG_ROWS if row.name == name)
