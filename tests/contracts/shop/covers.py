"""Steps: the cover and the order of a product's photos, and the photos of its sizes."""

from tests.contracts.shop.bodies import ids, one
from tests.contracts.shop.model import Step, Upload
from tests.contracts.shop.products import product
from tests.contracts.shop.variants import combination

_LIST = ("products/{poster}?display=[id,id_default_image,images[id]]", "images/products/{poster}")


def _upload(name: str, handle: str, upload: Upload, where: str = "poster") -> Step:
    return Step(f"cover: {name}", "POST", f"images/products/{{{where}}}", 200, upload=upload,
                makes=(handle,), again=_LIST)  # fmt: skip


def _cover(name: str, image: str) -> Step:
    return Step(f"cover: {name}", "PATCH", "products", 200,
                body=one("product", {"id": "{poster}", "id_default_image": image}),
                again=_LIST)  # fmt: skip


def _size(name: str, handle: str, body: str, status: int = 201, method: str = "POST") -> Step:
    return Step(f"cover: {name}", method, "combinations", status, body=body,
                makes=(handle,) if method == "POST" else (),
                again=(f"combinations/{{{handle}}}", "images/products/{poster}"))  # fmt: skip


def _images(name: str, handle: str, *images: str, status: int = 200) -> Step:
    body = one("combination", {"id": f"{{{handle}}}"}, {"images": ids("image", *images)})
    return _size(name, handle, body, status, "PATCH")


STEPS = (
    Step("cover: products", "POST", "products", 201, makes=("poster",), body=product("NEW-POSTER")),
    Step("cover: another product", "POST", "products", 201, makes=("other",),
         body=product("NEW-OTHER")),
    _upload("the first becomes it", "ph1", Upload("jpeg")),
    _upload("the second does not", "ph2", Upload("png", file_name="b.png", kind="image/png")),
    _upload("the third does not", "ph3", Upload("jpeg")),
    _upload("of another product", "phx", Upload("jpeg"), "other"),
    Step("cover: the file read", "GET", "images/products/{poster}/{ph1}", 200),
    Step("cover: a png read", "GET", "images/products/{poster}/{ph2}", 200),
    *(
        Step(f"cover: {size} read", "GET", f"images/products/{{poster}}/{{ph1}}/{size}", 200)
        for size in ("cart_default", "small_default", "medium_default", "home_default",
                     "large_default")
    ),
    Step("cover: an image of another product read", "GET", "images/products/{poster}/{phx}", 400,
         codes=(57,)),
    Step("cover: its list by HEAD", "HEAD", "images/products/{poster}", 200),
    _cover("moved", "{ph3}"),
    _cover("taken away", "0"),
    _cover("empty", ""),
    _cover("of another product's image", "{phx}"),
    Step("cover: the other product's", "GET",
         "products/{other}?display=[id,id_default_image,images[id]]", 200),
    _upload("a second of the other product", "phy", Upload("jpeg"), "other"),
    Step("cover: of another product, not its cover", "PATCH", "products", 500,
         body=one("product", {"id": "{poster}", "id_default_image": "{phy}"}),
         again=(*_LIST, "products/{other}?display=[id,id_default_image,images[id]]")),
    _cover("put back", "{ph2}"),
    Step("cover: images in another order change nothing", "PATCH", "products", 200,
         body=one("product", {"id": "{poster}"}, {"images": ids("image", "{ph3}", "{ph1}")}),
         again=_LIST),
    Step("cover: no images change nothing", "PATCH", "products", 200,
         body=one("product", {"id": "{poster}"}, {"images": ()}), again=_LIST),
    _size("a size with two images", "po40",
          combination(("{size40}",), {}, {"images": ids("image", "{ph1}", "{ph3}")},
                      owner="{poster}")),
    _size("a size with another product's image", "po41",
          combination(("{size41}",), {}, {"images": ids("image", "{phx}")}, owner="{poster}")),
    _size("a size, its image before its values", "po42",
          one("combination", {"id_product": "{poster}", "minimal_quantity": "1"},
              {"images": ids("image", "{ph1}"),
               "product_option_values": ids("product_option_value", "{size42}")})),
    _images("a size's images alone", "po42", "{ph2}"),
    _images("the same image twice", "po42", "{ph3}", "{ph3}", status=500),
    Step("cover: values sent again forget the images", "PATCH", "combinations", 200,
         body=one("combination", {"id": "{po40}"},
                  {"product_option_values": ids("product_option_value", "{size40}")}),
         again=("combinations/{po40}", "images/products/{poster}")),
    _images("a size's images again", "po40", "{ph3}", "{ph2}"),
    Step("cover: kept by a PATCH of a price", "PATCH", "combinations", 200,
         body=one("combination", {"id": "{po40}", "price": "1"}), again=("combinations/{po40}",)),
    Step("cover: a value twice", "PATCH", "combinations", 500,
         body=one("combination", {"id": "{po41}"},
                  {"product_option_values": ids("product_option_value", "{size41}", "{size41}")}),
         again=("combinations/{po41}",)),
    Step("cover: the product's date", "GET", "products/{poster}?display=[id]", 200,
         again=("products/{poster}?display=[id,date_upd]",)),
    Step("cover: an image does not move the product's date", "DELETE",
         "images/products/{poster}/{ph3}", 200, pause=True,
         again=("products/{poster}?display=[id,date_upd]", "combinations/{po40}", *_LIST)),
    Step("cover: deleted", "DELETE", "images/products/{poster}/{ph2}", 200, again=_LIST),
    _cover("chosen after that", "{ph1}"),
    _upload("one more is last and no cover", "ph4", Upload("gif", file_name="c.gif",
                                                          kind="image/gif")),
    Step("cover: gone with its product", "DELETE", "products/{poster}", 200,
         again=("images/products/{poster}", "images/products/{poster}/{ph1}",
                "combinations/{po40}")),
    Step("cover: the other product gone", "DELETE", "products/{other}", 200),
)  # fmt: skip
