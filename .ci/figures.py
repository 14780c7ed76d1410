"""Renders figures in each reader, and compares the pictures with Chromium's. For .ci/figures, which installs the readers."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import cairosvg
import PySide6
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import sync_playwright
from PySide6 import QtGui, QtSvg

QtGui.QGuiApplication([])
# The largest difference of blurred pictures, of 255, and how far, in pixels of a figure's own size, a part may lie aside.
# Of right pictures the largest seen was 37 (CairoSVG and Batik do not kern long lines), of wrong ones the least 44
# (LibreOffice, where overlapping markers of one path cancel); black panels, lost texts and weights, buried numbers: 99 to
# 255. Not seen: a marker that loses half a unit to its halo.
LARGEST, REACH = 40, 5
FONTS = ["DejaVu Sans", "Liberation Sans"]


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True).stdout


def version(*command):
    return re.search(r"\d+(\.\d+)+", run(*command))[0]


BOXES = """() => [...document.querySelectorAll("text")].map(text => {
    const box = text.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom].map(side => 2 * side);
})"""


def chromium(files, folder):
    """Pictures as light, dark and, since readers choose fonts in their own ways, light in each; the version, the texts' boxes."""
    boxes = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(device_scale_factor=2, viewport={"width": 1000, "height": 2000})
        for file in files:
            page.goto(file.as_uri())
            figure = page.locator("svg").first
            boxes[file] = page.evaluate(BOXES)
            for kind in ["light", "dark"]:
                page.emulate_media(color_scheme=kind)
                figure.screenshot(path=folder / f"{file.stem}.{kind}.png")
            page.emulate_media(color_scheme="light")
            for font in FONTS:
                page.evaluate(f"document.querySelectorAll('text').forEach(text => text.style.fontFamily = '{font}')")
                figure.screenshot(path=folder / f"{file.stem}.{font}.png")
        return browser.version, boxes


def qt(file, picture, width, height):
    image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QtGui.QPainter(image)
    QtSvg.QSvgRenderer(str(file)).render(painter)
    painter.end()
    image.save(str(picture))


def libreoffice(file, picture, width, height):
    size = ",".join(f'"Pixel{side}":{{"type":"long","value":"{n}"}}' for side, n in [("Width", width), ("Height", height)])
    run("soffice", f"-env:UserInstallation={picture.parent.as_uri()}/profile", "--headless", "--convert-to",
        f"png:draw_png_Export:{{{size}}}", "--outdir", picture.parent, file)
    (picture.parent / f"{file.stem}.png").rename(picture)


READERS = {  # the version seen, and what makes a picture
    "librsvg": (lambda: version("rsvg-convert", "--version"),
                lambda file, picture, width, height: run("rsvg-convert", "--width", width, file, "-o", picture)),
    "Qt SVG": (lambda: PySide6.__version__, qt),
    "resvg": (lambda: version("resvg", "--version"),
              lambda file, picture, width, height: run("resvg", "--width", width, file, picture)),
    "CairoSVG": (lambda: cairosvg.VERSION,
                 lambda file, picture, width, height: cairosvg.svg2png(url=str(file), write_to=str(picture), output_width=width)),
    "LibreOffice": (lambda: version("soffice", "--version"), libreoffice),
    "Batik": (lambda: version("dpkg-query", "--show", "libbatik-java"),
              lambda file, picture, width, height: run("rasterizer", "-w", width, "-d", picture, file)),
}


def opened(path, size=None):
    """On white paper, as in a document."""
    picture = Image.open(path).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("RGB").resize(size or picture.size)


def blurred(picture):
    return picture.filter(ImageFilter.GaussianBlur(3)).reduce(2)


def difference(picture, reference):
    """The largest anywhere, in any channel; a part of the picture may lie up to REACH aside of where it is in the reference."""
    least = ImageChops.difference(picture, reference)
    for reach in range(1, REACH + 1):
        if largest(least) <= LARGEST:
            break
        for x in range(-reach, reach + 1):
            for y in {reach - abs(x), abs(x) - reach}:
                least = ImageChops.darker(least, ImageChops.difference(ImageChops.offset(picture, x, y), reference))
    return largest(least)


def largest(picture):
    return max(channel.getextrema()[1] for channel in picture.split())


def illegible(picture, boxes, dark):
    """Whether a text does not stand out, or the picture is not as dark or as light as it should be."""
    grey = picture.convert("L")
    for box in boxes:
        text = grey.crop(box)
        least, most = text.getextrema()
        if most - least < 90 or (ImageStat.Stat(text).median[0] < 128) != dark:
            return True
    return False


def main(folder, scratch, write=False):
    scratch = pathlib.Path(scratch)
    files = []
    for file in sorted(pathlib.Path(folder).glob("**/*.svg")):
        files.append(scratch / f"{file.parent.name}-{file.name}")
        shutil.copy(file, files[-1])
    seen, boxes = chromium(files, scratch)
    rows = []

    def row(reader, version, wrong):
        names = "all" if len(wrong) == len(files) else ", ".join(wrong) or "none"
        rows.append(f"| {reader} {version} | {len(files) - len(wrong)} of {len(files)} | {names} |\n")
        print(rows[-1], end="", flush=True)

    for kind in ["light", "dark"]:
        row(f"Chromium, {kind}", seen, [
            file.stem for file in files if illegible(opened(scratch / f"{file.stem}.{kind}.png"), boxes[file], kind == "dark")])
    for reader, (seen, draw) in READERS.items():
        wrong = []
        for file in files:
            picture = scratch / f"{file.stem}.{reader}.png"
            references = [opened(scratch / f"{file.stem}.{kind}.png") for kind in ["light", *FONTS]]
            size = references[0].size
            try:
                draw(file, picture, *size)
            except Exception as error:  # CairoSVG's, of any kind: there is no picture
                print(f"{reader}: {file.stem}: {error}", file=sys.stderr)
            shown = blurred(opened(picture, size)) if picture.exists() else Image.new("RGB", (size[0] // 2, size[1] // 2))
            # In the font that the reader took.
            reference = min(map(blurred, references), key=lambda picture: sum(ImageStat.Stat(ImageChops.difference(shown, picture)).mean))
            least = difference(shown, reference)
            if least > LARGEST:
                wrong.append(file.stem)
                print(f"{reader}: {file.stem}: {least}", file=sys.stderr)
        row(reader, seen(), wrong)
    if write:
        readme = pathlib.Path("README.md")
        start, end = "<!-- readers -->\n", "<!-- end of readers -->"
        before, rest = readme.read_text().split(start)
        head = "| reader | right | wrong |\n|---|---|---|\n"
        readme.write_text(f"{before}{start}{head}{''.join(rows)}{end}{rest.split(end)[1]}")
    sys.exit(any("| none |" not in line for line in rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
