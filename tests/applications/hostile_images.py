"""Images that are too large, too small or broken, and sound ones that say more than their pixels."""

import io
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

from tests.applications.hostile_files import JPEG, PNG, SCRIPT_PAGE, Sample


def picture(size: tuple[int, int] = (900, 1200), mode: str = "RGB") -> Image.Image:
    """A page with a dark bar at its top left, so that one sees which way is up."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 8), fill="black")
    return image


def jpeg(image: Image.Image | None = None, **saving: object) -> bytes:
    """A JPEG of the page."""
    target = io.BytesIO()
    (image or picture()).save(target, "JPEG", **saving)
    return target.getvalue()


def png(image: Image.Image | None = None, **saving: object) -> bytes:
    """A PNG of the page."""
    target = io.BytesIO()
    (image or picture()).save(target, "PNG", **saving)
    return target.getvalue()


def with_place_and_camera() -> Image.Exif:
    """EXIF as phones write it: the camera, the place (13°45' N 100°30' E), lying on its side (orientation 6)."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x013B] = "SecretCamera", 6, "มะลิ ตัวอย่าง"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (13.0, 45.0, 0.0), "E", (100.0, 30.0, 0.0)
    return exif


def _talking_png() -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "SecretComment")
    said.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>SecretXmp</x:xmpmeta>")
    return png(pnginfo=said, exif=with_place_and_camera())


def _claiming(width: int, height: int) -> bytes:
    """A PNG whose header promises width × height and whose pixels never come."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    pixels = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def _two_pictures() -> bytes:
    """What many phones send: a JPEG that carries a second picture (MPO)."""
    target = io.BytesIO()
    picture().save(target, "MPO", save_all=True, append_images=[picture((640, 640))])
    return target.getvalue()


HOSTILE_IMAGES = [
    Sample("png-60000-by-60000", PNG, lambda: _claiming(60_000, 60_000), "too_many_pixels"),
    Sample("png-claims-more-than-it-has", PNG, lambda: _claiming(6_000, 6_000), "damaged_image"),
    Sample("png-broken", PNG, lambda: png()[:60] + bytes(500) + png()[560:], "damaged_image"),
    Sample("png-truncated", PNG, lambda: png(picture(mode="RGB").effect_spread(90))[:5000], "damaged_image"),
    Sample("jpeg-truncated", JPEG, lambda: jpeg()[:-4000], "damaged_image"),
    Sample("jpeg-header-only", JPEG, lambda: jpeg()[:20], "damaged_image"),
    Sample("jpeg-too-small", JPEG, lambda: jpeg(picture((599, 400))), "too_small"),
    Sample("jpeg-that-is-a-png", JPEG, png, "damaged_image"),
]

CLEANED_IMAGES = [
    Sample("jpeg-plain", JPEG, jpeg, "clean"),
    Sample("jpeg-html-tail", JPEG, lambda: jpeg() + SCRIPT_PAGE, "clean"),
    Sample("jpeg-html-comment", JPEG, lambda: jpeg(comment=SCRIPT_PAGE), "clean"),
    Sample("jpeg-place-and-camera", JPEG, lambda: jpeg(exif=with_place_and_camera()), "clean"),
    Sample("jpeg-broken-exif", JPEG, lambda: jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(40)), "clean"),
    Sample("jpeg-cmyk", JPEG, lambda: jpeg(picture().convert("CMYK")), "clean"),
    Sample("jpeg-grey", JPEG, lambda: jpeg(picture().convert("L")), "clean"),
    Sample("jpeg-two-pictures", JPEG, _two_pictures, "clean"),
    Sample("png-plain", PNG, png, "clean"),
    Sample("png-html-tail", PNG, lambda: png() + SCRIPT_PAGE, "clean"),
    Sample("png-comment-and-place", PNG, _talking_png, "clean"),
    Sample("png-see-through", PNG, lambda: png(picture(mode="RGBA")), "clean"),
    Sample("png-palette-see-through", PNG, lambda: png(picture().convert("P"), transparency=0), "clean"),
    Sample("png-black-and-white", PNG, lambda: png(picture().convert("1")), "clean"),
    Sample("png-sixteen-bits", PNG, lambda: png(Image.new("I;16", (900, 1200), 40_000)), "clean"),
]
