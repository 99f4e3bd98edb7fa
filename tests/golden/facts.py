"""What the golden packets say: an invented shoe shop, invented people."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal

from protocol.manifest import Resync
from protocol.records import (
    FACT_KINDS,
    Address,
    Approval,
    Article,
    Axis,
    AxisValue,
    Baseline,
    Brakes,
    Brand,
    Case,
    CaseAnswer,
    Category,
    Counted,
    Customer,
    Discount,
    Fate,
    Feature,
    FeatureValue,
    Filter,
    HeldClass,
    LangPair,
    ListPrice,
    Order,
    OrderLine,
    OrderProgress,
    OrderState,
    PackPart,
    Payment,
    Photo,
    Pilot,
    Policy,
    Price,
    PriceList,
    Promotion,
    Reason,
    Record,
    Role,
    SettledUnits,
    Settlement,
    Shipment,
    ShopProfile,
    SnapshotEnd,
    StateChange,
    Stock,
    Supplier,
    SupplierOffer,
    TaxGroup,
    TaxRate,
    Tombstone,
    Totals,
    Variant,
    Wants,
    Withheld,
    content_hash,
    order_uid,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NEXT_BY = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
NONCE = "0123456789abcdef" * 2
PHOTO = b"\xff\xd8\xff\xe0\r\n\n\x00 not a real photo \xff\xd9"
PHOTO_HASH = hashlib.sha256(PHOTO).hexdigest()


def _sandal(price: str = "49.90") -> Article:
    return Article(
        key="1042",
        reference="MED-42",
        ean="3760000000017",
        name={"fr": "Méduse « Lagon »", "en": "Jelly sandal"},
        description={"fr": "<p>Sandale en plastique.</p>"},
        price=Price(amount=Decimal(price)),
        tax_rate="N",
        brand="12",
        categories=("ENF/SAND",),
        purchase_price=Decimal("18.125"),
        short_description={"fr": "<p>Pour la plage.</p>"},
        meta_title={"fr": "Méduse Lagon, la sandale de plage"},
        upc="012345678905",
        weight_grams=240,
        condition="new",
        features=("M:PVC",),
        ecotax=Decimal("0.02"),
        suppliers=(
            SupplierOffer(
                supplier="F1", reference="ML-42", purchase_price=Decimal("18.125"), currency="EUR"
            ),
        ),
        when_out_of_stock="deny",
        online=True,
        buffer=1,
    )


_TREE: tuple[Record, ...] = (
    Policy(
        version=3,
        owners={"article.price": "till", "article.name": "till-until-edited"},
        buffer=1,
        gone={"discontinued": "inactive", "vanished": "leave"},
        mode="all",
        pilot=Pilot(categories=("ENF",)),
        filter=Filter(brands=("12",), in_stock=True),
        buffers={"ENF/SAND": 2},
        new_articles="draft",
        empty_combinations="hide",
        brakes=Brakes(price_percent=40),
    ),
    TaxRate(key="N", rate=Decimal("20")),
    TaxRate(key="R", rate=Decimal("5.5")),
    Category(key="ENF", name={"fr": "Enfant"}, parent=None),
    Category(key="ENF/SAND", name={"fr": "Sandales"}, parent="ENF"),
    Brand(key="12", name="Méduse & fils"),
    Supplier(key="F1", name="Plastiques de l'Ouest"),
    Feature(key="M", name={"fr": "Matière", "en": "Material"}),
    FeatureValue(key="M:PVC", feature="M", name={"fr": "PVC recyclé"}),
    Axis(key="P", name={"fr": "Pointure", "en": "Size"}),
    Axis(key="C", name={"fr": "Couleur"}, style="color"),
    AxisValue(key="P:28", axis="P", name={"fr": "28"}),
    AxisValue(key="C:BL", axis="C", name={"fr": "Bleu"}, color="#2266cc"),
    _sandal(),
    Article(
        key="7",
        reference="CIR-1",
        name={"fr": "Cirage"},
        price=Price(amount=Decimal("5")),
        tax_rate="N",
    ),
)
_REST: tuple[Record, ...] = (
    Variant(key="1042|28|BL", article="1042", values=("P:28", "C:BL"), ean="20000011"),
    Variant(
        key="1042|29|BL",
        article="1042",
        reference="MED-42-29",
        values=("P:28", "C:BL"),
        price=Price(amount=Decimal("52")),
    ),
    Stock(key="v:1042|28|BL", quantity=5),
    Stock(key="v:1042|29|BL", quantity=-1),
    Stock(key="a:7", quantity=120),
    Photo(
        key="1042/1",
        article="1042",
        sha256=PHOTO_HASH,
        size=len(PHOTO),
        position=1,
        legend={"fr": "De profil"},
        variants=("1042|28|BL",),
        look="7f" * 192,
    ),
    Article(
        key="8",
        reference="LOT-1",
        name={"fr": "Lot de deux cirages"},
        price=Price(amount=Decimal("9")),
        tax_rate="N",
        nature="pack",
        parts=(PackPart(article="7", quantity=2),),
    ),
    PriceList(key="PRO", group="Professionnels", name="Tarif pro"),
    ListPrice(
        key="PRO/7", price_list="PRO", article="7", amount=Decimal("3.25"), basis="tax_excluded"
    ),
    Promotion(
        key="SOLDES",
        name="Soldes d'hiver",
        category="ENF/SAND",
        percent=Decimal("20"),
        starts_at="2026-01-07 08:00:00",
        ends_at="2026-02-03 23:59:59",
    ),
    Promotion(key="DUO", variant="1042|28|BL", price=Decimal("39.90")),
    SnapshotEnd(
        key="5a5a",
        scope=FACT_KINDS,
        withheld=(Withheld(kind="article", key="666", code="E-MAP-101"),),
    ),
)  # fmt: skip
SNAPSHOT = (_TREE, _REST)

UID = order_uid("clara-3f9a", 1042, "XKBKNABJK", "2026-11-24 09:58:12")
DELTA: tuple[Record, ...] = (
    Stock(key="v:1042|28|BL", quantity=4, counted=(Counted(order=UID, quantity=1),)),
    OrderProgress(key=UID, stage="shipped", at=NOW),
    Shipment(key="P-77", order=UID, tracking="6A12345678901", carrier="Colissimo"),
    _sandal("39.90"),
    Article(
        key="7",
        reference="CIR-1",
        name={"fr": "Cirage noir"},
        description=None,
        brand=None,
        price=Price(amount=Decimal("5.50")),
        tax_rate="N",
    ),
)
TOMBSTONES: tuple[Record, ...] = (
    Tombstone(kind="variant", key="1042|29|BL", gone="discontinued"),
    Tombstone(kind="photo", key="1042/1", gone="vanished"),
)
SMALL_SNAPSHOT: tuple[Record, ...] = (
    TaxRate(key="N", rate=Decimal("20")),
    SnapshotEnd(key="6b6b", scope=("tax_rate",)),
)
#: A later minor's article and kind: nothing of it may be lost or refused.
NEWER_MINOR: tuple[dict[str, object], ...] = (
    {
        "kind": "article", "key": "7", "reference": "CIR-1", "name": {"fr": "Cirage"},
        "price": {"amount": "5", "basis": "tax_included", "currency": "EUR", "until": "2027"},
        "tax_rate": "N", "categories": [], "scent": "résine",
    },
    {"kind": "comet", "key": "halley", "tail": ["long"]},
)  # fmt: skip

_CUSTOMER = Customer(
    key="clara-3f9a/c/55",
    shop_id=55,
    email="zoe@example.test",
    first_name="Zoé",
    last_name="Martin",
    language="fr",
    created_at="2026-11-20 18:00:01",
)
_HOME = Address(
    first_name="Zoé",
    last_name="Martin",
    address1="3 rue de l'Invention",
    postcode="29000",
    city="Quimper",
    country="FR",
    mobile="0600000000",
)


def _order(role: Role, name: str, state: int) -> Order:
    return Order(
        key=UID,
        shop_id=1042,
        reference="XKBKNABJK",
        placed_at="2026-11-24 09:58:12",
        timezone="Europe/Paris",
        currency="EUR",
        state=OrderState(id=state, role=role, name=name),
        history=(StateChange(state=state, at="2026-11-24 09:58:13"),),
        customer=_CUSTOMER,
        delivery=_HOME,
        invoice=_HOME,
        carrier="Retrait en magasin",
        payment_module="ps_wirepayment",
        payment_method="Virement",
        payments=(Payment(method="Virement", amount=Decimal("44.90")),),
        lines=(
            OrderLine(
                id=9001,
                product_id=31,
                combination_id=77,
                stock_key="v:1042|28|BL",
                reference="MED-42",
                name="Méduse « Lagon » - 28 - Bleu",
                quantity=1,
                unit_price_tax_excluded=Decimal("41.583333"),
                unit_price_tax_included=Decimal("49.90"),
                total_tax_excluded=Decimal("41.583333"),
                total_tax_included=Decimal("49.90"),
                tax_rate=Decimal("20"),
            ),
        ),
        discounts=(
            Discount(
                name="BIENVENUE",
                amount_tax_included=Decimal("5"),
                amount_tax_excluded=Decimal("4.166667"),
            ),
        ),
        totals=_totals(),
        note="Sonner deux fois",
    )


def _totals() -> Totals:
    zero = Decimal(0)
    return Totals(
        products_tax_excluded=Decimal("41.583333"), products_tax_included=Decimal("49.90"),
        shipping_tax_excluded=zero, shipping_tax_included=zero, shipping_tax_rate=zero,
        wrapping_tax_excluded=zero, wrapping_tax_included=zero,
        discounts_tax_excluded=Decimal("4.166667"), discounts_tax_included=Decimal("5"),
        paid_tax_excluded=Decimal("37.416666"), paid_tax_included=Decimal("44.90"),
        paid_real=zero,
    )  # fmt: skip


_ORDER = _order("awaiting_payment", "En attente de virement", 10)
ORDERS: tuple[Record, ...] = (
    ShopProfile(
        version="8.1.7",
        instance="clara-3f9a",
        url="https://clara.example.test/",
        name="Chaussures Clara",
        timezone="Europe/Paris",
        currency="EUR",
        languages=("fr", "en"),
        tax_groups=(TaxGroup(id=1, name="FR 20 %", rate=Decimal("20")),),
        states=(
            OrderState(id=10, role="awaiting_payment", name="En attente de virement"),
            OrderState(id=6, role="cancelled", name="Annulé"),
        ),
    ),
    _ORDER,
    Customer(key="clara-3f9a/c/56", shop_id=56, email="ali@example.test", guest=True),
)
REVISION: tuple[Record, ...] = (_order("cancelled", "Annulé", 6),)

SHOP_ANSWERS: tuple[Record, ...] = (
    Wants(photos=(PHOTO_HASH,)),
    Fate(
        key="brand/12",
        of_kind="brand",
        of_key="12",
        of_hash=content_hash(Brand(key="12", name="Méduse & fils")),
        state="applied",
        at=NOW,
    ),
    Fate(
        key="article/7",
        of_kind="article",
        of_key="7",
        of_hash=None,
        state="refused",
        reason=Reason(
            code="E-REC-002",
            place="article 7, name",
            value="Cirage;noir",
            what=LangPair(fr="Le nom contient un signe interdit", en="A sign is not allowed"),
            remedy=LangPair(fr="Corriger le nom à la caisse", en="Correct it at the till"),
        ),
        at=NOW,
    ),
    Baseline(up_to=1000, open=()),
    HeldClass(
        key="deactivations",
        count=57,
        of=220,
        examples=("MED-42 Méduse « Lagon » : en ligne → hors ligne",),
        since=NOW,
    ),
    Settlement(key=UID, units=(SettledUnits(key="v:1042|28|BL", quantity=1),)),
    Case(
        key=f"unpaid/{UID}",
        about="unpaid",
        reason=Reason(
            code="E-CAS-003",
            place="XKBKNABJK",
            what=LangPair(fr="Commande impayée", en="The order is unpaid"),
            remedy=LangPair(fr="Relancer, ou libérer le stock", en="Remind, or release the stock"),
        ),
        orders=(UID,),
        verbs=("release",),
        since=NOW,
    ),
)
RESYNC = Resync(stream="catalogue", nonce=NONCE, reason="state_lost")
POS_ANSWERS: tuple[Record, ...] = (
    Fate(
        key=f"order/{UID}",
        of_kind="order",
        of_key=UID,
        of_hash=content_hash(_ORDER),
        state="imported",
        at=NOW,
    ),
    Baseline(up_to=1000, open=("clara-3f9a/998/QQQQQQQQQ/2026-11-01 12:00:00",)),
    Approval(key="deactivations", up_to=57, until=NEXT_BY),
    CaseAnswer(key=f"unpaid/{UID}", verb="release", at=NOW),
)
