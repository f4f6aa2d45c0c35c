"""A user's things for test_foreign.py: private, shared, public, deleted and ended ones; and what never was."""

import base64
import os
import re
import uuid

from tests.support import photos
from tests.support.operations import RUN, image_id_of_import
from tests.support.waiting import until

CONTENT = photos.fixture("gray.jpg")


def ask(person, method, path, body=None, status=None):
    answer = person.api.call(method, path, token=person.id_token, **({} if body is None else {"json": body}))
    assert status in (None, answer.status_code), answer.text
    return answer


def nowhere(kind):
    """One that never was, of the form of those that were."""
    return {"image": lambda: str(uuid.uuid4()), "album": lambda: str(uuid.uuid4()), "link": lambda: str(uuid.uuid4()),
            "token": lambda: sealed(85), "cursor": lambda: sealed(45), "session": lambda: sealed(300),
            "execution": lambda: f"{uuid.uuid4()}-0123456789abcdef", "owner": lambda: str(uuid.uuid4()),
            "user": lambda: str(uuid.uuid4())}[kind]()


def sealed(length):
    """Looks like a token of ours: its version, and bytes that no key has made."""
    return base64.urlsafe_b64encode(b"\2" + os.urandom(length - 1)).rstrip(b"=").decode()


def turned(token, at):
    return token[:at] + ("B" if token[at] == "A" else "A") + token[at + 1:]


class Belongings:
    """Of one user: private, shared, public and deleted things. Each is told from the others by its label."""

    def __init__(self, person, operator):
        self.person, self.operator = person, operator
        self.photos = {name: person.upload(CONTENT) for name in ("private", "public", "public too", "deleted")}
        for image_id in self.photos.values():
            assert person.wait(image_id)["status"] == "ready"
        self.photos["awaited"] = person.ticket(CONTENT)["image_id"]
        for name in ("public", "public too"):
            ask(person, "PATCH", f"/image/{self.photos[name]}", {"visibility": "public"}, 200)
        ask(person, "DELETE", f"/image/{self.photos['deleted']}", status=204)
        self.albums = {name: self.album(name) for name in ("link", "public", "deleted", "private")}
        self.links = {name: self.share(self.albums[album]) for name, album in {
            "good": "public", "another": "public", "shared": "link", "revoked": "public", "expired": "public",
            "of a deleted album": "deleted", "of a private album": "private"}.items()}
        pictures = {"image_ids": [self.photos["public"], self.photos["public too"]]}
        ask(person, "POST", f"/albums/{self.albums['public']}/images", pictures, 204)
        self._end()
        album = f"/albums/{self.albums['public']}"
        until(lambda: ask(person, "GET", album).json()["count"] == 2, "both photos in the album", 10)

    def album(self, name):
        return ask(self.person, "POST", "/albums", {"title": name, "visibility": "link"}, 201).json()["album_id"]

    def share(self, album):
        link = ask(self.person, "POST", f"/albums/{album}/links", {}, 201).json()
        return link | {"token": self.person.api.secrets.keep(link["url"].removeprefix("shared/"))}

    def _end(self):
        """What is to have ended ends."""
        for name in ("private", "public"):
            ask(self.person, "PATCH", f"/albums/{self.albums[name]}", {"visibility": name}, 200)
        ask(self.person, "DELETE", f"/albums/{self.albums['deleted']}", status=204)
        revoked = f"/albums/{self.albums['public']}/links/{self.links['revoked']['link_id']}"
        ask(self.person, "DELETE", revoked, status=204)
        sort = f"LINK#{self.albums['public']}#{self.links['expired']['link_id']}"
        key = {"pk": {"S": f"USER#{self.person.owner_id}"}, "sk": {"S": sort}}
        # The shortest life of a link is a minute; a test does not wait for it.
        self.operator.dynamodb.update_item(
            TableName=self.operator.stack["images_table"], Key=key, UpdateExpression="SET expires_at = :past",
            ConditionExpression="attribute_exists(pk)", ExpressionAttributeValues={":past": {"N": "1700000000"}})

    def imported(self):
        """A photo that belongs to no user."""
        key = f"imports/{RUN}/belongings.jpg"
        self.operator.put_original(key, CONTENT, ContentType="image/jpeg")
        image_id = image_id_of_import(key)
        self.operator.decided(image_id)
        return image_id

    def state(self):
        """All of it as its owner sees it, without the links that are signed anew."""
        seen = [ask(self.person, "GET", f"/image/{image_id}") for image_id in self.photos.values()]
        seen += [ask(self.person, "GET", f"/albums/{album}{more}") for album in self.albums.values()
                 for more in ("", "/images", "/links")]
        return [(answer.status_code, plain(answer.text)) for answer in seen]


ANOTHER_EACH_TIME = re.compile(r'(X-Amz-(?:Date|Signature|Credential)=)[^&"]*|("(?:request_id|expires_at)":")[^"]*')


def plain(text):
    """Without what is another in each answer: signatures, their times, and the id of the request."""
    return ANOTHER_EACH_TIME.sub(r"\1\2", text)
