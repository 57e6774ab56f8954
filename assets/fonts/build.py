#!/usr/bin/env python3
"""Makes the fonts of this folder from the original ones. Not part of the build: run by hand when a font changes.

    apt-get install fonts-inter fonts-jetbrains-mono && pip install fonttools && python3 build.py

Inter and JetBrains Mono are cut down to the scripts and symbols the window uses, their digits are made tabular, and
their ligatures are taken out: a trace must be shown as it was recorded, `->` and `!=` included. "DetTrace Symbols" is
drawn here, for the marks that neither of them has.
"""

import math
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
INTER = Path("/usr/share/fonts/opentype/inter")
MONO = Path("/usr/share/fonts/truetype/jetbrains-mono")

RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x0192, 0x0192), (0x0218, 0x021B), (0x02B0, 0x02FF), (0x0300, 0x0341),
    (0x0370, 0x03FF), (0x0400, 0x045F), (0x0490, 0x0491), (0x1E80, 0x1E9E), (0x2000, 0x206F), (0x2070, 0x209F),
    (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
    (0x2500, 0x257F), (0x2580, 0x259F), (0x25A0, 0x25FF), (0x2600, 0x2604), (0x2713, 0x2717), (0xFFFD, 0xFFFD),
]
FEATURES = ["ccmp", "kern", "mark", "mkmk", "locl"]
# Data is shown letter by letter; whatever a font could do beyond that is looked for again in every text that is laid out.
NO_FEATURES = []


def tabular(font):
    """Makes the digits (and signs) of equal width the default ones."""
    swaps = {}
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                swaps.update(getattr(table, "ExtSubTable", table).mapping)
    digits = [ord(c) for c in "0123456789"]
    for cmap in font["cmap"].tables:
        for code in digits:
            if code in cmap.cmap:
                cmap.cmap[code] = swaps.get(cmap.cmap[code], cmap.cmap[code])


def cut(source, target, features):
    font = TTFont(source)
    if "GSUB" in font and any(r.FeatureTag == "tnum" for r in font["GSUB"].table.FeatureList.FeatureRecord):
        tabular(font)
    options = Options()
    options.layout_features = features
    if not features:
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    options.hinting = True
    options.desubroutinize = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
    subsetter.subset(font)
    font.save(HERE / target)


# Symbols, drawn on a square of 1000 units; the baseline is y = 0, the middle of a mark y = 360.
MIDDLE = 360


def polygon(*points):
    return [("poly", list(points))]


def box(x0, y0, x1, y1):
    return polygon((x0, y0), (x0, y1), (x1, y1), (x1, y0))


def hole(contours):
    return [(kind, list(reversed(points))) for kind, points in contours]


def disc(cx, cy, r, steps=24):
    """A circle as short straight pieces: at text sizes nobody can tell."""
    turn = [(cx + r * math.cos(-2 * math.pi * i / steps), cy + r * math.sin(-2 * math.pi * i / steps)) for i in range(steps)]
    return polygon(*[(round(x), round(y)) for x, y in turn])


def ring(cx, cy, r, width):
    return disc(cx, cy, r, 32) + hole(disc(cx, cy, r - width, 32))


def stroke(points, width):
    """A polyline with flat ends, one quadrilateral a piece and a disc at each joint."""
    out = []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
        out += polygon(
            (round(x0 + nx), round(y0 + ny)), (round(x1 + nx), round(y1 + ny)),
            (round(x1 - nx), round(y1 - ny)), (round(x0 - nx), round(y0 - ny)),
        )
    for x, y in points[1:-1]:
        out += disc(x, y, width / 2, 12)
    return out


def arrow(x0, x1, y, width=72):
    """A horizontal arrow from x0 to x1."""
    way = 1 if x1 > x0 else -1
    return stroke([(x0, y), (x1 - way * 20, y)], width) + stroke([(x1 - way * 170, y + 150), (x1, y), (x1 - way * 170, y - 150)], width)


def arrow_up(y0, y1, x, width=72):
    way = 1 if y1 > y0 else -1
    return stroke([(x, y0), (x, y1 - way * 20)], width) + stroke([(x - 150, y1 - way * 170), (x, y1), (x + 150, y1 - way * 170)], width)


def triangle(cx, cy, r, degrees):
    points = [
        (cx + r * math.cos(math.radians(degrees - 120 * i)), cy + r * math.sin(math.radians(degrees - 120 * i)))
        for i in range(3)
    ]
    return polygon(*[(round(x), round(y)) for x, y in points])


def frame(x0, y0, x1, y1, w):
    return box(x0, y0, x1, y1) + hole(box(x0 + w, y0 + w, x1 - w, y1 - w))


SYMBOLS = {
    "◆": polygon((500, 780), (920, 360), (500, -60), (80, 360)),
    "◇": polygon((500, 780), (920, 360), (500, -60), (80, 360)) + hole(polygon((500, 670), (810, 360), (500, 50), (190, 360))),
    "●": disc(500, MIDDLE, 340, 40),
    "○": ring(500, MIDDLE, 340, 80),
    "▲": triangle(500, 280, 440, 90),
    "▼": triangle(500, 440, 440, -90),
    "▶": triangle(430, MIDDLE, 440, 0),
    "◀": triangle(570, MIDDLE, 440, 180),
    "▴": triangle(500, 310, 300, 90),
    "▾": triangle(500, 410, 300, -90),
    "▸": triangle(450, MIDDLE, 300, 0),
    "◂": triangle(550, MIDDLE, 300, 180),
    "⏮": box(130, 20, 230, 700) + polygon((870, 20), (870, 700), (300, 360)),
    "⏭": polygon((130, 20), (130, 700), (700, 360)) + box(770, 20, 870, 700),
    "⏸": box(220, 20, 410, 700) + box(590, 20, 780, 700),
    "⏹": box(180, 40, 820, 680),
    "⚑": box(190, -60, 270, 780) + polygon((270, 780), (850, 780), (700, 570), (850, 360), (270, 360)),
    "⇅": arrow_up(-20, 740, 300) + arrow_up(740, -20, 700),
    "⇄": arrow(100, 900, 530) + arrow(900, 100, 190),
    "⇆": arrow(900, 100, 530) + arrow(100, 900, 190),
    "⧉": frame(100, -20, 640, 520, 72) + polygon((360, 592), (360, 740), (900, 740), (900, 200), (712, 200), (712, 272), (828, 272), (828, 668), (432, 668), (432, 592)),
    "◷": ring(500, MIDDLE, 380, 74) + stroke([(500, 600), (500, 360), (700, 360)], 72),
    "✔": stroke([(150, 350), (400, 100), (870, 640)], 120),
    "✖": stroke([(190, 50), (810, 670)], 120) + stroke([(190, 670), (810, 50)], 120),
    "⌕": ring(430, 430, 290, 76) + stroke([(640, 220), (870, -10)], 96),
    "☰": box(130, 560, 870, 640) + box(130, 320, 870, 400) + box(130, 80, 870, 160),
    "⊘": ring(500, MIDDLE, 380, 74) + stroke([(240, 100), (760, 620)], 74),
    "⚠": polygon((500, 790), (960, -20), (40, -20)) + hole(polygon((500, 630), (820, 62), (180, 62))) + box(460, 220, 540, 470) + box(460, 105, 540, 180),
    "⌘": ring(270, 590, 150, 66) + ring(730, 590, 150, 66) + ring(270, 130, 150, 66) + ring(730, 130, 150, 66)
    + box(354, 110, 420, 610) + box(580, 110, 646, 610) + box(250, 440, 750, 506) + box(250, 214, 750, 280),
    "↻": ring(500, MIDDLE, 360, 76),
    "≡": box(150, 560, 850, 640) + box(150, 320, 850, 400) + box(150, 80, 850, 160),
}
SYMBOLS["↻"] = SYMBOLS["↻"] + polygon((700, 800), (960, 560), (640, 470))


def symbols(target):
    names = [".notdef", "space"] + [f"uni{ord(c):04X}" for c in SYMBOLS]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x20: "space"} | {ord(c): f"uni{ord(c):04X}" for c in SYMBOLS})
    glyphs = {".notdef": TTGlyphPen(None).glyph(), "space": TTGlyphPen(None).glyph()}
    for char, contours in SYMBOLS.items():
        pen = TTGlyphPen(None)
        for _, points in contours:
            pen.moveTo(points[0])
            for point in points[1:]:
                pen.lineTo(point)
            pen.closePath()
        glyphs[f"uni{ord(char):04X}"] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({n: (1000 if n.startswith("uni") else 300, 0) for n in names})
    builder.setupHorizontalHeader(ascent=960, descent=-240)
    builder.setupNameTable({
        "copyright": "Copyright 2026 The DetTrace authors", "familyName": "DetTrace Symbols", "styleName": "Regular",
        "uniqueFontIdentifier": "DetTrace Symbols 1", "fullName": "DetTrace Symbols", "psName": "DetTraceSymbols",
        "version": "Version 1.0", "licenseDescription": "MIT OR Apache-2.0",
    })
    builder.setupOS2(sTypoAscender=960, sTypoDescender=-240, usWinAscent=960, usWinDescent=240)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(HERE / target)


if __name__ == "__main__":
    for weight in ("Regular", "Medium", "SemiBold"):
        cut(INTER / f"Inter-{weight}.otf", f"Inter-{weight}.otf", FEATURES)
    for weight in ("Regular", "Medium"):
        cut(MONO / f"JetBrainsMono-{weight}.ttf", f"JetBrainsMono-{weight}.ttf", NO_FEATURES)
    symbols("DetTraceSymbols.ttf")
