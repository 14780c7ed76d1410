#!/usr/bin/env bash
# Readers of SVG ignore the media attribute of <style> and apply the sheet, though they leave out @media of the same words.
#
# <style media="(prefers-color-scheme: dark)"> is meant for dark screens. CairoSVG, WeasyPrint, svglib and Qt SVG apply it
# always; the same rules in @media (prefers-color-scheme: dark) { … } they do not.
# Seen with CairoSVG 2.9.1, WeasyPrint 70.0, svglib 2.3.2, PySide6 6.12.0.
# Guess before: a reader without media queries ignores both sheets, one with them applies neither on paper.
# Here: the figures' dark rules stand behind both guards; with the attribute alone they would be dark in these four.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check \
    CairoSVG==2.9.1 WeasyPrint==70.0 svglib==2.3.2 PySide6_Essentials==6.12.0 \
    pypdfium2==5.15.2 pillow==13.0.0 || exit 2
export QT_QPA_PLATFORM=offscreen
cd "$folder"
"$folder/bin/python" -c 'import cairosvg, weasyprint, PySide6.QtSvg' || exit 2
"$folder/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version
import cairosvg, pypdfium2, weasyprint
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from reportlab.graphics import renderPDF
from svglib.svglib import svg2rlg
app = QGuiApplication([])
def page(pdf):
    return pypdfium2.PdfDocument(pdf)[0].render().to_pil()
def cairo():
    return Image.open(io.BytesIO(cairosvg.svg2png(url="a.svg")))
def weasy():
    html = '<style>@page { size: 60px; margin: 0 } body { margin: 0 }</style><img src="a.svg">'
    return page(weasyprint.HTML(string=html, base_url=".").write_pdf())
def svglib():
    return page(renderPDF.drawToString(svg2rlg("a.svg")))
def qt():
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    QSvgRenderer("a.svg").render(painter)
    painter.end()
    image.save("a.png")
    return Image.open("a.png")
rule = ".a { fill: #000000 }"
query = "(prefers-color-scheme: dark)"
for name, reader in (("CairoSVG", cairo), ("WeasyPrint", weasy), ("svglib", svglib), ("PySide6_Essentials", qt)):
    seen = []
    for style in (f'<style media="{query}">{rule}</style>', f"<style>@media {query} {{ {rule} }}</style>"):
        with open("a.svg", "w") as file:
            file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">{style}')
            file.write('<rect class="a" width="60" height="60" fill="#ffffff"/></svg>')
        seen.append("dark" if reader().convert("L").getpixel((20, 20)) < 128 else "light")
    print(f"{name} {version(name)}: {seen[0]} by the attribute, {seen[1]} by @media")
    assert seen == ["dark", "light"]
PYTHON
