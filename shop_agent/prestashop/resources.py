"""Every resource that the agent uses, found by its name in the webservice.

Rules: the rest of the room asks here and holds no name or limit of its own. A new article field
that PrestaShop already has is one line in `catalogue_resources`.

    get_resource("products").node                          # "product"
    webservice.iter_all("orders", display=get_resource("orders").display)
"""

from collections.abc import Mapping

from shop_agent.prestashop.catalogue_resources import CATALOGUE
from shop_agent.prestashop.errors import QueryBugError
from shop_agent.prestashop.order_resources import ORDERS
from shop_agent.prestashop.resource_types import Resource

RESOURCES: Mapping[str, Resource] = {resource.name: resource for resource in (*CATALOGUE, *ORDERS)}


def get_resource(name: str) -> Resource:
    """Return a resource's data; raise `QueryBugError` for one that the agent does not use."""
    if name not in RESOURCES:
        raise QueryBugError(place=name, reason="unknown resource")
    return RESOURCES[name]
