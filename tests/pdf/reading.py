"""What other programs make of a file: its text, its picture, its codes."""

import io
import re
import subprocess
from pathlib import Path

import pypdfium2

from app.pdf.blocks import Block
from app.pdf.documents import render
from app.pdf.whole import Document
from tests.pdf.samples import NOW


def page_of(*blocks: Block) -> bytes:
    """A plain document of these blocks."""
    return render(Document(id="01936f4e-8a70-7c3e-9d21-5b8f0a6c4d15", title="ทดสอบ", language="th", blocks=blocks), NOW)


def bare(text: str) -> str:
    """Text without any space: extractors add and drop them."""
    return re.sub(r"[\s\u00a0\f]", "", text)


def poppler_text(pdf: bytes, *options: str) -> str:
    run = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def pdfium_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def picture(pdf: bytes, folder: Path, dots_per_inch: int = 150) -> list[Path]:
    """Every page as PNG."""
    command = ["pdftoppm", "-r", str(dots_per_inch), "-png", "-", str(folder / "page")]
    subprocess.run(command, input=pdf, capture_output=True, check=True)
    return sorted(folder.glob("page*.png"))
