"""Small mappings for tests, written as YAML as an integrator would."""

from pathlib import Path
from textwrap import dedent

from pos_exporter.mapping.model import TillMapping
from protocol.program.yaml_config import parse_yaml

#: A flat till: one table, simple articles.
FLAT = """
till: {name: test}
formats: {decimal: ",", bool_true: [O], bool_false: [N]}
entities:
  tax_rate: {table: TVA, key: [CODE], fields: {rate: TAUX}}
  category: {table: FAM, key: [CODE], fields: {name: LIB, parent: PERE}}
  brand: {table: MRQ, key: [CODE], fields: {name: LIB}}
  article:
    table: ART
    key: [ID]
    exported: bool(WEB)
    discontinued: bool(FINI)
    fields:
      reference: REF
      name: {fr: LIB, en: LIB_EN}
      price: PX
      tax_rate: TVA
      ean: EAN
      brand: MRQ
      categories: [FAM, FAM2]
      description: DESCR
      purchase_price: ACHAT
  stock: {of: article, table: ART, key: [ID], fields: {quantity: QTE}}
"""

#: Variants in columns, added to `FLAT`.
COLUMNS = """
  variant:
    table: DECL
    key: [ID]
    exported: bool(WEB)
    axes:
      size: {col: PT, name: {fr: Pointure, en: Size}}
      color: {col: COUL, label: {fr: COUL_LIB, en: COUL_EN}, color: HEXA, style: color}
    fields: {article: ART, reference: REF, ean: EAN, price: PX}
"""

#: Variants with a row per axis, added to `FLAT`.
PIVOT = """
  variant:
    table: DECL
    key: [ART, NO]
    pivot: {axis: AXE, value: VAL, axes: {TAILLE: size, COULEUR: color}}
    axes: {size: {name: Taille}, color: {name: Couleur, style: color}}
    fields: {article: ART, reference: REF}
"""


def mapping_of(text: str, folder: Path | None = None) -> TillMapping:
    """Return the mapping in a YAML text."""
    file = (folder or Path()) / "mapping.yaml"
    return parse_yaml(dedent(text), TillMapping, {"PHOTOS": "pictures"}, file)
