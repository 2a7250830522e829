"""What machines take from a licence's file: the data inside the signed original."""

from io import BytesIO

import pikepdf

from app.core.errors import NotFound
from app.licences.document import XML_NAME
from app.stories.house import House


def data_inside(house: House, digest: str) -> bytes:
    """The XML that travels inside a signed licence, byte for byte. Raises NotFound for a file that carries none."""
    with pikepdf.open(BytesIO(house.files.read(digest))) as pdf:
        found = pdf.attachments.get(XML_NAME)
        if found is None:
            raise NotFound
        return found.get_file().read_bytes()
