"""The till of "Les Semelles de Clara", an invented French shoe shop, as an old till would keep it.

The promise: one seed gives one till, row for row and photo for photo. Money and rates are text with
a decimal comma (`49,90`), flags are `O`/`N`, days are `dd/mm/yyyy`, and no foreign key is enforced:
wrong rows can exist, as they do in real shops. No row may be empty of meaning by accident: what is
wrong is listed in `WRONG_ROWS`, and nothing else is.

    till = build_till(Path("caisse.db"), seed=7)
    with open_till(till.path) as connection:
        sell(connection, 100103, 1)                  # one pair leaves the shop
        switch_internet(connection, 1004, on=True)
        WRONG_ROWS[0].mend(connection)               # the shopkeeper repairs one row

Keys: `ID_ART` (901 to 999 for the wrong rows' articles, 1001 and up for the others) and `ID_DECL`
(100 x ID_ART + 1 to 99) never change and never meet, so either may stand alone as the key of a
sellable thing: the view `VENDABLE` lists them as `CLE`.

| table | column | meaning |
|---|---|---|
| TVA | COD_TVA, TX_TVA, LIB_TVA | VAT code (1, 2); percent as text `20,00`, `5,50`; label |
| RAYON | COD_RAY, LIB_RAY, LIB_RAY_EN, ORDRE | first level of the tree; code is text (`F`); rank |
| FAMILLE | COD_FAM, COD_RAY, LIB_FAM, LIB_FAM_EN, ORDRE | second level; code is text (`F01`) |
| MARQUE | COD_MRQ, LIB_MRQ | brand |
| FOURN | COD_FRN, RAISON | supplier |
| SAISON | COD_SAI, LIB_SAI, LIB_SAI_EN | season: code is text (`PE26`) |
| POINTURE | COD_PT, LIB_PT, ORDRE | size axis: code, label (`38`, `39/42`), rank |
| COULEUR | COD_COUL, LIB_COUL, LIB_COUL_EN, HEXA | colour axis: code (`NOI`), labels, `#rrggbb` |
| DEPOT | COD_DEP, LIB_DEP | `MAG` the shop, `RES` its stockroom: both are sellable, sum them |
| ARTICLE | ID_ART | key, never changes |
| | REF, LIB, LIB_EN | reference; name; English name (NULL: none) |
| | RESUME, DESC_FR, DESC_EN | one line of text; HTML; English HTML (NULL: none) |
| | COD_FAM, COD_MRQ, COD_FRN, COD_TVA | family, brand (NULL: none), supplier, VAT code |
| | PX_TTC, PX_ACH | sale price with tax; purchase price without tax |
| | EAN, QTE_STK | bar code and stock, signed, of a simple article; both NULL with variants |
| | POIDS | weight in kilograms, text `0,850` |
| | INTERNET | `O` to be sold on the site, `N` not |
| | ARRETE, DAT_ARRET | `O` discontinued, and since when (NULL: not) |
| | DAT_CRE | day of creation |
| | NATURE | `S` goods, `L` a pack, `V` a service sold on the site, `C` a gift card |
| | MATIERE, COD_SAI | material in words, season (NULL: none) |
| | REF_FRN | the supplier's own reference |
| | META_TITRE, META_DESC | texts for search engines (NULL: none) |
| | UPC, ISBN, ECOTAXE | codes of care products and books; ecotax with tax (NULL: none) |
| ARTICLE_FAMILLE | ID_ART, COD_FAM | further families of an article |
| ARTICLE_FOURN | ID_AF, ID_ART, COD_FRN, REF_FRN, PX_ACH | further suppliers of an article |
| LOT | ID_LOT, ID_ART, ID_ART_ELT, ID_DECL_ELT, QTE | what a pack holds |
| DECLINAISON | ID_DECL, ID_ART | variant key, never changes; its article |
| | COD_PT, COD_COUL | size and colour (LEFT JOIN: a code may be unknown); always both |
| | REF_DECL, EAN, PX_TTC | own reference; bar code; own price, NULL: the article's |
| STOCK | ID_DECL, COD_DEP, QTE | stock of a variant in a depot, signed integer; no row means 0 |
| PHOTO | ID_PHOTO, ID_ART, RANG, FICHIER, LEGENDE, COD_COUL | key; position from 1; path under \
the photo folder with `/`; legend; the only colour that it shows (NULL: all) |
| PROMO | ID_PROMO, LIB_PROMO, ID_ART, ID_DECL, COD_FAM | promotion; its one target |
| | REMISE, MONTANT, PX_PROMO | percent off, amount off or price, with tax: one of them |
| | DAT_DEB, DAT_FIN, ACTIVE | first and last day, both included; `N`: withdrawn |
| TARIF | COD_TARIF, LIB_TARIF, GROUPE | price list for a group of customers |
| TARIF_LIGNE | ID_TL, COD_TARIF, ID_ART, QTE_MIN, PX_HT | a price of a list, without tax |
| CLIENT | ID_CLI, CIV, NOM, PRENOM, SOCIETE, MAIL, TEL, ADR1, ADR2, CP, VILLE, PAYS, REF_WEB | \
customers; REF_WEB is the shop's customer id, NULL for people met in the shop |
| COMMANDE_WEB | ID_CDE, REF_WEB, REF_CDE, ID_CLI | key; order uid; order reference; customer |
| | DAT_CDE, TOT_TTC, TOT_HT, PORT_TTC, REMISE_TTC | date and totals, text as written by intake |
| | TRANSP, COMMENT, LIV_NOM, LIV_ADR1, LIV_ADR2, LIV_CP, LIV_VILLE, LIV_PAYS, LIV_TEL | carrier, \
message, delivery address |
| | ETAT | `A PREPARER` (default), `PREPAREE`, `EXPEDIEE`, `LIVREE`, `ANNULEE` |
| LIGNE_COMMANDE_WEB | ID_LIG, ID_CDE, NO_LIG, ID_ART, ID_DECL, LIB_LIG, QTE, PU_TTC, TX_TVA, \
TOT_TTC | lines; ID_DECL is NULL for a simple article |
| EXPEDITION | ID_EXP, ID_CDE, TRANSP, NO_SUIVI, DAT_EXP | parcels, none or several per order |
| VENDABLE (view) | CLE, ID_ART, ID_DECL, REF, EAN | all that can be sold, under one key |

Web orders and stock: triggers take a line's units out of the stock (of the article, or of the
variant in `MAG`) when the line is written, follow its changes, and give them back when the line is
deleted or its order becomes `ANNULEE`. So the lines of orders that are not `ANNULEE` are exactly
what the figures already contain: the mapping's `counted_orders`. No table holds a payment.
REF_WEB is indexed but not unique, as in most tills: whoever writes must look first.
"""

from demo.till.build import TillFacts, build_small_till, build_till
from demo.till.catalogue import Promotion
from demo.till.counter import (
    WebOrder,
    WebOrderLine,
    cancel_web_order,
    change_price,
    change_variant_price,
    delete_promotion,
    discontinue,
    move_family,
    move_shelf,
    open_till,
    promote,
    receive_goods,
    rename_article,
    rename_family,
    rename_reference,
    sell,
    sellable_keys,
    set_web_order_state,
    ship_web_order,
    stock_of,
    switch_internet,
    web_orders,
    withdraw_promotion,
)
from demo.till.wrong_rows import SPARE_WRONG_ROWS, WRONG_ROWS, WrongRow

__all__ = [
    "SPARE_WRONG_ROWS",
    "WRONG_ROWS",
    "Promotion",
    "TillFacts",
    "WebOrder",
    "WebOrderLine",
    "WrongRow",
    "build_small_till",
    "build_till",
    "cancel_web_order",
    "change_price",
    "change_variant_price",
    "delete_promotion",
    "discontinue",
    "move_family",
    "move_shelf",
    "open_till",
    "promote",
    "receive_goods",
    "rename_article",
    "rename_family",
    "rename_reference",
    "sell",
    "sellable_keys",
    "set_web_order_state",
    "ship_web_order",
    "stock_of",
    "switch_internet",
    "web_orders",
    "withdraw_promotion",
]
