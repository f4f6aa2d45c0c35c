"""A user's actions with photos: send one, look at its variants, send a file that is not a picture, delete."""
import json
import struct

from darkroom.console import Failure
from darkroom.paths import REPOSITORY
from darkroom.smoke.person import Person
from darkroom.smoke.waiting import until

IMAGES = REPOSITORY / "fixtures" / "images"
RECIPE = json.loads((REPOSITORY / "settings" / "recipe.json").read_text())["variants"]
DECIDED = ("ready", "rejected", "failed")
# A function that has rested for two weeks is refused while Lambda attaches it to its network again.
DECIDED_SECONDS = 300
GONE_SECONDS = 60


class Photo:
    def __init__(self, person: Person, file: str, content_type: str = "image/jpeg"):
        self.person, self.file, self.content_type = person, file, content_type
        self.content = (IMAGES / file).read_bytes()
        self.image: dict = {}
        self.id = ""

    def send(self) -> None:
        wanted = {"filename": self.file, "content_type": self.content_type, "size_bytes": len(self.content)}
        ticket = self.person.expect(201, "POST", "/upload", wanted).json()
        self.id = ticket["image_id"]
        upload = ticket["upload"]
        answer = self.person.target.web.send(upload["method"], upload["url"], body=self.content,
                                             headers=upload["headers"])
        if answer.status != 200:
            raise Failure(f"S3 refused the upload that the ticket allows: {s3_code(answer.body)} ({answer.status})")

    def develop(self) -> None:
        """Sends the photo and waits for its outcome."""
        self.send()
        self.image = until(self._decided, f"an outcome of image {self.id}", seconds=DECIDED_SECONDS)

    def _decided(self) -> dict | None:
        image = self.person.expect((200, 202), "GET", f"/image/{self.id}").json()
        return image if image["status"] in DECIDED else None

    @property
    def execution(self) -> str:
        """Its name, by the photo's timeline."""
        events = self.person.expect(200, "GET", f"/image/{self.id}/events").json()["items"]
        return next(event["execution"] for event in reversed(events) if "execution" in event)

    def variants(self) -> list[str]:
        """Downloads each variant by its link alone, and compares it with the API's answer and the recipe."""
        told = self.image["variants"]
        if told.keys() != {each["name"] for each in RECIPE}:
            raise Failure(f"the recipe has other variants than {', '.join(told)}")
        found = []
        for wanted in RECIPE:
            variant = told[wanted["name"]]
            answer = self.person.target.web.send("GET", variant["url"])
            if answer.status != 200:
                raise Failure(f"the link to {wanted['name']} answered {s3_code(answer.body)} ({answer.status})")
            width, height = size_of_jpeg(answer.body)
            said = (variant["bytes"], variant["width"], variant["height"])
            if said != (len(answer.body), width, height) or max(width, height) != wanted["longest_side"]:
                raise Failure(f"{wanted['name']} is {len(answer.body)} bytes of {width} × {height}, not {said}")
            found.append(f"{width} × {height}")
        return found

    def links(self) -> dict[str, str]:
        """Every signed link to the photo. The original's link gives back the bytes that were sent."""
        original = self.person.expect(200, "GET", f"/image/{self.id}?size=original").json()["variants"]["original"]
        answer = self.person.target.web.send("GET", original["url"])
        if answer.status != 200 or answer.body != self.content:
            raise Failure(f"the link to the original answered {answer.status} and {len(answer.body)} bytes")
        return {name: each["url"] for name, each in (self.image["variants"] | {"original": original}).items()}

    def delete(self) -> None:
        def deleted() -> bool:
            return self.person.expect((204, 409), "DELETE", f"/image/{self.id}").status == 204

        until(deleted, f"image {self.id} to be deleted", seconds=GONE_SECONDS)

    def assert_gone(self, links: dict[str, str]) -> None:
        self.person.expect(404, "GET", f"/image/{self.id}")
        if self.id in self.person.expect(200, "GET", "/images?limit=100").body.decode():
            raise Failure("the list of photos still names it")
        for name, url in links.items():
            answer = self.person.target.web.send("GET", url)
            # S3 says 404 to a role that may list, and 403 otherwise.
            if answer.status not in (403, 404):
                raise Failure(f"the signed link to {name} still answers {answer.status}")


def size_of_jpeg(content: bytes) -> tuple[int, int]:
    """Width and height, by the frame header."""
    at = 2
    while content[:2] == b"\xff\xd8" and at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2:at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5:at + 9])
            return width, height
        at += 2 + length
    raise Failure("a variant is not a JPEG")


def s3_code(body: bytes) -> str:
    """The code of an error of S3, without its message, which repeats the signature."""
    text = body.decode(errors="replace")
    return text.partition("<Code>")[2].partition("</Code>")[0] or "an answer without a code"
