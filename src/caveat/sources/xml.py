"""XML as a publisher's enemy might send it: no entities, no network, no bombs."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from caveat.errors import ShapeError


def parse_xml(data: bytes, where: str) -> etree._Element:
    """The root element; ShapeError for broken XML, any entity declaration, or an absurd tree."""
    if b"<!ENTITY" in data[:65536] or b"<!ENTITY" in data:
        raise ShapeError("declares XML entities", where=where, do="no official list does: refuse it")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ShapeError(f"broken XML ({error})", where=where, do="fetch the file again") from None


def local(element: etree._Element) -> str:
    """The element's name without its namespace (publishers rename these unannounced)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child called `name` in any namespace."""
    return next((c for c in element if local(c) == name), None)


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """All children called `name` in any namespace."""
    return [] if element is None else [c for c in element if local(c) == name]


def text_of(element: etree._Element | None, name: str | None = None) -> str:
    """The stripped text of the element, or of its first child called `name`; "" where none."""
    if element is not None and name is not None:
        element = child(element, name)
    return "" if element is None or element.text is None else " ".join(element.text.split())


def count_unread(record: etree._Element, read: frozenset[str], counts: Counter[str]) -> None:
    """Add one per field of `record` that has a value and is not among `read`.

    A field is `parent/name` for an element's text and `name@attribute` for an attribute.
    """
    met: set[str] = set()
    for element in record.iter():
        name = local(element)
        for attribute, value in element.attrib.items():
            if value.strip():
                met.add(f"{name}@{etree.QName(attribute).localname}")
        if element is not record and element.text and element.text.strip():
            met.add(f"{local(parent)}/{name}" if (parent := element.getparent()) is not None else name)
    counts.update(met - read)
