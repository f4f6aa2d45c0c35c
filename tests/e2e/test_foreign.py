"""R33, R59: what belongs to others, has ended or was deleted answers as what never was, in every place of every request
where it can be named (tests/support/places.py): the same status, body and headers."""

import uuid

import pytest

from belongings import CONTENT, Belongings, ask, nowhere, plain, sealed, turned
from routes import example, required_query
from tests.support.client import problem
from tests.support.places import DOCUMENT, places
from tests.support.waiting import until

NOT_FOUND = (404, "Request.NotFound")
# Other users see what is public there, and nothing else.
SHOWS_WHAT_IS_PUBLIC = {"GET /image/{image_id}", "GET /albums/{album_id}", "GET /albums/{album_id}/images"}
# Lists of several things: those that are not there are left out, or told one by one.
LEAVES_OUT = {"listImages-ids", "deleteImages-image_ids[]"}
# Values that parameters without a list of values may have.
FAIR = {"limit": "1", "cursor": sealed(45), "from": "2026-01-31", "to": "2026-01-31", "redirect": "false"}
# Another in each answer, whatever was asked.
OF_THE_REQUEST = {"date", "x-request-id", "x-amzn-requestid", "x-amz-request-id"}


@pytest.fixture(scope="module")
def hers(ada, operator):
    return Belongings(ada, operator)


@pytest.fixture(scope="module")
def before(hers):
    return hers.state()


@pytest.fixture(scope="module")
def own(eve):
    """The caller's things, so that a request is good but for the place that is tried."""
    tickets = [eve.ticket(CONTENT)["image_id"] for _ in range(3)]
    albums = [ask(eve, "POST", "/albums", {"title": "Mine", "visibility": "link"}, 201).json()["album_id"]
              for _ in range(3)]
    links = [ask(eve, "POST", f"/albums/{album}/links", {}, 201).json()
             for album in (albums[0], albums[0], albums[1], albums[0])]
    tokens = [eve.api.secrets.keep(link["url"].removeprefix("shared/")) for link in links]
    ask(eve, "POST", f"/albums/{albums[0]}/images", {"image_ids": tickets[:2]}, 204)
    ask(eve, "DELETE", f"/image/{tickets[2]}", status=204)
    ask(eve, "DELETE", f"/albums/{albums[2]}", status=204)
    ask(eve, "DELETE", f"/albums/{albums[0]}/links/{links[3]['link_id']}", status=204)
    return {"image": tickets, "album": albums, "link": [link["link_id"] for link in links], "token": tokens}


@pytest.fixture(scope="module")
def listed(api):
    """A user who lists their profile, with two public photos."""
    person = api.newcomer("listed")
    for _ in range(2):
        image_id = person.upload(CONTENT)
        assert person.wait(image_id)["status"] == "ready"
        ask(person, "PATCH", f"/image/{image_id}", {"visibility": "public"}, 200)
    ask(person, "PUT", "/me", {"display_name": "Listed", "listed": True}, 200)
    return person


@pytest.fixture(scope="module")
def good(own, listed):
    """A name that each place may have."""
    return {"image_id": own["image"][0], "album_id": own["album"][0], "link_id": own["link"][0],
            "token": own["token"][0], "user_id": listed.owner_id}


@pytest.fixture(scope="module")
def foreign(ada, eve, operator, hers, own, cursors):
    """Kind → label → what is not the caller's, or not any more."""
    links = hers.links
    ended = ("revoked", "expired", "of a deleted album", "of a private album")
    return {
        "image": hers.photos | {"imported": hers.imported(), "once one's own": own["image"][2],
                                "an album's": own["album"][0]},
        "album": hers.albums | {"once one's own": own["album"][2], "a photo's": own["image"][0]},
        "link": {name: link["link_id"] for name, link in links.items()} | {
            "of another album": own["link"][2], "revoked by oneself": own["link"][3]},
        "token": {name: links[name]["token"] for name in ended} | {
            "changed": turned(links["good"]["token"], 40), "cut": links["good"]["token"][:-1],
            "longer": links["good"]["token"] + "A", "a cursor": cursors["ada /images"],
            "of the version before": "AQ" + links["good"]["token"][2:]},
        "cursor": cursors | {"a share link": links["good"]["token"], "changed": turned(cursors["eve /images"], 30),
                             "of the version before": "AQ" + cursors["eve /images"][2:]},
        "session": {"signed out": signed_out(ada)},
        "execution": {"of another user": operator.executions(hers.photos["private"])[0]["name"]},
        "owner": {"another user": ada.owner_id},
        "user": {"not listed": ada.owner_id, "oneself, not listed": eve.owner_id},
    }


def signed_out(person):
    """A refresh token of a sign-in that has ended."""
    answer = person.api.post("/auth/signin", person.credentials).json()
    person.api.secrets.keep(answer["id_token"])
    token = person.api.secrets.keep(answer["refresh_token"])
    assert person.api.post("/auth/signout", {"refresh_token": token}).status_code == 204
    return token


@pytest.fixture(scope="module")
def cursors(ada, eve, olga, hers, own, listed):
    """One of each list, of both users and with filters."""
    for image_id in [ada.upload(b"no picture") for _ in range(2)]:
        assert ada.wait(image_id)["status"] == "rejected"
    of_ada, of_eve = f"/albums/{hers.albums['public']}", f"/albums/{own['album'][0]}"
    pages = {
        "ada /images": (ada, "/images?"), "ada /albums": (ada, "/albums?"),
        "ada /images/public": (ada, "/images/public?"), "ada album": (ada, f"{of_ada}/images?"),
        "ada links": (ada, f"{of_ada}/links?"), "ada /shared": (ada, f"/shared/{hers.links['good']['token']}?"),
        "ada another link": (ada, f"/shared/{hers.links['another']['token']}?"),
        "eve /images": (eve, "/images?"), "eve filtered": (eve, "/images?status=awaiting_upload&"),
        "eve /albums": (eve, "/albums?"), "eve /images/public": (eve, "/images/public?"),
        "eve album": (eve, f"{of_eve}/images?"), "eve links": (eve, f"{of_eve}/links?"),
        "eve of another": (eve, f"/users/{listed.owner_id}/images?"),
        "ada of another": (ada, f"/users/{listed.owner_id}/images?"),
        "olga /ops/executions": (olga, "/ops/executions?"),
        "olga /ops/rejected": (olga, "/ops/rejected?"),
    }
    return {label: next_cursor(person, path) for label, (person, path) in pages.items()}


def next_cursor(person, path):
    """Of a list of at least two, once an index that follows the table shows both."""
    def page():
        page = ask(person, "GET", f"{path}limit=1", status=200).json()
        for item in page["items"]:
            for variant in item.get("variants", {}).values():
                person.api.secrets.keep_signature(variant["url"])
            if "url" in item:
                person.api.secrets.keep(item["url"].removeprefix("shared/"))
        return page.get("next_cursor")

    return until(page, f"a second page of {path}", 10)


def request(place, value, good, asked=""):
    """The request with this value in this place, and with the caller's things in the others."""
    operation = place.operation
    names = {"name": "uploads"} | good | ({place.name: value} if place.where == "path" else {})
    path = operation.path.format(**names) if "{" in operation.path else operation.path
    query = required_query(operation) | ({place.name: value} if place.where == "query" else {})
    asked = "&".join([asked] * bool(asked) + [f"{name}={said}" for name, said in query.items()])
    body = filled(example(operation), good) if operation.body else None
    if place.where == "body":
        put(body, place.name, value)
    return f"{path}?{asked}" if asked else path, {} if body is None else {"json": body}


def filled(node, good):
    """The file's example, of the caller's things."""
    if isinstance(node, dict):
        return {name: [good["image_id"]] if name == "image_ids" else good.get(name) or filled(inner, good)
                for name, inner in node.items()}
    return [filled(each, good) for each in node] if isinstance(node, list) else node


def put(body, name, value):
    head, _, rest = name.partition(".")
    key = head.removesuffix("[]")
    if rest:
        put(body[key][0], rest, value)
    else:
        body[key] = [value] if head != key else value


def apart(answer, value, other, other_value):
    """The parts that differ of two answers, but for the values themselves: status, body, and each header."""
    one, another = essence(answer, value), essence(other, other_value)
    return {part: (one.get(part), another.get(part)) for part in one | another if one.get(part) != another.get(part)}


def essence(answer, value):
    headers = {name.lower(): said for name, said in answer.headers.items() if name.lower() not in OF_THE_REQUEST}
    return headers | {"status": answer.status_code, "body": plain(answer.text).replace(value, "…")}


def ways(place):
    """Each other parameter of the query, as it may be and as none may be."""
    for said in place.operation.parameters:
        # Ids stand alone: a request with another parameter beside them is refused.
        if said["in"] == "query" and said["name"] not in ("ids", place.name) and place.name != "ids":
            fair = DOCUMENT.resolve(said["schema"]).get("enum", [FAIR.get(said["name"])])[0]
            yield from (f"{said['name']}={value}" for value in (fair, "tomorrow!") if value)


def tried(*kinds, where=lambda place: True):
    found = [place for place in places() if place.kind in kinds and where(place)]
    return pytest.mark.parametrize("place", found, ids=str)


def answered(person, operation, path, body):
    return person.api.call(operation.method, path, token=None if operation.public else person.id_token, **body)


def differences(person, place, labels, good, asked=""):
    """The labels whose answer is not that of what never was, which is a refusal."""
    operation, unknown = place.operation, nowhere(place.kind)
    nothing = answered(person, operation, *request(place, unknown, good, asked))
    if str(place) in LEAVES_OUT and nothing.ok:
        assert [item["result"] for item in nothing.json()["items"]] in ([], ["not_found"])
    elif operation.name == "POST /auth/signout":
        assert nothing.status_code == 204, "there is nothing to end"
    else:
        assert problem(nothing)[0] in (404, 400, 401)
    for label, value in labels.items():
        answer = answered(person, operation, *request(place, value, good, asked))
        if found := apart(answer, value, nothing, unknown):
            yield label, asked, found


# ----------------------------------------------------------------------------------------------------------- the tables


@tried("image", "album", "link", "token", "execution", "owner", "user")
def test_r33_r59_it_answers_as_what_never_was(eve, before, foreign, good, place):
    labels = foreign[place.kind]
    if place.operation.name in SHOWS_WHAT_IS_PUBLIC:
        labels = {label: value for label, value in labels.items() if not label.startswith("public")}
    if place.kind == "owner":
        good = good | {"image_id": foreign["image"]["private"]}
    assert labels
    assert list(differences(eve, place, labels, good)) == []
    some = dict(list(labels.items())[:2])
    assert [each for asked in ways(place) for each in differences(eve, place, some, good, asked)] == []


# The list where each is good, asked by its user.
GOOD_THERE = {
    "GET /images": "eve /images", "GET /images/public": "eve /images/public", "GET /albums": "eve /albums",
    "GET /albums/{album_id}/images": "eve album", "GET /albums/{album_id}/links": "eve links",
    "GET /users/{user_id}/images": "eve of another", "GET /shared/{token}": "ada /shared",
    "GET /ops/executions": "olga /ops/executions", "GET /ops/rejected": "olga /ops/rejected",
}


@tried("cursor")
def test_r37_r59_a_cursor_is_good_where_it_was_given(eve, olga, hers, foreign, good, place):
    caller, mine = olga if "/ops/" in place.operation.path else eve, GOOD_THERE[place.operation.name]
    good = good | {"token": hers.links["good"]["token"]}
    page = answered(caller, place.operation, *request(place, foreign["cursor"][mine], good))
    assert page.status_code == 200, page.text
    labels = {label: cursor for label, cursor in foreign["cursor"].items() if label != mine}
    assert list(differences(caller, place, labels, good)) == []


@tried("session")
def test_r35_a_sign_in_that_has_ended_answers_as_one_that_never_was(eve, foreign, good, place):
    assert list(differences(eve, place, foreign["session"], good)) == []


@tried("image", "album", "link", "user",
       where=lambda place: place.where == "path" and "/ops/" not in place.operation.path)
def test_r33_an_operator_sees_no_more_of_other_users(olga, foreign, good, place):
    labels = {label: value for label, value in foreign[place.kind].items() if not label.startswith("public")}
    assert list(differences(olga, place, labels, good)) == []


def test_r33_who_knows_the_etag_learns_no_more(ada, eve, hers):
    private = hers.photos["private"]
    etag = ada.look(private).headers["etag"]
    for known in (etag, f"W/{etag}", "*"):
        asked = {"If-None-Match": known}
        assert ada.look(private, **asked).status_code == 304
        unknown = str(uuid.uuid4())
        foreign, nothing = eve.look(private, **asked), eve.look(unknown, **asked)
        assert problem(foreign) == NOT_FOUND
        assert apart(foreign, private, nothing, unknown) == {}


def test_r59_what_others_are_shown_names_no_user(api, ada, eve, hers):
    """A photo, an album and a link that are open to others, of a user who does not list their profile."""
    name = f"Ada {uuid.uuid4()}"
    assert ask(ada, "PUT", "/me", {"display_name": name}).json()["display_name"] == name
    album = f"/albums/{hers.albums['public']}"
    shown = [ask(eve, "GET", path, status=200) for path in (
        f"/image/{hers.photos['public']}", album, f"{album}/images", "/images/public?limit=100", "/me")]
    shown.append(api.call("GET", f"/shared/{hers.links['good']['token']}"))
    for answer in shown:
        assert answer.status_code == 200
        for secret in (name, ada.email, ada.owner_id, "photo.jpg", hers.photos["private"]):
            assert secret not in answer.text


def test_r33_and_all_of_it_is_as_it_was(hers, before):
    assert hers.state() == before
