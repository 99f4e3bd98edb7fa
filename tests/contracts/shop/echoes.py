"""Steps: an entity is read and sent back as it is, by PUT and by PATCH."""

from tests.contracts.shop.model import Step

_KEPT = {
    "combinations": "{s41}",
    "stock_availables": "{row41}",
    "suppliers": "{factory}",
    "customers": "{zoe}",
    "addresses": "{home}",
    "orders": "{o1}",
    "specific_prices": "{dlost}",
    "groups": "3",
    "product_options": "{size}",
    "product_option_values": "{size41}",
    "product_features": "{sole}",
    "product_feature_values": "{rubber}",
    "order_carriers": "{parcel}",
    "carts": "{cart2}",
    "messages": "{said}",
    "customer_threads": "{thread}",
}
# What an entity shows but does not let be written: the first such field.
_REFUSED = {
    "products": ("{wide}", "manufacturer_name"),
    "categories": ("{boots}", "level_depth"),
    "manufacturers": ("{acme}", "link_rewrite"),
}

STEPS = tuple(
    step
    for method in ("PUT", "PATCH")
    for step in (
        *(
            Step(
                f"echo: {method} {resource}",
                method,
                resource,
                200,
                echoes=f"{resource}/{handle}",
                again=(f"{resource}/{handle}",),
            )
            for resource, handle in _KEPT.items()
        ),
        *(
            Step(
                f"echo: {method} {resource}",
                method,
                resource,
                400,
                echoes=f"{resource}/{handle}",
                codes=(93,),
                field=field,
                again=(f"{resource}/{handle}",),
            )
            for resource, (handle, field) in _REFUSED.items()
        ),
        Step(
            f"echo: {method} a product of no category",
            method,
            "products",
            400,
            echoes="products/{p2}",
            codes=(134, 93),
            again=("products/{p2}",),
        ),
    )
)
