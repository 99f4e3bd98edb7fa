"""The names of what is counted, one and many, in French and English.

French counts 0 and 1 as one; the kinds of the protocol's records are among them.

    NOUNS["stock"][1].fr              # "stocks"
"""

from protocol.errors import Text

#: One and many, for counted things. French counts 0 and 1 as one.
NOUNS: dict[str, tuple[Text, Text]] = {
    "stock": (Text("stock", "stock"), Text("stocks", "stocks")),
    "price": (Text("prix", "price"), Text("prix", "prices")),
    "article": (Text("fiche article", "article"), Text("fiches article", "articles")),
    "variant": (Text("déclinaison", "variant"), Text("déclinaisons", "variants")),
    "photo": (Text("photo", "photo"), Text("photos", "photos")),
    "category": (Text("catégorie", "category"), Text("catégories", "categories")),
    "brand": (Text("marque", "brand"), Text("marques", "brands")),
    "tax_rate": (Text("taux de TVA", "VAT rate"), Text("taux de TVA", "VAT rates")),
    "order_progress": (
        Text("avancement de commande", "order's progress"),
        Text("avancements de commandes", "orders' progress"),
    ),
    "shipment": (Text("colis", "parcel"), Text("colis", "parcels")),
    "axis": (Text("attribut", "option"), Text("attributs", "options")),
    "axis_value": (
        Text("valeur d'attribut", "option value"),
        Text("valeurs d'attribut", "option values"),
    ),
    "feature": (Text("caractéristique", "feature"), Text("caractéristiques", "features")),
    "feature_value": (
        Text("valeur de caractéristique", "feature value"),
        Text("valeurs de caractéristique", "feature values"),
    ),
    "supplier": (Text("fournisseur", "supplier"), Text("fournisseurs", "suppliers")),
    "price_list": (Text("liste de prix", "price list"), Text("listes de prix", "price lists")),
    "list_price": (Text("prix de liste", "list price"), Text("prix de liste", "list prices")),
    "promotion": (Text("promotion", "promotion"), Text("promotions", "promotions")),
    "policy": (Text("réglage", "setting"), Text("réglages", "settings")),
    "gone": (Text("retrait", "removal"), Text("retraits", "removals")),
    "order": (Text("commande", "order"), Text("commandes", "orders")),
    "line": (Text("ligne", "line"), Text("lignes", "lines")),
    "change": (Text("changement", "change"), Text("changements", "changes")),
    "time": (Text("fois", "time"), Text("fois", "times")),
    "record": (Text("élément", "record"), Text("éléments", "records")),
}
