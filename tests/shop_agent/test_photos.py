"""Photos, from the facts to the simulated shop: sent once, found again, never people's deleted."""

import hashlib
import io
from collections.abc import Iterator

import pytest
from PIL import Image
from sqlalchemy import select

from protocol.program.look import look_of
from protocol.records import Photo
from shop_agent.actions import Subject
from shop_agent.photo_checks import check_legends
from shop_agent.photo_shelf import receive_photo
from shop_agent.prestashop.http import ImageFile
from shop_agent.prestashop.images import download_image, find_galleries, upload_image
from shop_agent.reconcile.brakes import FIRST_LOAD
from shop_agent.replica import Replica
from shop_agent.state import STATE
from tests.equipment.counting_proxy import Passed
from tests.shop_agent.policy_floor import PolicyFloor, open_policy_floor, shop_of, sized

ARTICLE = "A000"


@pytest.fixture
def floor() -> Iterator[PolicyFloor]:
    with open_policy_floor() as floor:
        yield floor


def drawn(number: int) -> bytes:
    """Return a small picture of four colours, another one for each number."""
    picture = Image.new("RGB", (64, 48), (37 * number % 251, 91 * number % 241, 200))
    picture.paste((211 * number % 239, 60, 53 * number % 233), (0, 0, 32, 24))
    picture.paste((20, 157 * number % 229, 90), (32, 24, 64, 48))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=88)
    return written.getvalue()


def photo(
    key: str, number: int, position: int = 1, *variants: str, article: str = ARTICLE
) -> Photo:
    content = drawn(number)
    return Photo(
        key=key, article=article, sha256=hashlib.sha256(content).hexdigest(), size=len(content),
        position=position, look=look_of(content), variants=variants or None,
    )  # fmt: skip


def send(floor: PolicyFloor, *numbers: int) -> None:
    """Have the bytes of some pictures arrive."""
    with floor.engine.begin() as connection:
        for number in numbers:
            receive_photo(connection, drawn(number))


def brought(floor: PolicyFloor, *photos: Photo, numbers: tuple[int, ...]) -> int:
    """Bring one article with these photos into the shop; return its product."""
    floor.load(*shop_of(1))
    floor.say(*photos)
    send(floor, *numbers)
    floor.whole()
    return product_of(floor)


def product_of(floor: PolicyFloor, article: str = ARTICLE) -> int:
    return floor.product(f"REF-{article}").id


def images(floor: PolicyFloor, product: int) -> tuple[int, ...]:
    return find_galleries(floor.webservice, [product])[product].images


def cover(floor: PolicyFloor, product: int) -> int | None:
    return find_galleries(floor.webservice, [product])[product].cover


def uploads(floor: PolicyFloor) -> int:
    return len([one for one in floor.proxy.requests() if _is_upload(one)])


def _is_upload(one: Passed) -> bool:
    return one.method == "POST" and one.resource.startswith("images/products/")


def downloads(floor: PolicyFloor) -> int:
    return len(
        [one for one in floor.proxy.requests()
         if one.method == "GET" and one.resource.count("/") == 3 and "images/" in one.target]
    )  # fmt: skip


def by_hand(floor: PolicyFloor, product: int, number: int) -> int:
    """Have the web team upload a picture; return its image."""
    before = images(floor, product)
    return upload_image(floor.webservice, product, ImageFile(drawn(number)), before)


def delete_by_hand(floor: PolicyFloor, image: int) -> None:
    floor.shop.execute("DELETE FROM product_images WHERE id = ?", image)


def image_of(floor: PolicyFloor, key: str) -> int | None:
    table = STATE.shop_link
    with floor.engine.connect() as connection:
        query = select(table.c.ps_id).where(table.c.kind == "photo", table.c.key == key)
        return connection.execute(query).scalar()


def lists(floor: PolicyFloor, product: int) -> dict[str, set[int]]:
    """Return the images of each combination, by reference."""
    return {
        one.text("reference"): {int(row["id"]) for row in one.rows("images")}
        for one in floor.combinations(product)
    }


# --- sent once -------------------------------------------------------------------------------


def test_photos_are_sent_in_their_order_once(floor: PolicyFloor) -> None:
    product = brought(floor, photo("q", 2, 2), photo("p", 1, 1), numbers=(1, 2))
    assert uploads(floor) == 2
    assert images(floor, product) == (image_of(floor, "p"), image_of(floor, "q"))
    assert cover(floor, product) == image_of(floor, "p")
    done = floor.whole(full=True)
    assert (done.writes, downloads(floor)) == (0, 0)


def test_a_replaced_photo_takes_its_place_and_the_old_one_goes(floor: PolicyFloor) -> None:
    product = brought(floor, photo("p", 1, 1), photo("q", 2, 2), numbers=(1, 2))
    old, other = image_of(floor, "p"), image_of(floor, "q")
    floor.say(photo("p", 3, 1))
    send(floor, 3)
    floor.whole()
    new = image_of(floor, "p")
    assert uploads(floor) == 1
    assert new not in (old, other)
    assert set(images(floor, product)) == {new, other}
    assert cover(floor, product) == new
    assert floor.whole(full=True).writes == 0


def test_a_photo_that_people_took_off_stays_off_until_it_is_another_one(
    floor: PolicyFloor,
) -> None:
    product = brought(floor, photo("p", 1), numbers=(1,))
    delete_by_hand(floor, image_of(floor, "p") or 0)
    assert floor.whole(full=True).writes == 0
    assert floor.whole(full=True).writes == 0
    floor.say(photo("p", 2))
    send(floor, 2)
    floor.whole()
    assert images(floor, product) == (image_of(floor, "p"),)


def test_a_photo_that_the_till_drops_goes(floor: PolicyFloor) -> None:
    product = brought(floor, photo("p", 1, 1), photo("q", 2, 2), numbers=(1, 2))
    floor.bury("photo", "p")
    floor.whole()
    assert images(floor, product) == (image_of(floor, "q"),)
    assert cover(floor, product) == image_of(floor, "q")


def test_outside_a_pilot_no_photo_is_sent(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    floor.choose(pilot={"articles": ("A001",)})
    floor.say(photo("p", 1), photo("q", 2, article="A001"))
    send(floor, 1, 2)
    floor.whole()
    assert images(floor, product_of(floor)) == ()
    assert images(floor, product_of(floor, "A001")) == (image_of(floor, "q"),)
    assert floor.fates()[Subject("photo", "p")] == ("held", "E-HLD-002")


# --- found again -----------------------------------------------------------------------------


def again(floor: PolicyFloor, *photos: Photo) -> None:
    """Lose the agent's memory, and have the till say it all again."""
    floor.forget()
    floor.load(*shop_of(1))
    floor.say(*photos)


def test_after_a_loss_photos_are_found_and_not_sent(floor: PolicyFloor) -> None:
    known = (photo("p", 1, 1), photo("q", 2, 2))
    product = brought(floor, *known, numbers=(1, 2))
    before = images(floor, product)
    again(floor, *known)
    done = floor.whole()
    assert (uploads(floor), downloads(floor)) == (0, 2)
    assert (image_of(floor, "p"), image_of(floor, "q")) == before
    assert done.report.counts["images"] == {"adopted": 2}
    assert floor.fates()[Subject("photo", "p")] == ("applied", None)
    quiet = floor.whole(full=True)
    assert (quiet.writes, downloads(floor), quiet.report.counts) == (0, 0, {})


def test_only_what_is_not_found_is_asked_for(floor: PolicyFloor) -> None:
    product = brought(floor, photo("p", 1, 1), numbers=(1,))
    again(floor, photo("p", 1, 1), photo("q", 2, 2))
    floor.whole()
    assert image_of(floor, "q") is None
    assert floor.fates()[Subject("photo", "q")] == ("waiting", "E-AGT-012")
    send(floor, 2)
    floor.whole()
    assert set(images(floor, product)) == {image_of(floor, "p"), image_of(floor, "q")}


def test_what_the_web_team_uploaded_from_the_same_file_is_not_doubled(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    product = product_of(floor)
    other, same = by_hand(floor, product, 7), by_hand(floor, product, 1)
    floor.say(photo("p", 1), photo("q", 2, 2))
    floor.whole()
    assert (uploads(floor), image_of(floor, "p")) == (0, same)
    assert downloads(floor) == 2
    floor.whole(full=True)  # the other photo still waits: what was seen is remembered
    assert downloads(floor) == 0
    send(floor, 2)
    floor.whole()
    assert set(images(floor, product)) == {other, same, image_of(floor, "q")}


def test_an_image_that_we_only_found_is_never_deleted(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    product = product_of(floor)
    theirs = by_hand(floor, product, 1)
    floor.say(photo("p", 1))
    floor.whole()
    floor.say(photo("p", 2))  # replaced: ours stands beside it, as the cover
    send(floor, 2)
    floor.whole()
    ours = image_of(floor, "p")
    assert set(images(floor, product)) == {theirs, ours}
    assert cover(floor, product) == ours
    assert floor.whole(full=True).writes == 0
    floor.say(photo("p", 1))  # and back: theirs is known again, ours goes
    floor.whole()
    assert (images(floor, product), image_of(floor, "p")) == ((theirs,), theirs)
    assert cover(floor, product) == theirs
    floor.bury("photo", "p")
    floor.whole()
    assert (images(floor, product), image_of(floor, "p")) == ((theirs,), None)


def test_a_trial_run_finds_and_writes_nothing(floor: PolicyFloor) -> None:
    known = (photo("p", 1, 1),)
    brought(floor, *known, numbers=(1,))
    again(floor, *known, photo("q", 2, 2))
    done = floor.whole(dry=True)
    assert done.writes == 0
    assert done.report.counts["images"] == {"adopted": 1, "created": 1}
    assert image_of(floor, "p") is None
    with floor.engine.connect() as connection:
        assert connection.execute(select(STATE.image_look)).all() == []


def test_an_image_without_a_file_is_no_photo(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    product = product_of(floor)
    broken = by_hand(floor, product, 5)
    floor.shop.execute("UPDATE product_images SET content = NULL WHERE id = ?", broken)
    floor.say(photo("p", 1))
    send(floor, 1)
    floor.whole()
    assert set(images(floor, product)) == {broken, image_of(floor, "p")}


# --- the cover -------------------------------------------------------------------------------


def swapped() -> tuple[Photo, Photo]:
    return photo("p", 1, 2), photo("q", 2, 1)


def test_the_cover_is_the_sites_by_default(floor: PolicyFloor) -> None:
    product = brought(floor, photo("p", 1, 1), photo("q", 2, 2), numbers=(1, 2))
    floor.say(*swapped())
    assert floor.whole().writes == 0
    assert cover(floor, product) == image_of(floor, "p")


@pytest.mark.parametrize("owner", ["till", "till-until-edited"])
def test_the_cover_follows_the_till_where_it_owns_it(floor: PolicyFloor, owner: str) -> None:
    floor.choose(owners={"photo.position": owner})
    product = brought(floor, photo("p", 1, 1), photo("q", 2, 2), numbers=(1, 2))
    assert [one.method for one in floor.proxy.write_requests()].count("PATCH") <= 2
    floor.say(*swapped())
    floor.whole()
    assert cover(floor, product) == image_of(floor, "q")
    assert floor.whole(full=True).writes == 0
    third = by_hand(floor, product, 9)
    floor.shop.execute("UPDATE product_images SET cover = (id = ?)", third)
    floor.whole(full=True)
    kept = third if owner == "till-until-edited" else image_of(floor, "q")
    assert cover(floor, product) == kept
    assert floor.whole(full=True).writes == 0


# --- photos of variants ----------------------------------------------------------------------


def with_sizes(floor: PolicyFloor, *photos: Photo, numbers: tuple[int, ...]) -> int:
    floor.load(shop_of(1)[0], *sized(ARTICLE, "38", "39"))
    floor.say(*photos)
    send(floor, *numbers)
    floor.whole()
    return product_of(floor)


def test_combinations_show_the_photos_of_their_variant(floor: PolicyFloor) -> None:
    one, all_ = photo("p", 1, 1, f"{ARTICLE}-38"), photo("q", 2, 2)
    product = with_sizes(floor, one, all_, numbers=(1, 2))
    p, q = image_of(floor, "p"), image_of(floor, "q")
    assert lists(floor, product) == {f"{ARTICLE}-38": {p, q}, f"{ARTICLE}-39": {q}}
    values = [row.rows("product_option_values") for row in floor.combinations(product)]
    assert all(len(rows) == 1 for rows in values)
    assert floor.whole(full=True).writes == 0
    floor.say(photo("p", 1, 1, f"{ARTICLE}-39"))
    floor.whole()
    assert lists(floor, product) == {f"{ARTICLE}-38": {q}, f"{ARTICLE}-39": {p, q}}
    floor.say(photo("p", 1, 1))  # no photo names variants any more: no list is ours
    floor.whole()
    assert lists(floor, product) == {f"{ARTICLE}-38": set(), f"{ARTICLE}-39": set()}
    assert floor.whole(full=True).writes == 0


def test_peoples_images_of_a_combination_stay(floor: PolicyFloor) -> None:
    key = f"{ARTICLE}-38"
    product = with_sizes(floor, photo("p", 1, 1, key), photo("q", 2, 2, key), numbers=(1, 2))
    p, q = image_of(floor, "p"), image_of(floor, "q")
    theirs = by_hand(floor, product, 9)
    small = next(o for o in floor.combinations(product) if o.text("reference") == key)
    floor.shop.execute("DELETE FROM combination_images WHERE id_image = ?", q)
    floor.shop.execute("INSERT INTO combination_images VALUES (?, ?)", small.id, theirs)
    floor.whole(full=True)
    assert lists(floor, product)[key] == {p, theirs}
    assert floor.whole(full=True).writes == 0
    floor.bury("photo", "p")
    floor.whole()
    assert lists(floor, product)[key] == {theirs}


def test_a_new_variant_gets_its_photos(floor: PolicyFloor) -> None:
    product = with_sizes(floor, photo("p", 1, 1, f"{ARTICLE}-40"), numbers=(1,))
    assert lists(floor, product) == {f"{ARTICLE}-38": set(), f"{ARTICLE}-39": set()}
    floor.say(*sized(ARTICLE, "40"))
    floor.whole()
    assert lists(floor, product)[f"{ARTICLE}-40"] == {image_of(floor, "p")}


def test_a_replaced_photo_takes_its_place_in_peoples_lists_too(floor: PolicyFloor) -> None:
    product = with_sizes(floor, photo("p", 1, 1), numbers=(1,))
    small = floor.combinations(product)[0]
    floor.shop.execute(
        "INSERT INTO combination_images VALUES (?, ?)", small.id, image_of(floor, "p")
    )
    floor.say(photo("p", 2, 1))
    send(floor, 2)
    floor.whole()
    assert lists(floor, product)[small.text("reference")] == {image_of(floor, "p")}
    assert floor.whole(full=True).writes == 0


def test_sizes_that_are_written_anew_are_not_taken_for_people(floor: PolicyFloor) -> None:
    key = f"{ARTICLE}-38"
    product = with_sizes(floor, photo("p", 1, 1, key), numbers=(1,))
    changed = [r for r in sized(ARTICLE, "41") if r.kind != "variant" and r.kind != "stock"]
    floor.say(*changed)
    [variant] = [r for r in sized(ARTICLE, "38") if r.kind == "variant"]
    floor.say(variant.model_copy(update={"values": ("41",)}))
    floor.whole()
    assert lists(floor, product)[key] == {image_of(floor, "p")}


# --- what fails ------------------------------------------------------------------------------


def test_a_photo_that_the_shop_refuses_does_not_keep_the_others(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    bad = photo("p", 1, 1).model_copy(update={"sha256": hashlib.sha256(b"none").hexdigest()})
    floor.say(bad, photo("q", 2, 2))
    with floor.engine.begin() as connection:
        receive_photo(connection, b"none")
    send(floor, 2)
    floor.whole()
    product = product_of(floor)
    assert images(floor, product) == (image_of(floor, "q"),)
    state, code = floor.fates()[Subject("photo", "p")]
    assert (state, code) == ("refused", "E-SHOP-024")
    assert floor.fates()[Subject("photo", "q")] == ("applied", None)


def test_an_upload_without_an_answer_is_found_and_ours(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    product = product_of(floor)
    floor.say(photo("p", 1))
    send(floor, 1)
    with floor.engine.begin() as connection:
        journal = Replica(connection).journal
        sent = {("before", 0): ""}
        journal.open_intent(Subject("photo", "p"), "images", "POST", None, sent, floor.now)
    image = by_hand(floor, product, 1)
    floor.whole()
    assert (uploads(floor), image_of(floor, "p")) == (0, image)
    floor.bury("photo", "p")
    floor.whole()
    assert images(floor, product) == ()


def test_the_shop_keeps_its_own_copy_and_its_look(floor: PolicyFloor) -> None:
    product = brought(floor, photo("p", 1), numbers=(1,))
    kept = download_image(floor.webservice, product, image_of(floor, "p") or 0)
    assert kept is not None
    assert kept.content != drawn(1)
    assert FIRST_LOAD not in floor.held()


def test_doctor_says_once_that_legends_stay_here(floor: PolicyFloor) -> None:
    floor.say(*shop_of(1), photo("p", 1))
    with floor.engine.connect() as connection:
        assert list(check_legends(Replica(connection))) == []
    floor.say(photo("q", 2, 2).model_copy(update={"legend": {"fr": "De dessus"}}))
    with floor.engine.connect() as connection:
        [check] = check_legends(Replica(connection))
    assert (check.id, check.level, check.facts) == ("W10", "ok", {"count": "1"})
