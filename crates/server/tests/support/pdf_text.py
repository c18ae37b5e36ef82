"""Reads a PDF from standard input with pypdf and tells, as JSON, what it says: the text of each page, title, author and fonts."""

import io
import json
import sys

from pypdf import PdfReader

reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=True)
fonts = set()
for page in reader.pages:
    for font in page["/Resources"].get("/Font", {}).values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        embedded = "/FontFile3" in descendant["/FontDescriptor"] or "/FontFile2" in descendant["/FontDescriptor"]
        fonts.add((str(descendant["/BaseFont"]), embedded))
json.dump(
    {
        "pages": [page.extract_text() for page in reader.pages],
        "title": reader.metadata.title,
        "author": reader.metadata.author,
        "fonts": sorted(fonts),
    },
    sys.stdout,
)
