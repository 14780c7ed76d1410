#!/usr/bin/env bash
# Batik drops the rest of a style sheet at a word that it does not know, and calls the black picture a success.
#
# After `@media (prefers-color-scheme: dark)`, `font-family: -apple-system` or `fill: var(--x)` no further rule of the sheet is
# read, so what it colours is black. CSS has a reader skip that rule alone. The exit status is 0 and no message is printed.
# Seen with Batik 1.16 (Debian's libbatik-java). Guess before: the one declaration is ignored, or an error.
# Here: the light colours of figures are attributes of their elements, none of them stands in a style sheet.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v rasterizer > /dev/null || exit 2
dpkg-query -W libbatik-java
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check \
    pillow==13.0.0 || exit 2
seen=
for rule in '.b { fill: #0000ff }' '@media (prefers-color-scheme: dark) { .b { fill: #0000ff } }' \
    '.b { font-family: -apple-system, sans-serif }' '.b { fill: var(--x) }'; do
    echo "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><style>$rule .a { fill: #00ff00 }</style>
        <rect class='a' width='9' height='9'/></svg>" > "$folder/a.svg"
    status=0
    rasterizer -m image/png -d "$folder/a.png" "$folder/a.svg" > "$folder/said" 2>&1 || status=$?
    colour=$("$folder/bin/python" -c "from PIL import Image; print(*Image.open('$folder/a.png').convert('RGB').getpixel((4, 4)))")
    echo "after $rule: a rectangle that is to be 0 255 0 is $colour; exit status $status, $(grep -o 'success' "$folder/said")"
    seen="$seen$colour/$status;"
done
[ "$seen" = "0 255 0/0;0 0 0/0;0 0 0/0;0 0 0/0;" ]
