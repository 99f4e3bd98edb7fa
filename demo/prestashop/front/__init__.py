"""What a visitor of the simulated shop sees: a small HTML front, so that a person can compare.

It only answers GET and HEAD; it shows nothing that a visitor may not see, and everything is
escaped but the descriptions, which the shop has cleaned already.

    open_front(shop.core, Request("GET", "/", (("id_lang", "2"),), {}, b""))      # the home page
"""

from demo.prestashop.front.doors import open_front

__all__ = ["open_front"]
