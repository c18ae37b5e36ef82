"""Reads a PDF from standard input with pypdf and tells, as JSON, what it says: the text of each page, what
stands beside glyphs on the first that say nothing themselves, title, author, fonts
and what their glyphs mean."""

import io
import json
import sys

from pypdf import PdfReader
from pypdf.generic import ContentStream

reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=True)
fonts, beside, maps = set(), [], set()
for page in reader.pages:
    for font in page["/Resources"].get("/Font", {}).values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        embedded = "/FontFile3" in descendant["/FontDescriptor"] or "/FontFile2" in descendant["/FontDescriptor"]
        maps.add(font.get_object()["/ToUnicode"].get_data().decode("ascii"))
        fonts.add((str(descendant["/BaseFont"]), embedded))
    if page.page_number:
        continue
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"BDC" and isinstance(operands[1], dict) and "/ActualText" in operands[1]:
            beside.append(operands[1]["/ActualText"])
json.dump(
    {
        "pages": [page.extract_text() for page in reader.pages],
        "title": reader.metadata.title,
        "author": reader.metadata.author,
        "fonts": sorted(fonts),
        "beside": beside,
        "maps": sorted(maps),
    },
    sys.stdout,
)
