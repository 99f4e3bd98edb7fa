"""The tables, the view and the triggers of the till, and the writing of a catalogue into them.

The promise: a catalogue is written in one transaction, as an old till would hold it. Nothing is
enforced beyond the keys (see the package's table of columns); web orders move the stock by trigger.

    connection = sqlite3.connect("caisse.db")
    create_tables(connection)
    write_catalogue(connection, catalogue)
    rows = connection.execute("SELECT REF, PX_TTC FROM ARTICLE").fetchall()
"""

import sqlite3
from decimal import Decimal

from demo.till import words
from demo.till.catalogue import Article, Catalogue, Promotion, comma, french_day
from demo.till.trade import Trade

TABLES = """
CREATE TABLE TVA (COD_TVA INTEGER PRIMARY KEY, TX_TVA TEXT, LIB_TVA TEXT);
CREATE TABLE RAYON (COD_RAY TEXT PRIMARY KEY, LIB_RAY TEXT, LIB_RAY_EN TEXT, ORDRE INTEGER);
CREATE TABLE FAMILLE (
  COD_FAM TEXT PRIMARY KEY, COD_RAY TEXT, LIB_FAM TEXT, LIB_FAM_EN TEXT, ORDRE INTEGER);
CREATE TABLE MARQUE (COD_MRQ INTEGER PRIMARY KEY, LIB_MRQ TEXT);
CREATE TABLE FOURN (COD_FRN INTEGER PRIMARY KEY, RAISON TEXT);
CREATE TABLE SAISON (COD_SAI TEXT PRIMARY KEY, LIB_SAI TEXT, LIB_SAI_EN TEXT);
CREATE TABLE POINTURE (COD_PT INTEGER PRIMARY KEY, LIB_PT TEXT, ORDRE INTEGER);
CREATE TABLE COULEUR (COD_COUL TEXT PRIMARY KEY, LIB_COUL TEXT, LIB_COUL_EN TEXT, HEXA TEXT);
CREATE TABLE DEPOT (COD_DEP TEXT PRIMARY KEY, LIB_DEP TEXT);
CREATE TABLE ARTICLE (
  ID_ART INTEGER PRIMARY KEY, REF TEXT, LIB TEXT, LIB_EN TEXT, RESUME TEXT, DESC_FR TEXT,
  DESC_EN TEXT, COD_FAM TEXT, COD_MRQ INTEGER, COD_FRN INTEGER, COD_TVA INTEGER, PX_TTC TEXT,
  PX_ACH TEXT, EAN TEXT, QTE_STK INTEGER, POIDS TEXT, INTERNET TEXT DEFAULT 'N',
  ARRETE TEXT DEFAULT 'N', DAT_ARRET TEXT, DAT_CRE TEXT, NATURE TEXT DEFAULT 'S', MATIERE TEXT,
  COD_SAI TEXT, REF_FRN TEXT, META_TITRE TEXT, META_DESC TEXT, UPC TEXT, ISBN TEXT, ECOTAXE TEXT);
CREATE TABLE ARTICLE_FAMILLE (ID_ART INTEGER, COD_FAM TEXT, PRIMARY KEY (ID_ART, COD_FAM));
CREATE TABLE ARTICLE_FOURN (
  ID_AF INTEGER PRIMARY KEY, ID_ART INTEGER, COD_FRN INTEGER, REF_FRN TEXT, PX_ACH TEXT);
CREATE TABLE LOT (
  ID_LOT INTEGER PRIMARY KEY, ID_ART INTEGER, ID_ART_ELT INTEGER, ID_DECL_ELT INTEGER,
  QTE INTEGER DEFAULT 1);
CREATE TABLE DECLINAISON (
  ID_DECL INTEGER PRIMARY KEY, ID_ART INTEGER, COD_PT INTEGER, COD_COUL TEXT, REF_DECL TEXT,
  EAN TEXT, PX_TTC TEXT);
CREATE INDEX IX_DECL_ART ON DECLINAISON (ID_ART);
CREATE TABLE STOCK (
  ID_DECL INTEGER, COD_DEP TEXT, QTE INTEGER DEFAULT 0, PRIMARY KEY (ID_DECL, COD_DEP));
CREATE TABLE PHOTO (
  ID_PHOTO INTEGER PRIMARY KEY, ID_ART INTEGER, RANG INTEGER, FICHIER TEXT, LEGENDE TEXT,
  COD_COUL TEXT);
CREATE INDEX IX_PHOTO_ART ON PHOTO (ID_ART);
CREATE TABLE PROMO (
  ID_PROMO INTEGER PRIMARY KEY, LIB_PROMO TEXT, ID_ART INTEGER, ID_DECL INTEGER, COD_FAM TEXT,
  REMISE TEXT, MONTANT TEXT, PX_PROMO TEXT, DAT_DEB TEXT, DAT_FIN TEXT, ACTIVE TEXT DEFAULT 'O');
CREATE TABLE TARIF (COD_TARIF TEXT PRIMARY KEY, LIB_TARIF TEXT, GROUPE TEXT);
CREATE TABLE TARIF_LIGNE (
  ID_TL INTEGER PRIMARY KEY, COD_TARIF TEXT, ID_ART INTEGER, QTE_MIN INTEGER DEFAULT 1,
  PX_HT TEXT);
CREATE TABLE CLIENT (
  ID_CLI INTEGER PRIMARY KEY AUTOINCREMENT, CIV TEXT, NOM TEXT, PRENOM TEXT, SOCIETE TEXT,
  MAIL TEXT, TEL TEXT, ADR1 TEXT, ADR2 TEXT, CP TEXT, VILLE TEXT, PAYS TEXT, REF_WEB TEXT);
CREATE INDEX IX_CLI_WEB ON CLIENT (REF_WEB);
CREATE TABLE COMMANDE_WEB (
  ID_CDE INTEGER PRIMARY KEY AUTOINCREMENT, REF_WEB TEXT NOT NULL, REF_CDE TEXT, ID_CLI INTEGER,
  DAT_CDE TEXT, TOT_TTC TEXT, TOT_HT TEXT, PORT_TTC TEXT, REMISE_TTC TEXT, TRANSP TEXT,
  COMMENT TEXT, LIV_NOM TEXT, LIV_ADR1 TEXT, LIV_ADR2 TEXT, LIV_CP TEXT, LIV_VILLE TEXT,
  LIV_PAYS TEXT, LIV_TEL TEXT, ETAT TEXT NOT NULL DEFAULT 'A PREPARER');
CREATE INDEX IX_CDE_WEB ON COMMANDE_WEB (REF_WEB);
CREATE TABLE LIGNE_COMMANDE_WEB (
  ID_LIG INTEGER PRIMARY KEY AUTOINCREMENT, ID_CDE INTEGER NOT NULL, NO_LIG INTEGER,
  ID_ART INTEGER, ID_DECL INTEGER, LIB_LIG TEXT, QTE INTEGER NOT NULL, PU_TTC TEXT, TX_TVA TEXT,
  TOT_TTC TEXT);
CREATE INDEX IX_LIG_CDE ON LIGNE_COMMANDE_WEB (ID_CDE);
CREATE TABLE EXPEDITION (
  ID_EXP INTEGER PRIMARY KEY AUTOINCREMENT, ID_CDE INTEGER NOT NULL, TRANSP TEXT, NO_SUIVI TEXT,
  DAT_EXP TEXT);
CREATE VIEW VENDABLE AS
  SELECT D.ID_DECL AS CLE, D.ID_ART, D.ID_DECL, D.REF_DECL AS REF, D.EAN FROM DECLINAISON D
  UNION ALL
  SELECT A.ID_ART, A.ID_ART, NULL, A.REF, A.EAN FROM ARTICLE A
  WHERE NOT EXISTS (SELECT 1 FROM DECLINAISON D WHERE D.ID_ART = A.ID_ART);
"""

# A line moves the stock by its quantity; the steps are the same whether units go or come back.
TRIGGERS = """
CREATE TRIGGER TR_LIG_AJOUT AFTER INSERT ON LIGNE_COMMANDE_WEB
WHEN COALESCE((SELECT ETAT FROM COMMANDE_WEB WHERE ID_CDE = NEW.ID_CDE), '') <> 'ANNULEE'
BEGIN
  INSERT OR IGNORE INTO STOCK (ID_DECL, COD_DEP, QTE)
    SELECT ID_DECL, 'MAG', 0 FROM DECLINAISON WHERE ID_DECL = NEW.ID_DECL;
  UPDATE STOCK SET QTE = QTE - NEW.QTE WHERE ID_DECL = NEW.ID_DECL AND COD_DEP = 'MAG';
  UPDATE ARTICLE SET QTE_STK = QTE_STK - NEW.QTE WHERE ID_ART = NEW.ID_ART AND NEW.ID_DECL IS NULL;
END;
CREATE TRIGGER TR_LIG_SUPPR AFTER DELETE ON LIGNE_COMMANDE_WEB
WHEN COALESCE((SELECT ETAT FROM COMMANDE_WEB WHERE ID_CDE = OLD.ID_CDE), '') <> 'ANNULEE'
BEGIN
  UPDATE STOCK SET QTE = QTE + OLD.QTE WHERE ID_DECL = OLD.ID_DECL AND COD_DEP = 'MAG';
  UPDATE ARTICLE SET QTE_STK = QTE_STK + OLD.QTE WHERE ID_ART = OLD.ID_ART AND OLD.ID_DECL IS NULL;
END;
CREATE TRIGGER TR_LIG_MODIF AFTER UPDATE OF QTE, ID_ART, ID_DECL ON LIGNE_COMMANDE_WEB
WHEN COALESCE((SELECT ETAT FROM COMMANDE_WEB WHERE ID_CDE = NEW.ID_CDE), '') <> 'ANNULEE'
BEGIN
  UPDATE STOCK SET QTE = QTE + OLD.QTE WHERE ID_DECL = OLD.ID_DECL AND COD_DEP = 'MAG';
  UPDATE ARTICLE SET QTE_STK = QTE_STK + OLD.QTE WHERE ID_ART = OLD.ID_ART AND OLD.ID_DECL IS NULL;
  INSERT OR IGNORE INTO STOCK (ID_DECL, COD_DEP, QTE)
    SELECT ID_DECL, 'MAG', 0 FROM DECLINAISON WHERE ID_DECL = NEW.ID_DECL;
  UPDATE STOCK SET QTE = QTE - NEW.QTE WHERE ID_DECL = NEW.ID_DECL AND COD_DEP = 'MAG';
  UPDATE ARTICLE SET QTE_STK = QTE_STK - NEW.QTE WHERE ID_ART = NEW.ID_ART AND NEW.ID_DECL IS NULL;
END;
CREATE TRIGGER TR_CDE_SUPPR BEFORE DELETE ON COMMANDE_WEB
BEGIN
  DELETE FROM LIGNE_COMMANDE_WEB WHERE ID_CDE = OLD.ID_CDE;
END;
CREATE TRIGGER TR_CDE_ANNUL AFTER UPDATE OF ETAT ON COMMANDE_WEB
WHEN (OLD.ETAT = 'ANNULEE') <> (NEW.ETAT = 'ANNULEE')
BEGIN
  UPDATE STOCK SET QTE = QTE + (CASE NEW.ETAT WHEN 'ANNULEE' THEN 1 ELSE -1 END)
      * (SELECT SUM(L.QTE) FROM LIGNE_COMMANDE_WEB L
         WHERE L.ID_CDE = NEW.ID_CDE AND L.ID_DECL = STOCK.ID_DECL)
    WHERE COD_DEP = 'MAG'
      AND ID_DECL IN (SELECT ID_DECL FROM LIGNE_COMMANDE_WEB WHERE ID_CDE = NEW.ID_CDE);
  UPDATE ARTICLE SET QTE_STK = QTE_STK + (CASE NEW.ETAT WHEN 'ANNULEE' THEN 1 ELSE -1 END)
      * (SELECT SUM(L.QTE) FROM LIGNE_COMMANDE_WEB L
         WHERE L.ID_CDE = NEW.ID_CDE AND L.ID_ART = ARTICLE.ID_ART AND L.ID_DECL IS NULL)
    WHERE ID_ART IN (SELECT ID_ART FROM LIGNE_COMMANDE_WEB
                     WHERE ID_CDE = NEW.ID_CDE AND ID_DECL IS NULL);
END;
-- A pack takes its components out of stock with it.
CREATE VIEW LIGNE_LOT AS
  SELECT L.ID_CDE, E.ID_ART_ELT, E.ID_DECL_ELT, L.QTE * E.QTE AS QTE
  FROM LIGNE_COMMANDE_WEB L JOIN LOT E ON E.ID_ART = L.ID_ART AND L.ID_DECL IS NULL;
CREATE TRIGGER TR_LOT_AJOUT AFTER INSERT ON LIGNE_COMMANDE_WEB
WHEN COALESCE((SELECT ETAT FROM COMMANDE_WEB WHERE ID_CDE = NEW.ID_CDE), '') <> 'ANNULEE'
BEGIN
  UPDATE STOCK SET QTE = QTE - NEW.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = NEW.ID_ART AND E.ID_DECL_ELT = STOCK.ID_DECL)
    WHERE COD_DEP = 'MAG' AND NEW.ID_DECL IS NULL
      AND ID_DECL IN (SELECT ID_DECL_ELT FROM LOT WHERE ID_ART = NEW.ID_ART);
  UPDATE ARTICLE SET QTE_STK = QTE_STK - NEW.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = NEW.ID_ART AND E.ID_ART_ELT = ARTICLE.ID_ART)
    WHERE NEW.ID_DECL IS NULL
      AND ID_ART IN (SELECT ID_ART_ELT FROM LOT WHERE ID_ART = NEW.ID_ART);
END;
CREATE TRIGGER TR_LOT_SUPPR AFTER DELETE ON LIGNE_COMMANDE_WEB
WHEN COALESCE((SELECT ETAT FROM COMMANDE_WEB WHERE ID_CDE = OLD.ID_CDE), '') <> 'ANNULEE'
BEGIN
  UPDATE STOCK SET QTE = QTE + OLD.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = OLD.ID_ART AND E.ID_DECL_ELT = STOCK.ID_DECL)
    WHERE COD_DEP = 'MAG' AND OLD.ID_DECL IS NULL
      AND ID_DECL IN (SELECT ID_DECL_ELT FROM LOT WHERE ID_ART = OLD.ID_ART);
  UPDATE ARTICLE SET QTE_STK = QTE_STK + OLD.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = OLD.ID_ART AND E.ID_ART_ELT = ARTICLE.ID_ART)
    WHERE OLD.ID_DECL IS NULL
      AND ID_ART IN (SELECT ID_ART_ELT FROM LOT WHERE ID_ART = OLD.ID_ART);
END;
CREATE TRIGGER TR_LOT_MODIF AFTER UPDATE OF QTE, ID_ART, ID_DECL ON LIGNE_COMMANDE_WEB
WHEN COALESCE((SELECT ETAT FROM COMMANDE_WEB WHERE ID_CDE = NEW.ID_CDE), '') <> 'ANNULEE'
BEGIN
  UPDATE STOCK SET QTE = QTE + OLD.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = OLD.ID_ART AND E.ID_DECL_ELT = STOCK.ID_DECL)
    WHERE COD_DEP = 'MAG' AND OLD.ID_DECL IS NULL
      AND ID_DECL IN (SELECT ID_DECL_ELT FROM LOT WHERE ID_ART = OLD.ID_ART);
  UPDATE ARTICLE SET QTE_STK = QTE_STK + OLD.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = OLD.ID_ART AND E.ID_ART_ELT = ARTICLE.ID_ART)
    WHERE OLD.ID_DECL IS NULL
      AND ID_ART IN (SELECT ID_ART_ELT FROM LOT WHERE ID_ART = OLD.ID_ART);
  UPDATE STOCK SET QTE = QTE - NEW.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = NEW.ID_ART AND E.ID_DECL_ELT = STOCK.ID_DECL)
    WHERE COD_DEP = 'MAG' AND NEW.ID_DECL IS NULL
      AND ID_DECL IN (SELECT ID_DECL_ELT FROM LOT WHERE ID_ART = NEW.ID_ART);
  UPDATE ARTICLE SET QTE_STK = QTE_STK - NEW.QTE
      * (SELECT SUM(E.QTE) FROM LOT E WHERE E.ID_ART = NEW.ID_ART AND E.ID_ART_ELT = ARTICLE.ID_ART)
    WHERE NEW.ID_DECL IS NULL
      AND ID_ART IN (SELECT ID_ART_ELT FROM LOT WHERE ID_ART = NEW.ID_ART);
END;
CREATE TRIGGER TR_LOT_ANNUL AFTER UPDATE OF ETAT ON COMMANDE_WEB
WHEN (OLD.ETAT = 'ANNULEE') <> (NEW.ETAT = 'ANNULEE')
BEGIN
  UPDATE STOCK SET QTE = QTE + (CASE NEW.ETAT WHEN 'ANNULEE' THEN 1 ELSE -1 END)
      * (SELECT SUM(L.QTE) FROM LIGNE_LOT L
         WHERE L.ID_CDE = NEW.ID_CDE AND L.ID_DECL_ELT = STOCK.ID_DECL)
    WHERE COD_DEP = 'MAG'
      AND ID_DECL IN (SELECT ID_DECL_ELT FROM LIGNE_LOT WHERE ID_CDE = NEW.ID_CDE);
  UPDATE ARTICLE SET QTE_STK = QTE_STK + (CASE NEW.ETAT WHEN 'ANNULEE' THEN 1 ELSE -1 END)
      * (SELECT SUM(L.QTE) FROM LIGNE_LOT L
         WHERE L.ID_CDE = NEW.ID_CDE AND L.ID_ART_ELT = ARTICLE.ID_ART)
    WHERE ID_ART IN (SELECT ID_ART_ELT FROM LIGNE_LOT WHERE ID_CDE = NEW.ID_CDE);
END;
"""


def create_tables(connection: sqlite3.Connection) -> None:
    """Create every table, view and trigger in an empty database."""
    connection.executescript(TABLES + TRIGGERS)


def write_catalogue(
    connection: sqlite3.Connection, catalogue: Catalogue, trade: Trade | None = None
) -> None:
    """Write the shop's lists, the catalogue's articles and what goes with them, at once.

    Args:
        connection: To an empty till.
        catalogue: The articles.
        trade: Suppliers, seasons, promotions, prices, packs; None: the till has none of these.
    """
    with connection:
        _write_lists(connection)
        for article in catalogue.articles:
            _write_article(connection, article)
        for promotion in catalogue.promotions:
            add_promotion(connection, promotion)
        if trade is not None:
            _write_trade(connection, trade)


def add_promotion(connection: sqlite3.Connection, promotion: Promotion) -> int:
    """Write one promotion and return its key; the transaction is the caller's."""
    row = connection.execute(
        "INSERT INTO PROMO (LIB_PROMO, ID_ART, ID_DECL, COD_FAM, REMISE, MONTANT, PX_PROMO, "
        "DAT_DEB, DAT_FIN, ACTIVE) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            promotion.name,
            promotion.article_id,
            promotion.variant_id,
            promotion.family,
            _comma(promotion.percent),
            _comma(promotion.amount),
            _comma(promotion.price),
            french_day(promotion.first_day),
            french_day(promotion.last_day),
            "O" if promotion.active else "N",
        ),
    )
    return row.lastrowid or 0


def _comma(amount: Decimal | None) -> str | None:
    return None if amount is None else comma(amount)


def _write_trade(connection: sqlite3.Connection, trade: Trade) -> None:
    put = connection.executemany
    put("INSERT INTO FOURN VALUES (?,?)", list(enumerate(words.SUPPLIERS, 1)))
    put("INSERT INTO SAISON VALUES (?,?,?)", words.SEASONS)
    put("INSERT INTO TARIF VALUES (?,?,?)", [words.QUANTITY_LIST])
    for promotion in trade.promotions:
        add_promotion(connection, promotion)
    put("INSERT INTO ARTICLE_FAMILLE VALUES (?,?)", trade.families)
    put(
        "INSERT INTO ARTICLE_FOURN (ID_ART, COD_FRN, REF_FRN, PX_ACH) VALUES (?,?,?,?)",
        [(s.article_id, s.supplier, s.reference, comma(s.price)) for s in trade.suppliers],
    )
    put(
        "INSERT INTO TARIF_LIGNE (COD_TARIF, ID_ART, QTE_MIN, PX_HT) VALUES (?,?,?,?)",
        [
            (words.QUANTITY_LIST[0], t.article_id, t.least, comma(t.price))
            for t in trade.list_prices
        ],
    )
    put(
        "INSERT INTO LOT (ID_ART, ID_ART_ELT, QTE) VALUES (?,?,?)",
        [(part.pack_id, part.article_id, part.units) for part in trade.packs],
    )


def _write_lists(connection: sqlite3.Connection) -> None:
    put = connection.executemany
    put("INSERT INTO TVA VALUES (?,?,?)", words.VAT_RATES)
    put(
        "INSERT INTO RAYON VALUES (?,?,?,?)",
        [(r.code, r.fr, r.en, rank) for rank, r in enumerate(words.RAYONS, 1)],
    )
    put(
        "INSERT INTO FAMILLE VALUES (?,?,?,?,?)",
        [(f.code, f.code[0], f.fr, f.en, rank) for rank, f in enumerate(words.FAMILIES, 1)],
    )
    put("INSERT INTO MARQUE VALUES (?,?)", list(enumerate(words.BRANDS, 1)))
    put(
        "INSERT INTO POINTURE VALUES (?,?,?)",
        [(code, label, rank) for rank, (code, label) in enumerate(words.SIZES.items(), 1)],
    )
    put(
        "INSERT INTO COULEUR VALUES (?,?,?,?)",
        [(c.code, c.fr, c.en, c.hexa) for c in words.COLOURS],
    )
    put("INSERT INTO DEPOT VALUES (?,?)", [("MAG", "Magasin"), ("RES", "Réserve")])


def _write_article(connection: sqlite3.Connection, article: Article) -> None:
    connection.execute(
        f"INSERT INTO ARTICLE VALUES ({','.join(29 * '?')})",  # noqa: S608 (only question marks)
        (
            article.article_id,
            article.reference,
            article.name_fr,
            article.name_en,
            article.summary,
            article.html_fr,
            article.html_en,
            article.family,
            article.brand,
            article.supplier,
            article.vat_code,
            comma(article.price),
            comma(article.purchase_price),
            article.ean,
            article.stock,
            comma(article.weight_kg),
            "O" if article.internet else "N",
            "O" if article.discontinued_on else "N",
            french_day(article.discontinued_on) if article.discontinued_on else None,
            french_day(article.created_on),
            article.nature,
            article.material,
            article.season,
            article.supplier_reference,
            article.meta_title,
            article.meta_description,
            article.upc,
            article.isbn,
            _comma(article.ecotax),
        ),
    )
    for variant in article.variants:
        connection.execute(
            "INSERT INTO DECLINAISON VALUES (?,?,?,?,?,?,?)",
            (
                variant.variant_id,
                article.article_id,
                variant.size,
                variant.colour,
                variant.reference,
                variant.ean,
                comma(variant.own_price) if variant.own_price is not None else None,
            ),
        )
        connection.executemany(
            "INSERT INTO STOCK VALUES (?,?,?)",
            [(variant.variant_id, depot, units) for depot, units in variant.stock],
        )
    connection.executemany(
        "INSERT INTO PHOTO (ID_ART, RANG, FICHIER, LEGENDE, COD_COUL) VALUES (?,?,?,?,?)",
        [(article.article_id, p.position, p.file, p.legend, p.colour) for p in article.photos],
    )
