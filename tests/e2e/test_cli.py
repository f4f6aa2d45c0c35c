"""`darkroom`, the program itself, against the running stack: an account, photos in, pictures out, and a second run that
sends nothing twice."""

import json
import pathlib
import stat

import pytest
from standardwebhooks import Webhook

from receiver import receiver
from tests.support import photos
from tests.support.client import download, send
from tests.support.program import Darkroom
from tests.support.waiting import until

PHOTOS = [photos.FIXTURES / name for name in ("dandelion.jpg", "orientation-6.webp", "transparent.png")]


@pytest.fixture(scope="module")
def darkroom(program, api, tmp_path_factory):
    darkroom = Darkroom(program, api, tmp_path_factory.mktemp("state"))
    darkroom.person = darkroom.make_account("cli")
    darkroom.person.sign_in()  # beside the program, for what a test does without it
    return darkroom


@pytest.fixture(scope="module")
def sent(darkroom):
    return darkroom.json("upload", "--wait", *PHOTOS)["files"]


def test_what_a_sign_in_leaves_is_read_by_its_owner_only(darkroom):
    assert stat.S_IMODE(darkroom.session_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(darkroom.session_file.parent.stat().st_mode) == 0o700
    assert darkroom.json("whoami")["email"] == darkroom.person.email


def test_a_wrong_password_is_told_with_its_code_and_request(program, api, darkroom, tmp_path):
    told = Darkroom(program, api, tmp_path).run("login", darkroom.person.email, stdin="wrong\n", code=3)
    assert "Auth.InvalidCredentials" in told and "request id: " in told
    assert not (tmp_path / "darkroom").exists()


def test_photos_are_sent_and_developed(sent):
    assert [pathlib.Path(photo["file"]) for photo in sent] == PHOTOS
    assert {(photo["upload"], photo["status"]) for photo in sent} == {("sent", "ready")}


def test_a_second_run_sends_nothing_twice(darkroom, sent):
    again = darkroom.json("upload", *PHOTOS)["files"]
    assert {photo["upload"] for photo in again} == {"known"}
    assert [photo["image_id"] for photo in again] == [photo["image_id"] for photo in sent]


def test_a_run_that_was_cut_off_is_gone_on_with(darkroom, sent):
    """A ticket in the journal whose photo was not sent: the photo is sent for that image."""
    with (darkroom.state / "darkroom" / "uploads.jsonl").open("a") as journal:
        ticket = darkroom.person.ticket(PHOTOS[0].read_bytes())
        line = {"api": darkroom.api.url, "email": darkroom.person.email, "sha256": sent[0]["sha256"],
                "image_id": ticket["image_id"]}
        journal.write(json.dumps(line) + "\n")
    again = darkroom.json("upload", *PHOTOS)["files"]
    assert [photo["upload"] for photo in again] == ["sent", "known", "known"]
    assert again[0]["image_id"] == ticket["image_id"]


def test_bad_files_are_named_before_they_are_sent_and_the_rest_goes_on(darkroom, tmp_path):
    bad = [photos.FIXTURES / "header-only.avif", tmp_path / "no-such-photo.jpg", photos.FIXTURES / "truncated.jpg"]
    told = darkroom.run("upload", "--wait", *bad, PHOTOS[1], code=1)
    assert "Image.Avif" in told and "no-such-photo.jpg" in told
    assert "rejected: Image.Corrupt" in told, "only its pixels show that, so the service says it"
    assert PHOTOS[1].name not in told


def test_what_the_service_serves_is_what_process_makes(darkroom, sent, tmp_path):
    darkroom.run("process", *PHOTOS, "-o", tmp_path / "here")
    (tmp_path / "there").mkdir()
    for photo, source in zip(sent, PHOTOS, strict=True):
        darkroom.run("get", photo["image_id"], "--size", "medium", "-o", tmp_path / "there")
        there = (tmp_path / "there" / f"{source.stem}-medium.jpg").read_bytes()
        assert there == (tmp_path / "here" / source.stem / "medium.jpg").read_bytes()
        assert max(photos.opened(there).size) <= photos.SIDES["medium"]


def test_a_file_that_is_there_stays(darkroom, sent, tmp_path):
    image_id, path = sent[0]["image_id"], tmp_path / "mine.jpg"
    path.write_text("mine")
    assert "--force" in darkroom.run("get", image_id, "-o", path, code=1)
    assert path.read_text() == "mine"
    darkroom.run("get", image_id, "--force", "-o", path)
    assert path.read_bytes().startswith(b"\xff\xd8")


def test_open_prints_a_link_that_works(darkroom, sent):
    url = darkroom.run("open", sent[0]["image_id"], "--size", "small").strip()
    darkroom.api.secrets.keep_signature(url)
    assert photos.opened(download(url).content).width == photos.SIDES["small"]


def test_show_tells_the_facts(darkroom, sent):
    told = darkroom.run("show", sent[0]["image_id"])
    assert "ready: 2400 × 1350 jpeg" in told and "thumbnail" in told
    for variant in darkroom.json("show", sent[0]["image_id"])["variants"].values():
        darkroom.api.secrets.keep_signature(variant["url"])


def test_r33_another_users_photo_is_not_found(program, api, sent, tmp_path):
    eve = Darkroom(program, api, tmp_path)
    eve.make_account("eve")
    told = eve.run("show", sent[0]["image_id"], code=1)
    assert "Request.NotFound" in told and "request id: " in told


def test_whoami_counts_the_day(darkroom, sent):
    told = darkroom.json("whoami")
    assert told["user_id"] == darkroom.person.owner_id
    assert told["usage"]["images"] >= len(sent)
    assert f"of {told['limits']['images_per_day']} photos" in darkroom.run("whoami")
    assert f"stored {told['stored']['images']} photos" in darkroom.run("whoami")


def test_what_the_account_has_is_known_without_a_journal(darkroom, sent):
    (darkroom.state / "darkroom" / "uploads.jsonl").unlink()
    assert {photo["upload"] for photo in darkroom.json("upload", *PHOTOS)["files"]} == {"known"}


def test_the_list_is_newest_first_and_ends_where_it_is_told(darkroom, sent):
    listed = darkroom.json("ls", "--all", "--status", "ready")["items"]
    assert {photo["image_id"] for photo in sent} <= {image["image_id"] for image in listed}
    assert listed == sorted(listed, key=lambda image: image["image_id"], reverse=True)
    for image in listed:
        darkroom.api.secrets.keep_signature(image["variants"]["thumbnail"]["url"])
    assert len(darkroom.run("ls", "--limit", "2").splitlines()) == 2


def test_an_album_is_filled_shared_and_given_up(darkroom, sent):
    darkroom.run("album", "create", "Summer at the lake")
    darkroom.run("album", "add", "Summer at the lake", *(photo["image_id"] for photo in sent))
    darkroom.run("album", "rm", "Summer at the lake", sent[0]["image_id"])
    lines = darkroom.run("ls", "--album", "Summer at the lake").splitlines()
    assert {line.split()[0] for line in lines} == {photo["image_id"] for photo in sent[1:]}

    url = darkroom.api.secrets.keep(darkroom.run("album", "share", "Summer at the lake", "--days", "1").strip())
    shown = send("GET", url).json()
    assert (shown["title"], len(shown["items"])) == ("Summer at the lake", 2)
    for image in shown["items"]:
        for variant in image["variants"].values():
            darkroom.api.secrets.keep_signature(variant["url"])
    darkroom.run("album", "unshare", "Summer at the lake")
    assert send("GET", url).status_code == 404

    darkroom.run("album", "rm", "Summer at the lake")
    assert "no album of yours" in darkroom.run("album", "rm", "Summer at the lake", code=1)
    darkroom.run("show", *(photo["image_id"] for photo in sent))


def test_an_upload_goes_into_an_album_and_what_is_deleted_is_gone(darkroom):
    album = darkroom.run("album", "create", "Short-lived").strip()
    photo = darkroom.json("upload", "--wait", "--again", "--album", "Short-lived", PHOTOS[1])["files"][0]
    assert darkroom.run("ls", "--album", album).split()[0] == photo["image_id"]
    darkroom.run("rm", photo["image_id"])
    assert "Request.NotFound" in darkroom.run("show", photo["image_id"], code=1)
    assert darkroom.run("ls", "--album", album) == ""


def aged(session):
    """The sign-in with an id token that has ended."""
    return json.dumps(json.loads(session) | {"expires_at": 0})


def test_a_token_that_has_ended_is_renewed(darkroom, sent):
    darkroom.session_file.write_text(aged(darkroom.session_file.read_text()))
    darkroom.run("show", sent[0]["image_id"])
    assert json.loads(darkroom.session_file.read_text())["expires_at"] > 0
    assert stat.S_IMODE(darkroom.session_file.stat().st_mode) == 0o600


def test_after_signing_out_commands_ask_for_a_sign_in(program, api, tmp_path):
    ada = Darkroom(program, api, tmp_path)
    ada.make_account("ada")
    session = ada.session_file.read_text()
    ada.run("logout")
    assert not ada.session_file.exists()
    assert "darkroom login" in ada.run("upload", PHOTOS[0], code=3)
    ada.session_file.write_text(aged(session))
    assert "the sign-in has ended" in ada.run("upload", PHOTOS[0], code=3), "the service has forgotten it, too"


def test_a_password_is_changed_and_an_account_erased(program, api, tmp_path):
    ada = Darkroom(program, api, tmp_path)
    person = ada.make_account("leaving")
    new = api.secrets.keep("Another long Passw0rd, typed")
    ada.run("account", "password", stdin=f"{person.password}\n{new}\n")
    ada.run("whoami")
    assert "Auth.InvalidCredentials" in ada.run("account", "delete", stdin=f"{person.password}\n", code=3)
    assert "erased" in ada.run("account", "delete", stdin=f"{new}\n")
    assert "darkroom login" in ada.run("whoami", code=3)
    until(lambda: "Auth.InvalidCredentials" in Darkroom(program, api, tmp_path / "later").attempt(
        "login", person.email, stdin=f"{new}\n"), "a sign-in is refused", 60, 1)


def test_a_webhook_is_set_tried_out_rotated_and_removed(darkroom):
    with receiver() as ours:
        secret = darkroom.api.secrets.keep(darkroom.run("webhook", "set", ours.url).strip())
        assert darkroom.run("webhook", "test") == "delivered, status 204\n"
        (letter,) = ours.seen
        Webhook(secret).verify(letter.body, letter.headers)
        other = darkroom.api.secrets.keep(darkroom.run("webhook", "rotate").strip())
        assert other != secret
    assert "unreachable" in darkroom.run("webhook", "test", code=1)
    assert darkroom.run("webhook", "show") == f"{ours.url} active\n"
    darkroom.run("webhook", "rm")
    assert "Request.NotFound" in darkroom.run("webhook", "show", code=1)
