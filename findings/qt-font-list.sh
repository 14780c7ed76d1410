#!/usr/bin/env bash
# Qt SVG knows no list of font families: it takes the whole list as one name, and then draws its default font.
#
# font-family="DejaVu Serif" is drawn in that font; font-family="DejaVu Serif, serif", and the same in a style attribute, in
# whatever Qt takes for a name that is unknown, though the first of the list is installed. Seen with PySide6 6.12.0.
# Guess before: the first family of the list that is installed, as CSS says.
# Here: figures name a list, so their texts have other widths in Qt than in a browser with the same fonts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check \
    PySide6_Essentials==6.12.0 || exit 2
export QT_QPA_PLATFORM=offscreen
"$folder/bin/python" -c 'import PySide6.QtSvg' || exit 2
"$folder/bin/python" - <<'PYTHON'
import sys
import PySide6
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
app = QGuiApplication([])
def drawn(attribute):
    text = f'<text x="5" y="30" font-size="20" {attribute}>illWWmm</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">{text}</svg>'
    image = QImage(300, 40, QImage.Format.Format_ARGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return bytes(image.constBits())
default = drawn('font-family="No such font"')
family = next((f for f in QFontDatabase.families() if f.isascii() and drawn(f'font-family="{f}"') != default), None)
if family is None:
    sys.exit(2) # a single font is installed
print(f"PySide6 {PySide6.__version__}, {family} is installed; drawn in the default font:")
seen = []
for attribute in (f'font-family="{family}"', f'font-family="{family}, serif"', f'''font-family="'{family}', serif"''',
                  f'style="font-family: {family}, serif"'):
    seen.append(drawn(attribute) == default)
    print(f"{attribute}: {seen[-1]}")
assert seen == [False, True, True, True]
PYTHON
