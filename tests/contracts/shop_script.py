"""The script that holds the simulator against a real shop: what is said, in order.

The parts lie in `tests/contracts/shop`; each builds on what the ones before have made. The ids of
two shops differ, so steps speak of handles. `KNOWN_DIFFERENCES` lists what is left, each with why.
The real shop is PrestaShop 8.2.1, freshly installed with its demo data.

    heard = run_script(Target(url, keys, wait), STEPS)
    differences(heard_from_the_real_one, heard)      # nothing but KNOWN_DIFFERENCES
"""

from tests.contracts.shop import (
    access,
    batches,
    bundles,
    choosing,
    closing,
    covers,
    echoes,
    ecotax,
    features,
    frame,
    images,
    losing,
    orders,
    people,
    prices,
    products,
    reading,
    sales,
    settings,
    supplying,
    texts,
    variants,
)
from tests.contracts.shop.differences import Known
from tests.contracts.shop.model import Step

STEPS: tuple[Step, ...] = (
    *access.STEPS,
    *frame.STEPS,
    *products.STEPS,
    *texts.STEPS,
    *batches.STEPS,
    *variants.STEPS,
    *reading.STEPS,
    *prices.STEPS,
    *choosing.STEPS,
    *ecotax.STEPS,
    *features.STEPS,
    *supplying.STEPS,
    *bundles.STEPS,
    *losing.STEPS,
    *images.STEPS,
    *covers.STEPS,
    *people.STEPS,
    *orders.STEPS,
    *sales.STEPS,
    *echoes.STEPS,
    *variants.GONE,
    *settings.STEPS,
    *closing.STEPS,
)

# Methods that a key may use, for the key that may not do everything.
RESTRICTED = {"languages": {"GET"}, "manufacturers": {"GET", "POST"}}

KNOWN_DIFFERENCES: tuple[Known, ...] = (
    Known(
        "html: strong around a paragraph",
        "prestashop/product/description/language[*]",
        "The shop's purifier opens <strong>, <em> and <a> again inside a block that interrupts"
        " them, by rules that differ from tag to tag; the simulator only closes them. Texts nested"
        " so are not made by our programs, and how the shop rewrites HTML decides nothing.",
    ),
)

# What `answers` takes out before anything is compared, and why.
NOT_COMPARED: tuple[tuple[str, str], ...] = (
    ("words of errors and of the resources' descriptions", "a wording is not a behaviour"),
    ("hosts and ids", "two shops number differently; ids are compared by what they stand for"),
    (
        "dates of writing",
        "told by two clocks; form, zero dates and whether they moved are compared",
    ),
    ("passwords, keys, order references", "drawn at random; their form is compared"),
    (
        "invoice and delivery numbers",
        "count the orders a shop had before; given or not is compared",
    ),
    ("positions under Home and of options and features", "count what the shop had before"),
    ("order of a product's combinations and option values", "the shop reads them in no order"),
    ("name and address of the shop", "are the installer's"),
    ("blanks around the colon in an order's product names", "a translation has them or not"),
    ("bytes of images", "GD and Pillow encode differently; type and size are compared"),
    ("headers but type and challenge", "times, digests and cookies of one answer"),
)
