"""The files of `darkroom process`, read by other decoders: every format of a recipe shows the same picture."""

import json
import subprocess

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.support import photos

FORMATS = {"png": "png", "jpeg": "jpg", "webp": "webp", "avif": "avif"}
# Upright and sideways, wide gamut, transparent, both, of odd sides, gray, and smaller than a block of any codec.
ODD = ["4-4-4.jpg", "orientation-6.jpg", "display-p3.png", "transparent.png", "turned-alpha-p3.webp", "odd-size.jpg",
       "gray.jpg", "palette-transparent.png"]


@pytest.fixture(scope="module")
def made(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("process")
    recipe = folder / "recipe.json"
    several = {"name": "all", "longest_side": 160, "formats": [*FORMATS], "qualities": dict.fromkeys(FORMATS, 90)}
    sides = {"-odd": 61, "-tiny": 3, "-dot": 1}
    recipe.write_text(json.dumps({"variants": [{**several, "watermark": False}, *(
        {"name": f"{form}{name}", "longest_side": side, "format": form, "quality": 90, "watermark": False}
        for form in FORMATS for name, side in sides.items()
    )], "background": "#8090a0"}))
    sources = [photos.FIXTURES / name for name in ODD]
    subprocess.run([program, "process", *sources, "-o", folder, "--recipe", recipe], check=True, timeout=300)

    def opened(source, form, name):
        variant = form + name if name else "all"
        return Image.open(folder / source.split(".")[0] / f"{variant}.{FORMATS[form]}")

    return opened


@pytest.mark.parametrize("source", ODD)
@pytest.mark.parametrize("form", ["jpeg", "webp", "avif"])
def test_every_format_shows_the_same_picture(made, source, form):
    # Mean differences; at three pixels a side, several colours share one sample of 4:2:0.
    for name, near in {"": 5, "-odd": 9, "-tiny": 42, "-dot": 4}.items():
        right, other = made(source, "png", name), made(source, form, name)
        assert (other.format, other.size) == (form.upper(), right.size)
        assert not other.getexif() and "icc_profile" not in other.info
        transparent = form != "jpeg" and "A" in right.getbands()
        assert ("A" in other.getbands()) == transparent
        if transparent:
            assert ImageChops.difference(right.getchannel("A"), other.getchannel("A")).getbbox() is None
        off = max(ImageStat.Stat(ImageChops.difference(shown(right), shown(other))).mean)
        assert off < near, f"{name or 'at 160'}: {off:.1f}"


def shown(picture):
    """On the recipe's background, as a page would show it."""
    ground = Image.new("RGBA", picture.size, "#8090a0")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
