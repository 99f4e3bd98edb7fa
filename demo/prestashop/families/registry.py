"""Which family answers for which resource.

A resource without a family of its own follows the common rules.

    families = make_families(core)
    families["products"].find(1)
"""

from collections.abc import Mapping

from demo.prestashop.core import Core
from demo.prestashop.families.base import Family
from demo.prestashop.families.carts import CartFamily
from demo.prestashop.families.catalogue import (
    BrandFamily,
    CarrierFamily,
    CategoryFamily,
    CurrencyFamily,
    FeatureFamily,
    OptionFamily,
)
from demo.prestashop.families.combinations import CombinationFamily, OptionValueFamily
from demo.prestashop.families.orders import (
    DetailFamily,
    HistoryFamily,
    OrderFamily,
    ParcelFamily,
    SlipFamily,
)
from demo.prestashop.families.people import CustomerFamily, GroupFamily, ThreadFamily
from demo.prestashop.families.products import ProductFamily
from demo.prestashop.families.stocks import PriceRuleFamily, StockFamily, UniqueFamily

_FAMILIES: Mapping[str, type[Family]] = {
    "carriers": CarrierFamily,
    "carts": CartFamily,
    "categories": CategoryFamily,
    "combinations": CombinationFamily,
    "currencies": CurrencyFamily,
    "customer_threads": ThreadFamily,
    "customers": CustomerFamily,
    "groups": GroupFamily,
    "manufacturers": BrandFamily,
    "order_carriers": ParcelFamily,
    "order_details": DetailFamily,
    "order_histories": HistoryFamily,
    "order_slip": SlipFamily,
    "orders": OrderFamily,
    "product_feature_values": FeatureFamily,
    "product_features": FeatureFamily,
    "product_option_values": OptionValueFamily,
    "product_options": OptionFamily,
    "product_suppliers": UniqueFamily,
    "products": ProductFamily,
    "specific_price_rules": PriceRuleFamily,
    "specific_prices": UniqueFamily,
    "stock_availables": StockFamily,
    "suppliers": BrandFamily,
}


def make_families(core: Core) -> Mapping[str, Family]:
    """Return a family per resource."""
    return {
        name: _FAMILIES.get(resource.name, Family)(core, resource)
        for name, resource in core.version.resources.items()
    }
