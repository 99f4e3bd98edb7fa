"""What other versions answer otherwise than the simulator does as them, each with its reason.

The script is written for 8.2.1; told to an older shop, part of it meets refusals, and what it says
afterwards of things that were never made tells little. Every pattern names steps.

    KNOWN_BY_VERSION["9.0.0"][0].reason
"""

from collections.abc import Mapping

from tests.contracts.shop.differences import Known

_HTML = Known(
    "html: strong around a paragraph",
    "*",
    "The purifier opens inline tags again inside a block; the simulator only closes them.",
)
_WHICH_DISCOUNT = (
    "Which of several discounts applies: before 8 the webservice leaves rows for a country, a"
    " currency or a group aside. Our programs write one row for everybody."
)
_UNMADE = (
    "The step speaks of a product that 1.6 refused, for want of a link_rewrite: what it keeps of"
    " rows that belong to nothing is of no use to anybody."
)
_OF_UNMADE = (
    "beside: *", "combination: *", "cover: *", "credit note", "echo: P* carts", "group: *",
    "image: *", "left: *", "lost: *", "order*", "rule: *", "simple product: *", "state: *",
    "stock: *",
)  # fmt: skip
_ECHO = "The answer to a POST of 1.6 shows a field or two otherwise; read again, they are the same."
_SALT = "A password's hash holds the shop's own salt, and is the same for the same password."
_DEMO = "1.6 is installed with other formats, sizes of images and settings."
_PLACE = "1.6 numbers the children of a category otherwise; our programs do not read positions."

KNOWN_BY_VERSION: Mapping[str, tuple[Known, ...]] = {
    "9.0.0": (
        _HTML,
        Known(
            "cover: gone with its product",
            "*",
            "Which of a product's images goes before PHP dies of the deletion is not known.",
        ),
    ),
    "1.7.8.11": (
        Known("broken XML", "error.*", "The older libxml has one line less to tell."),
        Known("price: with a fixed price", "*", _WHICH_DISCOUNT),
        Known("price: with more than all", "*", _WHICH_DISCOUNT),
        Known("choice: *", "prestashop/product/*", _WHICH_DISCOUNT),
    ),
    "1.6.1.24": (
        Known("one language*", "*", _DEMO),
        Known("read: kinds of images", "*", _DEMO),
        Known("read: setting PS_PRODUCT_SHORT_DESC_LIMIT", "*", _DEMO),
        Known("category: PUT*", "*/position", _PLACE),
        Known("category: moved", "*/position", _PLACE),
        Known("product: features, tags, accessories, unknown category", "*/position", _PLACE),
        Known("read: JSON of one category", "*/position", _PLACE),
        Known("echo: P* categories", "*/position", _PLACE),
        Known("product: slug *", "prestashop/product/*", _ECHO),
        Known("product: slug *", "*/position_in_category", _PLACE),
        Known("option: unknown type", "*/group_type", "The column of 1.6 takes known types only."),
        Known("value*", "*/position", _ECHO),
        Known("customer*", "prestashop/customer/passwd", _SALT),
        Known("echo: P* customers", "*/passwd", _SALT),
        Known("sale: a shirt at 20 %", "*", _ECHO),
        Known("sale: a book at 5.5 %", "*", _ECHO),
        *(Known(step, "*", _UNMADE) for step in _OF_UNMADE),
    ),
}
