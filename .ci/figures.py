"""Renders figures in each reader, and compares the pictures with Chromium's. For .ci/figures, which installs the readers."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import cairosvg
import PySide6
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import sync_playwright
from PySide6 import QtGui, QtSvg

QtGui.QGuiApplication([])
# The largest difference of the blurred pictures, of 255, anywhere. TODO
LARGEST = 70


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True).stdout


def version(*command):
    return re.search(r"\d+(\.\d+)+", run(*command))[0]


def chromium(files, folder):
    """Pictures as light, dark and, for readers that take that font, light in DejaVu Sans; the version."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(device_scale_factor=2, viewport={"width": 1000, "height": 2000})
        for file in files:
            page.goto(file.as_uri())
            figure = page.locator("svg").first
            for kind in ["light", "dark"]:
                page.emulate_media(color_scheme=kind)
                figure.screenshot(path=folder / f"{file.stem}.{kind}.png")
            page.emulate_media(color_scheme="light")
            page.evaluate("document.querySelectorAll('text').forEach(text => text.style.fontFamily = 'DejaVu Sans')")
            figure.screenshot(path=folder / f"{file.stem}.dejavu.png")
        return browser.version


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


def opened(path):
    """On a white page, as in a document, and blurred, so that a line may lie half a pixel aside."""
    picture = Image.open(path).convert("RGBA")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture)
    return page.convert("RGB")


def difference(a, b):
    blur = ImageFilter.GaussianBlur(4)
    channels = ImageChops.difference(a.filter(blur), b.filter(blur)).split()
    return max(channel.getextrema()[1] for channel in channels)


def main(folder, write=False):
    scratch = pathlib.Path(os.environ.get("KEEP") or tempfile.mkdtemp())
    files = []
    for file in sorted(pathlib.Path(folder).glob("**/*.svg")):
        files.append(scratch / f"{file.parent.name}-{file.name}")
        shutil.copy(file, files[-1])
    chromium_version = chromium(files, scratch)
    rows = []

    def row(reader, seen, wrong):
        rows.append(f"| {reader} | {seen} | {len(files) - len(wrong)} of {len(files)} | {', '.join(wrong) or '–'} |")
        print(rows[-1], flush=True)

    references = {file: [opened(scratch / f"{file.stem}.{kind}.png") for kind in ["light", "dejavu"]] for file in files}
    for reader, (seen, draw) in READERS.items():
        wrong = []
        for file in files:
            picture = scratch / f"{file.stem}.{reader}.png"
            light = references[file][0]
            draw(file, picture, *light.size)
            try:
                shown = opened(picture)
            except FileNotFoundError:
                wrong.append(f"{file.stem} (no picture)")
                continue
            least = min(difference(shown.resize(light.size), reference) for reference in references[file])
            print(reader, file.stem, least, file=sys.stderr)
            if least > LARGEST:
                wrong.append(f"{file.stem} ({least})")
        row(reader, seen(), wrong)
    dark = [file.stem for file in files
            if ImageStat.Stat(opened(scratch / f"{file.stem}.dark.png").convert("L")).median[0] > 60]
    row("Chromium, dark", chromium_version, dark)


main(*sys.argv[1:])
