"""The till that is built: its size, its determinism, its codes and its photos."""

import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from stdnum import ean, isbn

from demo.till import SPARE_WRONG_ROWS, WRONG_ROWS, TillFacts, build_small_till, build_till
from demo.till.build import TillExistsError, TillSizeError
from tests.demo.till.audit import find_faults


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> TillFacts:
    """Return the whole default till, which these tests only read."""
    return build_till(tmp_path_factory.mktemp("till") / "caisse.db")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def number(path: Path, sql: str) -> int:
    value = rows(path, sql)[0][0]
    assert isinstance(value, int)
    return value


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.jpg")
    }


def test_the_shop_has_the_size_of_a_real_one(till: TillFacts) -> None:
    assert till.articles == number(till.path, "SELECT COUNT(*) FROM ARTICLE") == 300
    assert 1_900 <= till.sellable <= 2_100
    # The twin variant is the one row that the wrong rows add.
    assert number(till.path, "SELECT COUNT(*) FROM DECLINAISON") == till.variants + 1
    assert number(till.path, "SELECT COUNT(*) FROM VENDABLE") == till.sellable + 1
    assert number(till.path, "SELECT COUNT(*) FROM RAYON") == 5
    assert number(till.path, "SELECT COUNT(*) FROM FAMILLE") == 18
    assert number(till.path, "SELECT COUNT(*) FROM ARTICLE WHERE COD_MRQ IS NULL") >= 5
    assert 1_000 < number(till.path, "SELECT SUM(QTE) FROM STOCK") < 6_000


def test_some_articles_are_not_for_the_site(till: TillFacts) -> None:
    assert 20 <= number(till.path, "SELECT COUNT(*) FROM ARTICLE WHERE INTERNET = 'N'") <= 80
    gone = rows(till.path, "SELECT DAT_ARRET, DAT_CRE FROM ARTICLE WHERE ARRETE = 'O'")
    assert 5 <= len(gone) <= 40
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", str(day)) for pair in gone for day in pair)
    assert (
        number(till.path, "SELECT COUNT(*) FROM ARTICLE WHERE ARRETE = 'N' AND DAT_ARRET > ''") == 0
    )


def test_both_rates_are_in_use(till: TillFacts) -> None:
    used = rows(
        till.path,
        "SELECT T.TX_TVA, COUNT(*) FROM ARTICLE A JOIN TVA T USING (COD_TVA) GROUP BY 1 ORDER BY 1",
    )
    assert [rate for rate, _ in used] == ["20,00", "5,50"]
    assert number(till.path, "SELECT COUNT(*) FROM ARTICLE WHERE COD_TVA = 2") >= 3


def test_every_bar_code_is_valid_and_used_once_but_for_the_wrong_row(till: TillFacts) -> None:
    codes = [str(code) for (code,) in rows(till.path, "SELECT EAN FROM VENDABLE WHERE EAN > ''")]
    assert len(codes) == till.sellable
    assert len(set(codes)) == len(codes)
    wrong = [code for code in codes if not ean.is_valid(code)]
    assert wrong == [row.value for row in WRONG_ROWS if row.name == "ean_check_digit"]


def test_names_and_references_are_used_once(till: TillFacts) -> None:
    for sql in (
        "SELECT LIB FROM ARTICLE",
        "SELECT REF FROM ARTICLE",
        "SELECT REF_DECL FROM DECLINAISON",
    ):
        found = rows(till.path, sql)
        assert len(set(found)) == len(found)


def test_texts_hold_what_shops_paste(till: TillFacts) -> None:
    html = "\n".join(str(text) for (text,) in rows(till.path, "SELECT DESC_FR FROM ARTICLE"))
    for sign in ("é", "œ", "€", "&eacute;", "&nbsp;", "\u00a0", 'style="', "<a href=", "<table"):
        assert sign in html
    assert html.count("<p>") > html.count("</p>")
    english = number(till.path, "SELECT COUNT(*) FROM ARTICLE WHERE DESC_EN IS NOT NULL")
    assert 50 <= english <= 250


def test_keys_of_articles_and_variants_never_meet(till: TillFacts) -> None:
    highest = number(till.path, "SELECT MAX(ID_ART) FROM ARTICLE")
    assert highest < number(till.path, "SELECT MIN(ID_DECL) FROM DECLINAISON")


def test_photos_are_real_and_all_different(till: TillFacts) -> None:
    on_disk = hashes(till.photo_folder)
    assert len(on_disk) == till.photos == number(till.path, "SELECT COUNT(*) FROM PHOTO")
    assert len(set(on_disk.values())) == len(on_disk)
    assert 260 <= till.photos <= 340
    for file in sorted(on_disk)[::40]:
        with Image.open(till.photo_folder / file) as picture:
            picture.load()
            assert (picture.format, picture.size) == ("JPEG", (400, 400))


def test_some_models_have_two_photos_and_some_none(till: TillFacts) -> None:
    assert number(till.path, "SELECT COUNT(*) FROM PHOTO WHERE RANG = 2") >= 5
    bare = "SELECT COUNT(*) FROM ARTICLE WHERE ID_ART NOT IN (SELECT ID_ART FROM PHOTO)"
    assert number(till.path, bare) >= 12


def test_the_shop_trades(till: TillFacts) -> None:
    kinds = rows(
        till.path,
        "SELECT SUM(COD_FAM IS NOT NULL), SUM(ID_DECL IS NOT NULL), SUM(REMISE IS NOT NULL), "
        "SUM(MONTANT IS NOT NULL), SUM(ACTIVE = 'N') FROM PROMO",
    )
    assert kinds == [(3, 1, 3, 2, 1)]
    # Each names one target and one reduction; two rows say the same.
    wrong = (
        "SELECT COUNT(*) FROM PROMO WHERE (ID_ART IS NOT NULL) + (ID_DECL IS NOT NULL) "
        "+ (COD_FAM IS NOT NULL) <> 1 OR (REMISE > '') + (MONTANT > '') + (PX_PROMO > '') <> 1"
    )
    assert number(till.path, wrong) == 0
    twins = "SELECT COUNT(*) FROM PROMO GROUP BY LIB_PROMO, ID_ART, MONTANT HAVING MONTANT > ''"
    assert rows(till.path, twins) == [(2,)]
    assert rows(till.path, "SELECT DISTINCT GROUPE FROM TARIF") == [("Customer",)]
    assert number(till.path, "SELECT COUNT(*) FROM TARIF_LIGNE WHERE QTE_MIN = 12") >= 5
    assert number(till.path, "SELECT COUNT(*) FROM ARTICLE_FAMILLE") >= 10
    assert number(till.path, "SELECT COUNT(*) FROM ARTICLE_FOURN") >= 10
    assert number(till.path, "SELECT COUNT(DISTINCT MATIERE) FROM ARTICLE") == 8
    assert number(till.path, "SELECT COUNT(DISTINCT COD_SAI) FROM ARTICLE") == 3


def test_care_products_and_books_have_codes_of_their_own(till: TillFacts) -> None:
    upcs = [str(code) for (code,) in rows(till.path, "SELECT UPC FROM ARTICLE WHERE UPC > ''")]
    isbns = [str(code) for (code,) in rows(till.path, "SELECT ISBN FROM ARTICLE WHERE ISBN > ''")]
    assert len(upcs) >= 3
    assert all(len(code) == 12 and ean.is_valid(code) for code in upcs)
    assert len(isbns) >= 3
    assert all(isbn.is_valid(code) for code in isbns)
    assert number(till.path, "SELECT COUNT(*) FROM ARTICLE WHERE ECOTAXE > ''") >= 3


def test_three_articles_are_no_goods(till: TillFacts) -> None:
    special = "SELECT NATURE, LIB FROM ARTICLE WHERE NATURE <> 'S' ORDER BY ID_ART"
    assert rows(till.path, special) == [
        ("L", "Coffret d'entretien"),
        ("V", "Ressemelage à l'atelier"),
        ("C", "Carte cadeau 50 €"),
    ]
    parts = rows(
        till.path,
        "SELECT L.QTE, A.INTERNET, A.ARRETE, A.QTE_STK IS NULL FROM LOT L "
        "JOIN ARTICLE A ON A.ID_ART = L.ID_ART_ELT ORDER BY L.ID_LOT",
    )
    assert parts == [(2, "O", "N", 0), (1, "O", "N", 0)]


def test_photos_of_two_colours_show_one_each(till: TillFacts) -> None:
    shown = rows(
        till.path,
        "SELECT COUNT(DISTINCT P.COD_COUL), (SELECT COUNT(DISTINCT D.COD_COUL) FROM DECLINAISON D "
        "WHERE D.ID_ART = P.ID_ART) FROM PHOTO P WHERE P.COD_COUL > '' GROUP BY P.ID_ART",
    )
    assert shown
    assert all(pair == (2, 2) for pair in shown)


def test_one_seed_gives_one_till(tmp_path: Path) -> None:
    first = build_till(tmp_path / "1" / "a.db", seed=7, models=40)
    again = build_till(tmp_path / "2" / "b.db", seed=7, models=40)
    other = build_till(tmp_path / "3" / "c.db", seed=8, models=40)
    assert dump(first.path) == dump(again.path)
    assert hashes(first.photo_folder) == hashes(again.photo_folder)
    assert dump(first.path) != dump(other.path)


def test_without_wrong_rows_nothing_is_wrong(tmp_path: Path) -> None:
    till = build_till(tmp_path / "caisse.db", wrong=())
    assert number(till.path, "SELECT MIN(ID_ART) FROM ARTICLE") == 1001
    with closing(sqlite3.connect(till.path)) as connection:
        assert find_faults(connection, till.photo_folder) == set()


@pytest.mark.parametrize(("asked", "written"), [(0, 1), (3, 4)])
def test_photos_are_limited_but_for_the_wrong_row_s(
    tmp_path: Path, asked: int, written: int
) -> None:
    till = build_till(tmp_path / "caisse.db", models=40, photos=asked)
    assert till.photos == len(hashes(till.photo_folder)) == written
    assert number(till.path, "SELECT COUNT(*) FROM PHOTO") == written


def test_many_models_still_have_names_of_their_own(tmp_path: Path) -> None:
    till = build_till(tmp_path / "big.db", models=3_000, photos=0, wrong=())
    assert number(till.path, "SELECT COUNT(DISTINCT REF) FROM ARTICLE") == 3_000
    assert number(till.path, "SELECT COUNT(DISTINCT LIB) FROM ARTICLE") == 3_000


@pytest.mark.parametrize("models", [0, 11, 80_001])
def test_an_impossible_size_is_refused(tmp_path: Path, models: int) -> None:
    with pytest.raises(TillSizeError) as caught:
        build_till(tmp_path / "caisse.db", models=models)
    assert caught.value.code == "E-DEMO-101"
    assert not (tmp_path / "caisse.db").exists()


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "caisse.db"
    path.write_bytes(b"accounts of ten years")
    with pytest.raises(TillExistsError) as caught:
        build_small_till(path)
    assert caught.value.code == "E-DEMO-102"
    assert path.read_bytes() == b"accounts of ten years"


def test_spare_wrong_rows_can_be_put_in(tmp_path: Path) -> None:
    wrong = WRONG_ROWS + SPARE_WRONG_ROWS
    till = build_till(tmp_path / "caisse.db", models=30, wrong=wrong)
    with closing(sqlite3.connect(till.path)) as connection:
        faults = find_faults(connection, till.photo_folder)
    assert faults == {(row.article_id, row.name) for row in wrong}


def test_the_small_till_is_what_counting_tests_need(tmp_path: Path) -> None:
    till = build_small_till(tmp_path / "small.db")
    assert (till.articles, till.variants, till.sellable, till.photos) == (5, 8, 10, 1)
    per_article = rows(
        till.path,
        "SELECT A.ID_ART, COUNT(D.ID_DECL), A.QTE_STK FROM ARTICLE A "
        "LEFT JOIN DECLINAISON D USING (ID_ART) GROUP BY 1 ORDER BY 1",
    )
    assert per_article == [
        (1001, 4, None),
        (1002, 0, 10),
        (1003, 2, None),
        (1004, 2, None),
        (1005, 0, 10),
    ]
    with closing(sqlite3.connect(till.path)) as connection:
        assert find_faults(connection, till.photo_folder) == set()


def test_the_small_till_grows_to_twenty_articles(tmp_path: Path) -> None:
    till = build_small_till(tmp_path / "small.db", articles=20, photos=0)
    assert (till.articles, till.variants, till.photos) == (20, 32, 0)
    assert number(till.path, "SELECT COUNT(DISTINCT LIB) FROM ARTICLE") == 20


def test_nothing_goes_with_the_small_till(tmp_path: Path) -> None:
    till = build_small_till(tmp_path / "small.db", articles=20, photos=0)
    for table in ("FOURN", "SAISON", "PROMO", "TARIF", "LOT", "ARTICLE_FOURN", "ARTICLE_FAMILLE"):
        assert rows(till.path, f"SELECT * FROM {table}") == []  # noqa: S608 (names of this test)
    told = "SELECT COUNT(*) FROM ARTICLE WHERE COD_FRN IS NOT NULL OR MATIERE IS NOT NULL"
    assert number(till.path, told) == 0
