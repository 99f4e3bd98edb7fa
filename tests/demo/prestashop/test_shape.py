"""The simulator against recorded answers of a real 8.2.1: names, order, attributes, codes."""

import pytest
from lxml import etree

from demo.prestashop import Shop
from tests.demo.prestashop import recordings
from tests.demo.prestashop.asking import Asker
from tests.demo.prestashop.preparing import prepare

SPECIAL = {"images", "search"}
EMPTY_HERE = {
    "deliveries": "the simulator has no price ranges, so no delivery costs",
    "states": "no states of countries are seeded",
    "stock_movement_reasons": "stock movements are not simulated",
    "product_customization_fields": "customisations are not simulated",
}
# Recordings that are not replayed, each with its reason.
EXCLUDED = {
    "err.405_method_not_allowed_for_key.http": "needs another key: see test_access",
    "err.401_no_key.http": "needs no key: see test_access",
    "err.401_wrong_key_32.http": "needs another key: see test_access",
    "err.401_short_key.http": "needs another key: see test_access",
    "err.401_disabled_key.http": "needs another key: see test_access",
    "err.401_resource_not_allowed_for_key.http": "needs another key: see test_access",
    "err.ws_key_param_ok.http": "needs another key: see test_access",
    "err.ws_key_param_wrong.http": "needs another key: see test_access",
    "err.413_body_too_large.http": "the web server's answer: see test_web",
    "err.414_url_too_long.http": "the web server's answer: see test_web",
    "err.wrong_host_redirect.http": "the web server's answer: see test_web",
    "err.maintenance_front.http": "the front is not simulated",
    "err.500_missing_table.http": "a broken database is not simulated; see the fault `500`",
    "err.500_html_page.http": "an accident: see test_faults",
    "err.500_uncaught.http": "an accident: see test_faults",
    "err.php_noise_before_xml.http": "an accident: see test_faults",
    "err.php_noise_post.http": "an accident: see test_faults",
    "err.devmode_404.http": "developer mode is not simulated",
    "err.devmode_duplicate_specific_price.http": "developer mode is not simulated; see `fatal_200`",
    "v.desc_style.http": "the missing cache folder is an accident: see `apply_then_warning`",
    "q.product1_ioformat_json.json": "needs a header: see test_reading",
    "err.post_latin1_bytes.http": "its body was not kept: see test_writing",
    "w.address_post.xml": "its body was not kept: see test_people",
    "w.order_carrier_put_sendemail.xml": "its body was not kept: see test_orders",
    "w.ps_method_patch.xml": "its body was not kept: see test_writing",
    "w.image_post.xml": "its file was not kept: see test_images",
    "w.image_post_png.xml": "its file was not kept: see test_images",
    "w.image_post_webp.http": "its file was not kept: see test_images",
    "w.image_post_category.xml": "its file was not kept: see test_images",
    "w.image_post_ps_method_put.xml": "its file was not kept: see test_images",
    "w.image_put_multipart.http": "its file was not kept: see test_images",
    "err.image_bmp.http": "its file was not kept: see test_images",
    "err.image_not_image.http": "its file was not kept: see test_images",
    "err.image_wrong_field.http": "its file was not kept: see test_images",
    "err.image_unknown_product.http": "its file was not kept: see test_images",
    "err.image_9mb.http": "its file was not kept: see test_images",
    "err.image_over_upload_max.http": "its file was not kept: see test_images",
}
for _resource in EMPTY_HERE:
    EXCLUDED[f"{_resource}.get.xml"] = EXCLUDED[f"{_resource}.list_full3.xml"] = EMPTY_HERE[
        _resource
    ]


def _names(end: str) -> list[str]:
    found = [name for name in recordings.index() if name.endswith(end)]
    return sorted(name for name in found if name.split(".")[0] not in SPECIAL)


def _replayed() -> list[str]:
    kinds = ("err.", "w.", "v.", "q.", "echo.")
    found = [name for name in recordings.index() if name.startswith(kinds)]
    return sorted(name for name in found if name not in EXCLUDED)


@pytest.fixture(autouse=True)
def recorded() -> None:
    """Every test here needs the recordings."""
    recordings.require()


def test_recordings_are_there() -> None:
    assert len(recordings.index()) > 500


@pytest.mark.parametrize("name", _names(".schema_blank.xml") + _names(".schema_synopsis.xml"))
def test_schema_is_the_recorded_one(ask_demo: Asker, name: str) -> None:
    recorded = recordings.index()[name]
    answer = ask_demo.get(recorded.target)
    assert answer.status == recorded.status
    assert recordings.shape(answer.tree) == recordings.shape(etree.fromstring(recorded.body))


@pytest.mark.parametrize("name", [one for one in _names(".get.xml") if one not in EXCLUDED])
def test_entity_has_the_recorded_fields(ask_demo: Asker, name: str) -> None:
    recorded = recordings.index()[name]
    answer = ask_demo.get(recorded.target)
    assert (answer.status, answer.content_type) == (recorded.status, recorded.content_type)
    recordings.same_entity(answer.tree[0], etree.fromstring(recorded.body)[0])


@pytest.mark.parametrize("name", [one for one in _names(".list_full3.xml") if one not in EXCLUDED])
def test_full_list_has_the_recorded_fields(ask_demo: Asker, name: str) -> None:
    recorded = recordings.index()[name]
    answer = ask_demo.get(recorded.target)
    assert answer.status == recorded.status
    ours, theirs = answer.tree, etree.fromstring(recorded.body)
    assert ours[0].tag == theirs[0].tag
    if len(theirs[0]):
        recordings.same_entity(ours[0][0], theirs[0][0])


@pytest.mark.parametrize("name", _names(".list.xml"))
def test_list_of_ids_is_as_recorded(ask_demo: Asker, name: str) -> None:
    recorded = recordings.index()[name]
    answer = ask_demo.get(recorded.target)
    assert answer.status == recorded.status
    recordings.same_rows(answer.tree[0], etree.fromstring(recorded.body)[0])


@pytest.mark.parametrize("name", _replayed())
def test_replayed_request_gets_the_recorded_answer(
    demo_shop: Shop, ask_demo: Asker, name: str
) -> None:
    recorded = recordings.index()[name]
    prepare(demo_shop, ask_demo, name, recorded.request)
    answer = ask_demo(recorded.method, recorded.target, recorded.request)
    assert (answer.status, answer.content_type) == (recorded.status, recorded.content_type)
    assert recordings.error_codes(answer.body) == recordings.error_codes(recorded.body)
    if recorded.status in {200, 201} and recorded.body.startswith(b"<?xml"):
        ours, theirs = answer.tree, etree.fromstring(recorded.body)
        assert [child.tag for child in ours] == [child.tag for child in theirs]
