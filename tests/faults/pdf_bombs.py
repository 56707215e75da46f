"""PDFs that are made to take all of a machine, each small: name to bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable

Objects = dict[int, bytes]
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 12 Tf 72 700 Td (hello) Tj ET"


def pdf(objects: Objects, *, root: int = 1, extra: bytes = b"", size: int | None = None) -> bytes:
    """A PDF of these objects, with its cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    last = max(objects) + 1
    out += b"xref\n0 %d\n" % last
    for number in range(last):
        at = places.get(number)
        out += b"0000000000 65535 f \n" if at is None else b"%010d 00000 n \n" % at
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (size or last, root, extra)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def flate(data: bytes, times: int = 1, entries: bytes = b"") -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"/FlateDecode " * times
    return stream(data, b"%s/Filter[%s]" % (entries, filters))


def one_page(
    content: bytes = b"",
    *,
    font: bytes = FONT,
    box: bytes = b"[0 0 595 842]",
    resources: bytes = b"",
    more: Objects | None = None,
    page: bytes = b"",
) -> bytes:
    """A document of one page; objects from 10 on are the caller's."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox %s/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>%s>>%s>>" % (box, resources, page),
        4: content if content.startswith(b"<<") else stream(content or TEXT),
        5: font,
    }
    return pdf(objects | (more or {}))


def pages(kids: bytes, more: Objects, count: int = 1) -> bytes:
    first = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
    }
    return pdf(first | more)


def leaf(contents: bytes = b"4 0 R", parent: int = 2) -> bytes:
    return (
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %s"
        b"/Resources<</Font<</F1 5 0 R>>>>>>" % (parent, contents)
    )


def deep_tree(depth: int) -> bytes:
    more = {n: b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (n - 1, n + 1)
            for n in range(10, 10 + depth)}  # fmt: skip
    more[10 + depth] = leaf()
    return pages(b"10 0 R", more | {4: stream(TEXT), 5: FONT})


def wide_tree(width: int, depth: int) -> bytes:
    more = {n: b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"%d 0 R " % (n + 1) * width, width)
            for n in range(10, 10 + depth)}  # fmt: skip
    more[10 + depth] = leaf()
    return pages(b"10 0 R", more | {4: stream(TEXT), 5: FONT})


def forms(depth: int, times: int, *, cyclic: bool = False) -> bytes:
    more = {}
    for n in range(10, 10 + depth):
        inside = n + 1 if n + 1 < 10 + depth else (10 if cyclic else 0)
        draws = b"/X Do " * times if inside else TEXT
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>"
        entries += b"/XObject<</X %d 0 R>>>>" % inside if inside else b">>"
        more[n] = stream(draws, entries)
    return one_page(b"/X Do " * times, resources=b"/XObject<</X 10 0 R>>", more=more)


def cmap_font(cmap: bytes) -> tuple[bytes, Objects]:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[11 0 R]"
        b"/ToUnicode 10 0 R>>"
    )
    return font, {10: flate(cmap), 11: CID % b""}


CID = (
    b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(GB1)/Supplement 0>>%s>>"
)
SHOWN = b"BT /F1 12 Tf 72 700 Td <000100020003> Tj ET"


def cmap_bomb(cmap: bytes) -> bytes:
    font, more = cmap_font(cmap)
    return one_page(SHOWN, font=font, more=more)


def widths_bomb(widths: bytes) -> bytes:
    font, more = cmap_font(b"")
    return one_page(SHOWN, font=font, more=more | {11: CID % (b"/W " + widths)})


def many_fonts(times: int) -> bytes:
    cmap = b"beginbfrange\n<0000> <ffff> <4e00>\nendbfrange\n"
    more = {10: flate(cmap), 11: CID % b""}
    fonts = b"".join(b"/G%d %d 0 R" % (n, 100 + n) for n in range(times))
    font, _ = cmap_font(b"")
    more |= {100 + n: font for n in range(times)}
    shown = b"".join(b"BT /G%d 9 Tf <0001> Tj ET " % n for n in range(times))
    return one_page(shown, resources=b"/Font<<%s>>" % fonts, more=more, font=font)


def reference_chain(length: int) -> bytes:
    more = {n: b"%d 0 R" % (n + 1) for n in range(10, 10 + length)}
    more[10 + length] = stream(TEXT)
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                3: leaf(b"10 0 R"), 5: FONT} | more)  # fmt: skip


def xref_stream(size: int, index: bytes, data: bytes) -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    entries = b"/Type/XRef/Size %d/W[1 8 2]/Root 1 0 R/Index[%s]" % (size, index)
    body = b"9 0 obj\n%s\nendobj\n" % flate(data, 1, entries)
    return head + body + b"startxref\n%d\n%%%%EOF" % len(head)


def object_streams(count: int) -> bytes:
    entries = b"/Type/ObjStm/N %d/First 20" % count
    return one_page(more={10: flate(b"1 0 " * count + b"<<>>" * count, 1, entries)})


def cyclic_parents() -> bytes:
    more = {10: b"<</Type/Pages/Parent 11 0 R/Kids[11 0 R]/Count 1>>",
            11: b"<</Type/Pages/Parent 10 0 R/Kids[10 0 R]/Count 1>>"}  # fmt: skip
    return pages(b"10 0 R", more)


def many_pages(count: int, content: bytes = TEXT) -> bytes:
    more = {10 + n: leaf() for n in range(count)}
    kids = b" ".join(b"%d 0 R" % n for n in more)
    return pages(kids, more | {4: stream(content), 5: FONT}, count)


def encrypted(entries: bytes) -> bytes:
    blank = one_page()
    start = blank.rindex(b"trailer\n<<") + len(b"trailer\n<<")
    return blank[:start] + b"/ID[(a)(a)]/Encrypt<<%s>>" % entries + blank[start:]


def linked(count: int) -> bytes:
    """Cross-reference tables that point at one another."""
    body = one_page()
    start = body.rindex(b"startxref")
    place = int(body[start:].split()[1])
    prev = b"trailer\n<</Prev %d" % place
    return body.replace(b"trailer\n<<", prev, 1) * count


def nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    return opening * depth + closing * depth


def bombs() -> dict[str, Callable[[], bytes]]:
    """Each bomb, made when it is wanted."""
    a = b"BT /F1 1 Tf (x) Tj ET "
    ranges = b"100 beginbfrange\n" + b"<0000> <ffff> <4e00>\n" * 100 + b"endbfrange\n"
    return {
        "page count of a billion": lambda: pages(
            b"3 0 R", {3: leaf(), 4: stream(TEXT), 5: FONT}, 10**9
        ),
        "twenty thousand pages": lambda: many_pages(20_000),
        "five thousand pages of much": lambda: many_pages(4_900, a * 2_000),
        "the same page a million times": lambda: pages(
            b"3 0 R " * 1_000_000, {3: leaf(), 4: stream(TEXT), 5: FONT}
        ),
        "deep page tree": lambda: deep_tree(20_000),
        "page tree of 10^12 leaves": lambda: wide_tree(1000, 4),
        "cyclic page tree": cyclic_parents,
        "page tree that holds itself": lambda: pages(b"2 0 R", {4: stream(TEXT)}),
        "cyclic references": lambda: pdf({1: b"2 0 R", 2: b"1 0 R"}),
        "chain of references": lambda: reference_chain(5_000),
        "content of 2 GB": lambda: one_page(flate(zlib.compress(bytes(1 << 26)) * 32, 1)),
        "content deflated 3 times": lambda: one_page(flate(bytes(1 << 28), 3)),
        "content of 200 MB of spaces": lambda: one_page(flate(b" " * 200_000_000)),
        "content of 60 MB of operators": lambda: one_page(flate(a * 3_000_000)),
        "content of 15 MB of operators": lambda: one_page(flate(a * 700_000)),
        "content of 15 MB of numbers": lambda: one_page(flate(b"1 " * 7_500_000)),
        "content of one string": lambda: one_page(
            flate(b"BT /F1 1 Tf (" + b"x" * 15_000_000 + b") Tj ET")
        ),
        "content of hex": lambda: one_page(
            flate(b"BT /F1 1 Tf <" + b"41" * 7_000_000 + b"> Tj ET")
        ),
        "content of a TJ array": lambda: one_page(
            flate(b"BT /F1 1 Tf [" + b"(x)1 " * 3_000_000 + b"] TJ ET")
        ),
        "content without an end": lambda: one_page(flate(b"BT /F1 1 Tf (" + b"(" * 10_000_000)),
        "content of nested arrays": lambda: one_page(flate(nested(b"[", b"]", 2_000_000))),
        "content of nested dictionaries": lambda: one_page(
            flate(nested(b"<</A ", b">>", 1_000_000))
        ),
        "content of saves": lambda: one_page(flate(b"q " * 7_000_000)),
        "content of inline images": lambda: one_page(flate(b"BI /W 1 ID x EI " * 900_000)),
        "contents array of a million": lambda: one_page(
            more={10: b"[" + b"4 0 R " * 1_000_000 + b"]"}, page=b"/Contents 10 0 R"
        ),
        "contents array of big streams": lambda: pages(
            b"3 0 R", {3: leaf(b"[" + b"4 0 R " * 5_000 + b"]"), 4: flate(a * 600_000), 5: FONT}
        ),
        "run length": lambda: one_page(
            stream(b"\x81 " * 8_000_000 + b"\x80", b"/Filter/RunLengthDecode")
        ),
        "LZW": lambda: one_page(stream(bytes(range(256)) * 60_000, b"/Filter/LZWDecode")),
        "ASCII85": lambda: one_page(stream(b"z" * 30_000_000 + b"~>", b"/Filter/ASCII85Decode")),
        "a hundred filters": lambda: one_page(
            stream(b"x", b"/Filter[" + b"/ASCIIHexDecode " * 100_000 + b"]")
        ),
        "predictor of a billion columns": lambda: one_page(
            flate(bytes(1 << 20), 1, b"/DecodeParms[<</Predictor 12/Columns 1000000000>>]")
        ),
        "declared length of 10^12": lambda: one_page(
            b"<</Length 1000000000000>>stream\n" + TEXT + b"\nendstream"
        ),
        "recursive form": lambda: forms(1, 1, cyclic=True),
        "forms in a circle": lambda: forms(10, 3, cyclic=True),
        "forms of 10^20 texts": lambda: forms(10, 100),
        "deep forms": lambda: forms(3_000, 1),
        "cmap of a billion characters": lambda: cmap_bomb(
            b"begincodespacerange\n<00000000> <ffffffff>\nendcodespacerange\n"
            b"1 beginbfrange\n<00000000> <ffffffff> <4e00>\nendbfrange\n"
        ),
        "cmap of ranges": lambda: cmap_bomb(ranges * 400),
        "cmap of 15 MB": lambda: cmap_bomb(
            b"100 beginbfchar\n" + b"<0001> <4e004e00>\n" * 850_000 + b"endbfchar"
        ),
        "cmap that gives a book": lambda: cmap_bomb(
            b"1 beginbfchar\n<0001> <" + b"4e00" * 2_000_000 + b">\nendbfchar"
        ),
        "widths of a billion": lambda: widths_bomb(b"[0 1000000000 500]"),
        "widths of a million": lambda: widths_bomb(b"[0 [" + b"500 " * 1_000_000 + b"]]"),
        "many fonts": lambda: many_fonts(2_000),
        "media box of 10^9": lambda: one_page(box=b"[0 0 1000000000 1000000000]"),
        "matrix of 10^300": lambda: one_page(
            b"1e300 0 0 1e300 0 0 cm 1e300 0 0 1e300 0 0 cm " + TEXT
        ),
        "text at 10^30": lambda: one_page(
            b"BT /F1 1" + b"0" * 30 + b" Tf 1" + b"0" * 30 + b" 0 Td (x) Tj (y) Tj ET"
        ),
        "number of a million digits": lambda: one_page(
            b"BT /F1 " + b"9" * 1_000_000 + b" Tf (x) Tj ET"
        ),
        "xref of a billion": lambda: pdf({1: b"<</Type/Catalog>>"}, size=10**9).replace(
            b"xref\n0 2", b"xref\n0 1000000000"
        ),
        "xref stream of millions": lambda: xref_stream(10**7, b"0 10000000", bytes(11 * 1_400_000)),
        "xref stream of nothing": lambda: xref_stream(10**9, b"0 1000000000", b""),
        "object stream of millions": lambda: object_streams(1_500_000),
        "no xref, all objects": lambda: b"%PDF-1.4\n" + b"1 0 obj\n<</A 1>>\nendobj\n" * 400_000,
        "only numbers": lambda: b"%PDF-1.4\n" + b"1 0 obj " * 2_000_000,
        "chain of cross-references": lambda: linked(200),
        "dictionary of a million": lambda: one_page(
            page=b"/A<<" + b"".join(b"/K%d 1" % n for n in range(1_000_000)) + b">>"
        ),
        "nested objects": lambda: pdf({1: nested(b"[", b"]", 500_000)}),
        "name of 10 MB": lambda: pdf({1: b"<</Type/" + b"#41" * 5_000_000 + b">>"}),
        "encryption of 10^9 rounds": lambda: encrypted(
            b"/Filter/Standard/V 5/R 6/Length 256/P -1/O(%s)/U(%s)/OE(%s)/UE(%s)/Perms(%s)"
            % (b"a" * 48, b"a" * 48, b"a" * 32, b"a" * 32, b"a" * 16)
        ),
        "encryption unheard of": lambda: encrypted(b"/Filter/Magic/V 99/R 99"),
        "nothing after the mark": lambda: b"%PDF-",
        "twenty million spaces": lambda: b"%PDF-1.4\n" + b" " * 20_000_000,
    }
