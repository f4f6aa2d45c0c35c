"""The largest pictures that settings/limits.json admits, in each format and in the ways of storing them that cost most:
made here, since nobody keeps files of 50 MB in a repository. What repeats is compressed once."""

import io
import json
import random
import struct
import zlib

from PIL import Image

from fixtures.images import heif
from tests.support.running_stack import REPOSITORY

LIMITS = json.loads((REPOSITORY / "settings/limits.json").read_text())
SIDE = int(LIMITS["max_pixels"] ** 0.5)  # of a square
GRAIN = random.Random(1)
# The passes of an interlaced PNG: where each begins, and its steps.
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
DEEP = b"\x12\x34\x56\x78\x9a\xbc\xde\xf0"  # a pixel of four samples of 16 bits


def grainy(mode, levels):
    """A square of noise in so many levels, which no codec foresees, from one tile."""
    tile_side = SIDE // 10
    table = bytes(value % levels * (255 // max(1, levels - 1)) for value in range(256))
    depth = len(Image.new(mode, (1, 1)).getbands())
    noise = GRAIN.randbytes(tile_side * tile_side * depth).translate(table)
    tile, picture = Image.frombytes(mode, (tile_side, tile_side), noise), Image.new(mode, (SIDE, SIDE))
    for x in range(0, SIDE, tile_side):
        for y in range(0, SIDE, tile_side):
            picture.paste(tile, (x, y))
    return picture


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def soft(mode):
    return Image.linear_gradient("L").resize((SIDE, SIDE)).convert(mode)


class Deflated:
    """A zlib stream of parts that repeat: each is compressed once, from an empty dictionary."""

    def __init__(self):
        self.stream, self.checksum = [b"\x78\x01"], 1

    def add(self, part, times):
        pack = zlib.compressobj(1, wbits=-15)
        packed = pack.compress(part) + pack.flush(zlib.Z_FULL_FLUSH)
        self.stream.extend([packed] * times)
        for _ in range(times):
            self.checksum = zlib.adler32(part, self.checksum)
        return self

    def ended(self):
        return b"".join([*self.stream, b"\x03\x00", self.checksum.to_bytes(4, "big")])


def png(depth, color, interlaced, pixels):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", SIDE, SIDE, depth, color, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png_of_16_bits():
    """RGBA of 16 bits, interlaced: no row is whole before the last pass."""
    pixels = Deflated()
    for x, y, dx, dy in ADAM7:
        width, height = -(-(SIDE - x) // dx), -(-(SIDE - y) // dy)
        rows = 10 if height % 10 == 0 else 1
        pixels.add((b"\0" + DEEP * width) * rows, height // rows)
    return png(16, 6, True, pixels.ended())


def grainy_png():
    """Noise, each row foretold from its neighbours in the dearest way. One sample in eight is not zero, or the file
    would have too many bytes."""
    rows = 50
    noise = GRAIN.randbytes(SIDE * 3 * rows).translate(bytes(value % 8 == 0 for value in range(256)))
    strip = b"".join(b"\x04" + noise[row * SIDE * 3:(row + 1) * SIDE * 3] for row in range(rows))
    return png(8, 2, False, Deflated().add(strip, SIDE // rows).ended())


def bmp(side, bits, compression, pixels):
    palette = bytes(1024) if bits == 8 else b""
    at = 54 + len(palette)
    head = struct.pack("<IiiHHIIiiII", 40, side, side, 1, bits, compression, len(pixels), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", at + len(pixels), 0, 0, at) + head + palette + pixels


def bmp_of_runs():
    row = b"\xff\x07" * (SIDE // 255) + bytes([SIDE % 255, 7]) + b"\0\0"
    return bmp(SIDE, 8, 1, row * SIDE + b"\0\1")


def bmp_of_all_bytes():
    side = int(((LIMITS["max_bytes"] - 54) // 4) ** 0.5)
    return bmp(side, 32, 0, GRAIN.randbytes(side * side * 4))


def tiff(compression, strip, rows):
    """RGBA of 16 bits. All strips are one and the same."""
    count = SIDE // rows
    entries = [(256, 3, 1, SIDE), (257, 3, 1, SIDE), (258, 3, 4, None), (259, 3, 1, compression), (262, 3, 1, 2),
               (273, 4, count, None), (277, 3, 1, 4), (278, 3, 1, rows), (279, 4, count, None), (338, 3, 1, 2)]
    at = 8 + 2 + 12 * len(entries) + 4
    depths, offsets, lengths = at, at + 8, at + 8 + 4 * count
    data = lengths + 4 * count
    places = {258: depths, 273: offsets, 279: lengths}
    directory = b"".join(struct.pack("<HHII", tag, kind, number, places.get(tag, value))
                         for tag, kind, number, value in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4)
    lists = struct.pack("<4H", 16, 16, 16, 16) + struct.pack("<I", data) * count + struct.pack("<I", len(strip)) * count
    return head + lists + strip


def deflated_tiff():
    rows = 50
    return tiff(8, zlib.compress(DEEP * SIDE * rows, 1), rows)


def webp_of_one_color():
    """Lossless: five codes of one symbol each, which take no bits of any pixel, so the file has hardly any."""
    codes = sum(0b0001 << 3 + 4 * code for code in range(5))
    head = (0x2F | (SIDE - 1) << 8 | (SIDE - 1) << 22).to_bytes(5, "little")
    chunk = head + codes.to_bytes(7, "little")
    return b"RIFF" + struct.pack("<I", 12 + len(chunk)) + b"WEBPVP8L" + struct.pack("<I", len(chunk)) + chunk


def progressive_jpeg(components):
    """Gray, 4:4:4: a bit for each block in the first scan, a code for some 16,384 in the others. Its decoder keeps
    every coefficient until the last scan."""
    def segment(marker, data):
        return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data

    across = -(-SIDE // 8)
    numbers = range(1, components + 1)
    frame = struct.pack(">BHHB", 8, SIDE, SIDE, components) + b"".join(bytes([number, 0x11, 0]) for number in numbers)
    table = bytes([1]) + bytes(15)  # of one code, of one bit
    parts = [b"\xff\xd8", segment(0xDB, b"\0" + b"\1" * 64), segment(0xC2, frame),
             segment(0xC4, b"\x00" + table + b"\x00"),  # no difference
             segment(0xC4, b"\x10" + table + b"\xe0")]  # a run of blocks that end: 14 bits follow
    interleaved = bytes([components]) + b"".join(bytes([number, 0]) for number in numbers) + b"\0\0\0"
    whole, rest = divmod(across * across * components, 8)
    parts += [segment(0xDA, interleaved), bytes(whole), bytes([0xFF >> rest]) if rest else b""]
    runs = "".join(f"0{run:014b}" for run in runs_of(across * across))
    data = int(runs + "1" * (-len(runs) % 8), 2).to_bytes(-(-len(runs) // 8), "big").replace(b"\xff", b"\xff\0")
    for number in numbers:
        parts += [segment(0xDA, bytes([1, number, 0, 1, 63, 0])), data]
    return b"".join([*parts, b"\xff\xd9"])


def jpeg_behind(comment):
    """As many comments as may be before a small picture: `validate` reads all of them."""
    small = saved(Image.linear_gradient("L"), "JPEG")
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return small[:2] + segment * ((LIMITS["max_bytes"] - len(small)) // len(segment)) + small[2:]


def runs_of(blocks):
    """Runs of 16,384 to 32,767 blocks, less 16,384 each."""
    count = blocks // 16384
    each, more = divmod(blocks, count)
    return [each + (number < more) - 16384 for number in range(count)]



def heic_of_parts():
    """25 megapixels of the same part of 64 pixels again and again, that of fixtures/images/grid.heic."""
    file = (REPOSITORY / "fixtures/images/grid.heic").read_bytes()
    settings = heif.box("hvcC", heif.inner(file, b"hvcC"))
    part = heif.coded(file, 2)
    count, side = 78, 78 * 64
    grid = struct.pack(">BBBBII", 0, 1, count - 1, count - 1, side, side)
    size, colors = heif.ispe((side, side)), heif.nclx(*heif.SRGB)
    items = [("grid", grid, [size, colors]), ("hvc1", part, [heif.ispe((64, 64)), settings, colors])]
    return heif.container(items, [("dimg", 1, [2] * count * count)])


def jxl_in_steps():
    """As many samples as docs/adr/0018-jpeg-xl.md admits, in the way that keeps each three times. Nothing here codes
    JPEG XL: `Image.linear_gradient("L").resize((5790, 5790)).convert("RGB")` by cjxl 0.7.0, `-d 0 -e 2 -R 1`."""
    return REPOSITORY.joinpath("tests/ceilings/steps.jxl").read_bytes()


LARGEST = {
    "JPEG, baseline, of noise": lambda: saved(grainy("RGB", 6), "JPEG", quality=50, subsampling="4:2:0"),
    "JPEG, behind long comments": lambda: jpeg_behind(bytes(65_533)),
    "JPEG, behind empty comments": lambda: jpeg_behind(b""),
    "JPEG, progressive": lambda: progressive_jpeg(3),
    "JPEG, progressive, CMYK": lambda: progressive_jpeg(4),
    "PNG, RGBA of 16 bits, interlaced": png_of_16_bits,
    "PNG, of noise": grainy_png,
    "WebP, lossless, of one colour": webp_of_one_color,
    "WebP, lossy": lambda: saved(soft("RGB"), "WEBP", quality=10, method=0),
    "GIF": lambda: saved(soft("L"), "GIF"),
    "BMP, of runs": bmp_of_runs,
    "BMP, of as many bytes as may be": bmp_of_all_bytes,
    "TIFF, RGBA of 16 bits, deflated": deflated_tiff,
    "HEIC, of 6,084 parts": heic_of_parts,
    "JPEG XL, without loss, in steps": jxl_in_steps,
}
