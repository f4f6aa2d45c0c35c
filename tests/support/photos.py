"""Photos to upload, and the expected look of their variants."""

import functools
import io
import json
import pathlib

from PIL import Image, ImageChops, ImageOps, ImageStat

from tests.support.running_stack import REPOSITORY

FIXTURES = REPOSITORY / "fixtures" / "images"
RECIPE = json.loads((REPOSITORY / "settings" / "recipe.json").read_text())["variants"]
SIDES = {variant["name"]: variant["longest_side"] for variant in RECIPE}
ORIENTATION, GPS = 0x0112, 0x8825


def fixture(name):
    return pathlib.Path(FIXTURES, name).read_bytes()


def numbered(content, number):
    """The same photo, other bytes: a JPEG with a comment, which no decoder looks at."""
    comment = f"photo {number}".encode()
    assert content[:2] == b"\xff\xd8"
    return content[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + content[2:]


@functools.cache
def sideways():
    """A photo as a phone held upright stores it: lying on its side, with the place where it was taken. Soft colours
    and four distinct corners, so that a wrong turn, a mirror or a cut shows in every size."""
    size = (2400, 1600)
    red = Image.linear_gradient("L").resize(size)
    green = Image.linear_gradient("L").rotate(90).resize(size)
    blue = Image.radial_gradient("L").resize(size)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS).update({1: "N", 2: (46.0, 57.0, 3.0), 3: "E", 4: (7.0, 26.0, 51.0)})
    out = io.BytesIO()
    Image.merge("RGB", (red, green, blue)).save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


@functools.cache
def of_a_phone():
    """12 megapixels and some 3.5 MB: the shapes of a photo, and grain as a sensor adds it."""
    size = (4000, 3000)
    shapes = opened(fixture("dandelion.jpg")).convert("RGB").resize(size)
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 24).resize(size)
    out = io.BytesIO()
    Image.blend(shapes, Image.merge("RGB", [grain] * 3), 0.52).save(out, "JPEG", quality=90)
    return out.getvalue()


def opened(content):
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def upright(content):
    """The picture as a viewer shows it."""
    return ImageOps.exif_transpose(opened(content)).convert("RGB")


def expected_size(size, longest_side):
    """In proportion, at most as long as the recipe says, never larger than the original."""
    scale = min(1, longest_side / max(size))
    return size[0] * scale, size[1] * scale


def difference(one, other, box=(0, 0, 1, 1)):
    """The mean difference of two pictures, of 255, within a box given in parts of the whole."""
    width, height = one.size
    pixels = (int(box[0] * width), int(box[1] * height), int(box[2] * width), int(box[3] * height))
    apart = ImageChops.difference(one.crop(pixels), other.crop(pixels))
    return max(ImageStat.Stat(apart).mean)


def flattened(picture):
    """A picture with transparency on white, the recipe's background."""
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")
