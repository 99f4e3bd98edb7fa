"""Steps: what the script made is deleted, as far as a shop lets go of it; its orders stay."""

from tests.contracts.shop.model import Step


def _clear(resource: str, condition: str, count: int) -> tuple[Step, Step]:
    """Return the steps that find what is left, by a filter, and delete it in one request."""
    handles = tuple(f"left_{resource}_{rank}" for rank in range(1, count + 1))
    listed = ",".join(f"{{{handle}}}" for handle in handles)
    found = f"{resource}?{condition}&display=[id]&sort=[id_ASC]"
    return (
        Step(f"left: {resource}, {condition}", "GET", found, 200, makes=handles),
        Step(
            f"left: {resource}, {condition}, gone",
            "DELETE",
            f"{resource}?id=[{listed}]",
            200,
            again=(found,),
        ),
    )


STEPS = (
    Step("left: a product with a cut image", "DELETE", "products/{photo}", 500, codes=(88,),
         again=("products/{photo}", "images/products/{photo}",
                "combinations?filter[id_product]=[{photo}]&display=[id]")),
    *_clear("products", "filter[reference]=[SCR]%25", 26),
    *_clear("products", "filter[id]=[{bare}|{english}|{french}|{signs}]", 4),
    *_clear("manufacturers", "filter[name]=[Script]%25", 4),
    Step("left: brand", "DELETE", "manufacturers/{acme}", 200),
    *_clear("product_options", "filter[id]=[{size}|{wheel}]", 2),
    Step("left: feature", "DELETE", "product_features/{sole}", 200),
    Step("left: supplier", "DELETE", "suppliers/{factory}", 200),
    Step("left: tags without a product went long ago", "DELETE", "tags?id=[{tag1},{tag2}]", 404,
         codes=(87,)),
    Step("left: stray value", "DELETE", "product_option_values/{stray}", 200),
    Step("left: a combination that went with its value", "DELETE", "combinations/{sorphan}", 404,
         codes=(87,)),
    Step("left: discount", "DELETE", "specific_prices/{dlost}", 200),
    Step("left: a category with its branch", "DELETE", "categories/{shoes}", 200,
         again=("categories/{shoes}", "categories/{boots}", "categories/{sandals}")),
    Step("left: other categories", "DELETE", "categories?id=[{long},{english_category}]", 200),
    *_clear("customers", "filter[email]=%25[.script@example.com]", 4),
    Step("left: a customer of no shop", "DELETE", "customers/{bare_customer}", 200,
         again=("customers/{bare_customer}",)),
    Step("left: the customer's order", "GET", "orders/{o1}?display=[id,id_customer,valid]", 200),
)  # fmt: skip
