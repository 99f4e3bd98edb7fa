"""The orders' resources and the shop's settings: mostly read, hardly ever written.

Rules: what we have no business with is not even asked for: password hashes, secure keys, card
data. Only an order's history, its tracking number and a setting by its name are written.

    ORDERS[0].name          # "orders"
    ORDERS[0].display       # ("id", "reference", ...)
"""

from shop_agent.prestashop.resource_types import Field, Resource, names

_NEEDED_WHOLE = Field("whole", required=True)

#: Orders, customers, and what the shop's own settings say about them.
ORDERS: tuple[Resource, ...] = (
    Resource(
        "orders",
        "order",
        associations={"order_rows": "order_row"},
        display=names(
            "id reference id_address_delivery id_address_invoice id_cart id_currency id_lang "
            "id_customer id_carrier current_state module payment invoice_number invoice_date "
            "delivery_number delivery_date valid date_add date_upd shipping_number note id_shop "
            "id_shop_group gift gift_message recyclable total_discounts total_discounts_tax_incl "
            "total_discounts_tax_excl total_paid total_paid_tax_incl total_paid_tax_excl "
            "total_paid_real total_products total_products_wt total_shipping "
            "total_shipping_tax_incl total_shipping_tax_excl carrier_tax_rate total_wrapping "
            "total_wrapping_tax_incl total_wrapping_tax_excl round_mode round_type "
            "conversion_rate order_rows[id,product_id,product_attribute_id,product_quantity,"
            "product_name,product_reference,product_ean13,product_price,id_customization,"
            "unit_price_tax_incl,unit_price_tax_excl]"
        ),
    ),
    Resource(
        "order_details",
        "order_detail",
        associations={"taxes": "tax"},
        display=names(
            "id id_order product_id product_attribute_id id_order_invoice id_shop "
            "id_customization product_name product_quantity product_quantity_in_stock "
            "product_quantity_return product_quantity_refunded product_quantity_reinjected "
            "product_price reduction_percent reduction_amount reduction_amount_tax_incl "
            "reduction_amount_tax_excl group_reduction product_ean13 product_reference "
            "product_weight id_tax_rules_group ecotax ecotax_tax_rate unit_price_tax_incl "
            "unit_price_tax_excl total_price_tax_incl total_price_tax_excl "
            "original_product_price purchase_supplier_price total_refunded_tax_excl "
            "total_refunded_tax_incl taxes[id]"
        ),
    ),
    Resource(
        "order_states",
        "order_state",
        display=names(
            "id unremovable delivery hidden send_email module_name invoice logable shipped paid "
            "deleted name"
        ),
    ),
    Resource(
        "order_payments",
        "order_payment",
        display=names(
            "id order_reference id_currency amount payment_method conversion_rate transaction_id "
            "date_add"
        ),
    ),
    Resource(
        "order_cart_rules",
        "order_cart_rule",
        display=names(
            "id id_order id_cart_rule id_order_invoice name value value_tax_excl free_shipping "
            "deleted"
        ),
    ),
    Resource(
        "order_discounts",  # what 1.6 calls the resource before
        "order_cart_rule",
        list_node="order_cart_rules",
        display=names(
            "id id_order id_cart_rule id_order_invoice name value value_tax_excl free_shipping"
        ),
    ),
    Resource(
        "order_slip",
        "order_slip",
        associations={"order_slip_details": "order_slip_detail"},
        list_node="order_slips",
        display=names(
            "id id_customer id_order conversion_rate total_products_tax_excl "
            "total_products_tax_incl total_shipping_tax_excl total_shipping_tax_incl amount "
            "shipping_cost shipping_cost_amount partial date_add date_upd order_slip_type "
            "order_slip_details[id,id_order_detail,product_quantity,amount_tax_excl,"
            "amount_tax_incl]"
        ),
    ),
    Resource(
        "customers",
        "customer",
        associations={"groups": "group"},
        display=names(
            "id id_default_group id_lang deleted lastname firstname email id_gender birthday "
            "newsletter optin website company siret ape active note is_guest id_shop "
            "id_shop_group date_add date_upd groups[id]"
        ),
    ),
    Resource(
        "addresses",
        "address",
        display=names(
            "id id_customer id_country id_state alias company lastname firstname vat_number "
            "address1 address2 postcode city other phone phone_mobile dni deleted date_add "
            "date_upd"
        ),
    ),
    Resource("countries", "country", display=names("id id_zone iso_code active name")),
    Resource("states", "state", display=names("id id_country id_zone iso_code name active")),
    Resource(
        "carriers",
        "carrier",
        display=names("id id_reference deleted active is_free name url external_module_name"),
    ),
    Resource(
        "currencies",
        "currency",
        display=names("id name iso_code precision conversion_rate deleted active"),
    ),
    Resource(
        "languages", "language", display=names("id name iso_code locale language_code active")
    ),
    Resource(
        "configurations",
        "configuration",
        fields={"name": Field(limit=254, required=True), "value": Field(limit=4_194_303)},
        display=names("id name value id_shop_group id_shop date_upd"),
    ),
    Resource(
        "groups",
        "group",
        display=names("id reduction price_display_method show_prices date_upd name"),
    ),
    Resource("tax_rule_groups", "tax_rule_group", display=names("id name active deleted")),
    Resource(
        "tax_rules",
        "tax_rule",
        display=names(
            "id id_tax_rules_group id_country id_state zipcode_from zipcode_to id_tax behavior"
        ),
    ),
    Resource("taxes", "tax", display=names("id rate active deleted name")),
    Resource(
        "messages",
        "message",
        display=names("id id_cart id_order id_customer id_employee message private date_add"),
    ),
    Resource("shops", "shop", display=names("id id_shop_group id_category active deleted name")),
    Resource(
        "order_histories",
        "order_history",
        fields={
            "id_order": _NEEDED_WHOLE,
            "id_order_state": _NEEDED_WHOLE,
            "id_employee": Field("whole"),
        },
        display=names("id id_order id_order_state id_employee date_add"),
    ),
    Resource(
        "order_carriers",
        "order_carrier",
        fields={"tracking_number": Field(limit=64, forbidden="<>{}")},
        display=names(
            "id id_order id_carrier id_order_invoice weight shipping_cost_tax_excl "
            "shipping_cost_tax_incl tracking_number date_add"
        ),
    ),
)
