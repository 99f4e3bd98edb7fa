"""The pieces of which PrestaShop's XML is made: root, children, CDATA, line ends.

Values are CDATA without the signs that XML cannot hold; every node says what follows it, so that
the text comes out laid out as PrestaShop's.

    root = new_root()
    add(root, "code", "92")
    finished(root)      # b'<?xml ... <code><![CDATA[92]]></code>...'
"""

import re

from lxml import etree

from demo.prestashop.tables import Association

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
XLINK = "http://www.w3.org/1999/xlink"
HREF = f"{{{XLINK}}}href"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Element = etree._Element


def new_root() -> Element:
    """Return the element around every answer."""
    root = etree.Element("prestashop", nsmap={"xlink": XLINK})
    root.text = "\n"
    return root


def finished(root: Element) -> bytes:
    """Return the document as bytes, with its declaration."""
    return DECLARATION + etree.tostring(root, encoding="utf-8") + b"\n"


def add(parent: Element, name: str, text: str | None = None, tail: str = "\n") -> Element:
    """Add a child, its text as CDATA unless None, and what follows it; return the child."""
    node = etree.SubElement(parent, name)
    node.tail = tail
    if text is not None:
        put_cdata(node, text)
    return node


def put_cdata(node: Element, text: str) -> None:
    """Set the text of a node as CDATA, without the signs that XML cannot hold."""
    clean = _UNPRINTABLE.sub("", text).replace("]]>", "]] >")
    node.text = etree.CDATA(clean)


def list_node(parent: Element, association: Association) -> Element:
    """Add the node around the rows of an association, with its attributes."""
    node = add(parent, association.name)
    node.set("nodeType", association.node)
    if association.virtual:
        node.set("virtualEntity", "true")
    else:
        node.set("api", association.api)
    return node
