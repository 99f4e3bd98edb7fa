"""A PrestaShop 8.2.1 webservice, simulated on one machine for the demo and the tests.

It answers as the real one does, with its traps: short PUTs that reset fields, batches that stop
half-way, 500s after the write, HTML that comes back rewritten. State lies in SQLite.

    with Shop(None, key="K" * 32) as shop, serve(shop) as server:
        requests.get(f"{server.url}/api/products", auth=(shop.key, ""), timeout=5)
"""

from demo.prestashop.shop import LoggedRequest, Shop
from demo.prestashop.web import Server, serve

__all__ = ["LoggedRequest", "Server", "Shop", "serve"]
