"""Addresses of objects: which model a `url` names, and which paths the resources have.

Derived from the `url` fields of the shapes; an address of any host and of versions 2.0.0 to 2.2.0 is understood.
"""

import re

from launchledger.contract.fields import Kind
from launchledger.contract.shapes import SHAPES

VERSION = "2.2.0"
READABLE_VERSIONS = ("2.0.0", "2.1.0", "2.2.0")

MODEL_OF_RESOURCE: dict[str, str] = {
    field.resource: shape.model for shape in SHAPES.values() for field in shape.fields if field.kind is Kind.URL
}

_ADDRESS = re.compile(
    r"https?://[^/?#\s]+(?:/api)?/(\d+\.\d+\.\d+)/([a-z_/]+?)/([^/?#]+?)(?:/|\.json|\.api)?(?:\?[^#]*)?", re.ASCII
)


def parse_address(address: str) -> tuple[str, str, str] | None:
    """Give `(version, resource, id)` of an object's address, or None where it is none."""
    found = _ADDRESS.fullmatch(address)
    return (found[1], found[2], found[3]) if found else None
