"""A picture file as grey numbers; no torch, so that a page can offer an upload before torch is there."""

import io
from contextlib import suppress

import numpy as np
from PIL import ExifTags, Image, ImageOps, TiffTags, UnidentifiedImageError

from lib.questions.gabor.unpacking import Refused, check, check_first_bytes, is_deep
from lib.types import Array

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # told by what is in the file, whatever its name
ENDINGS = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]
AREA = 640 * 640  # pixels that a larger picture is shrunk to
PIXELS = 89_478_485  # Pillow's own limit: it warns above, and refuses above twice as many
SIDE = 64  # pixels along the shorter side
# Sparse codes of crops of the two photographs: those of 64 x 64 and 96 x 96 pixels gave edge detectors by chance (up
# to 16% with scrambled phases, up to 30% without sparsity), those of 128 x 128 nowhere more than 6%. That is 113
# patches of 12 x 12 pixels that do not overlap.
FEWEST = 128 * 128  # pixels in all
STRIP = 2**16  # pixels that are made grey at a time, so that a picture is never held twice
NOTES = 2**20  # bytes of EXIF that are looked at
SHADES = 2.55  # standard deviation, in steps of grey, below which a picture is blank


def decoded(content: bytes) -> Array:
    """A picture file as grey numbers in [0, 1] (height, width): upright, on white, at most 640 x 640 pixels in all.

    Of an animation the first frame. Grey of 8 or 16 bits is divided by the most that these can hold, and so are
    whole numbers of 32 bits if they lie within 16, as cameras and microscopes write them; numbers with a fraction are
    kept if they lie in [0, 1]. All others have no white of their own and are stretched from their least to their
    largest.

    Raises ValueError with one word, the key of a sentence: empty, unknown (no format that is read here), shut (AVIF
    or HEIC), broken, pixels (too many), large (too much memory), packed (endless time or memory), small, thin, gaps
    (NaN or infinite), blank.
    """
    try:
        numbers, faint = _numbers(content)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except MemoryError as error:
        raise Refused("large") from error
    except UnidentifiedImageError as error:
        raise Refused("unknown") from error
    except Exception as error:  # Pillow's decoders raise many kinds on damaged files
        raise Refused("broken") from error
    if numbers.std() < faint:
        raise Refused("blank")
    return numbers


def _numbers(content: bytes) -> tuple[Array, float]:
    """The grey numbers (height, width), and the standard deviation below which they are blank."""
    grey, mode = _unpacked(content)
    low, high = (0, 255) if grey.mode == "L" else _range(np.asarray(grey), mode)
    values = np.asarray(grey.resize(_shrunk(*grey.size)), dtype=np.float64)
    return np.clip((values - low) / (high - low), 0, 1), SHADES / (255 if grey.mode == "L" else 65535)


def _unpacked(content: bytes) -> tuple[Image.Image, str]:
    """The picture upright, in grey and reduced, and the mode it had; the unpacked picture is gone after that."""
    check_first_bytes(content)
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        shrunk = _shrunk(*image.size)
        image.draft("L", shrunk)  # a JPEG is unpacked no larger than needed
        check(image, content)
        if image.format == "TIFF":  # which would read all that its notes point at
            for pointer in TiffTags.TAGS_V2_GROUPS:
                image.getexif().pop(pointer, None)
        image.load()
        grey = _reduced(image, shrunk)
        _turn(grey, image)
        image.close()  # the end of the block closes the file alone, not the memory
        return grey, image.mode


def _shrunk(width: int, height: int) -> tuple[int, int]:
    """The size of a picture that is shrunk to 640 x 640 pixels in all; raises Refused: pixels, small, thin."""
    if width * height > PIXELS:
        raise Refused("pixels")
    if min(width, height) < SIDE or width * height < FEWEST:
        raise Refused("small")
    scale = min(1.0, (AREA / (width * height)) ** 0.5)
    size = round(width * scale), round(height * scale)
    if min(size) < SIDE:
        raise Refused("thin")
    return size


def _reduced(image: Image.Image, shrunk: tuple[int, int]) -> Image.Image:
    """The picture in grey, twice as large as it will be or a little more, if it was: mode L, or F if it is deeper.

    Made strip by strip: a second picture beside the first would be as large again.
    """
    width, height = image.size
    factor = max(1, min(width // shrunk[0], height // shrunk[1]) // 2)
    rows = max(1, STRIP // (width * factor)) * factor
    small = Image.new("F" if is_deep(image.mode) else "L", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = _grey(image.crop((0, top, width, min(top + rows, height))))
        small.paste(strip.reduce(factor), (0, top // factor))
    return small


def _grey(strip: Image.Image) -> Image.Image:
    """A strip of a picture in grey, on white where it is transparent: mode L, or F with its numbers as they are."""
    clear = strip.info.get("transparency")
    if is_deep(strip.mode):
        values = np.asarray(strip).astype(np.float32)
        if isinstance(clear, int):
            values[values == clear] = 65535
        return Image.fromarray(values)
    if strip.mode == "LAB":
        return strip.getchannel("L")
    if strip.has_transparency_data:
        if strip.mode == "La":  # the one mode that does not go to RGBA at once
            strip = strip.convert("LA")
        white = Image.new("RGBA", strip.size, "white")
        white.alpha_composite(strip.convert("RGBA"))
        strip = white
    return strip.convert("L")


def _range(values: Array, mode: str) -> tuple[float, float]:
    """What is black and what is white among numbers of more than 8 bits, by the mode that they had."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise Refused("gaps")
    most = 1 if mode == "F" else 65535
    return (0, most) if low >= 0 and high <= most else (low, max(high, np.nextafter(low, np.inf)))


def _turn(grey: Image.Image, image: Image.Image) -> None:
    """Turn the reduced picture as the notes in its file say."""
    if len(image.info.get("exif", b"")) > NOTES:
        return
    with suppress(Exception):  # a picture whose notes are damaged is a picture
        grey.getexif()[ExifTags.Base.Orientation] = image.getexif()[ExifTags.Base.Orientation]
    ImageOps.exif_transpose(grey, in_place=True)
