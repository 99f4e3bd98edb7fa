"""Product photos drawn by the computer: real JPEG files, every one different.

The promise: the same photo and number give the same picture; the file's name is written on it, so
no two pictures of a shop are alike, nor are their bytes. 400 x 400 pixels, about 8 kB each.

    draw_photo(Photo(1, "F01/1001-1.jpg", "Bottine Zoé"), shade=1001)   # a Pillow image
    write_photos(catalogue, Path("photos"))                             # 312: the number written
"""

import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from demo.till import words
from demo.till.catalogue import Catalogue, Photo

SIDE = 400

# The outline of a shoe seen from the side, its sole, and a box with its lid.
_UPPER = [(70, 140), (160, 130), (185, 190), (260, 225), (330, 245), (335, 275), (70, 275)]
_SOLE = [(66, 275), (340, 275), (336, 292), (130, 292), (126, 315), (70, 315)]
_BOX = [(110, 165), (290, 165), (290, 315), (110, 315)]
_LID = [(102, 135), (298, 135), (298, 165), (102, 165)]


def draw_photo(photo: Photo, *, shade: int) -> Image.Image:
    """Return the picture of one photo; shade is any number, it chooses the colours.

    Simple articles (rayons A and L) are drawn as a box, the others as a shoe.
    """
    colours = words.COLOURS
    body = colours[shade % len(colours)].hexa
    trim = colours[(shade + 1 + shade // 10 % 9) % len(colours)].hexa  # never the body's colour
    ground = (225 + shade % 29, 222 + shade // 29 % 31, 215 + (shade + photo.position * 7) % 37)
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(picture)
    shift = 20 * (photo.position - 1) - shade % 13
    shape = (_BOX, _LID) if photo.file[0] in "AL" else (_UPPER, _SOLE)
    for outline, fill in zip(shape, (body, trim), strict=True):
        pen.polygon([(x + shift, y) for x, y in outline], fill=fill, outline="#333333")
    for row in range(3):
        pen.line([(180 + shift, 205 + 14 * row), (205 + shift, 198 + 14 * row)], trim, 3)
    pen.text((16, 14), _plain(photo.legend)[:42], "#222222", ImageFont.load_default(17))
    pen.text((16, SIDE - 34), photo.file, "#555555", ImageFont.load_default(15))
    return picture


def write_photos(catalogue: Catalogue, folder: Path) -> int:
    """Write the catalogue's photos below a folder and return their number."""
    wanted = [(a.article_id, photo) for a in catalogue.articles for photo in a.photos]
    for article_id, photo in wanted:
        path = folder / photo.file
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_photo(photo, shade=article_id).save(path, "JPEG", quality=80)
    return len(wanted)


def _plain(text: str) -> str:
    """Return the text without accents: Pillow's own letters, the only sure ones, have none."""
    spelled = text.replace("œ", "oe").replace("Œ", "Oe").replace("’", "'")
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
