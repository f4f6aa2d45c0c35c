"""`make reindex`: the places of the items, and the conditions of the writes. The end-to-end tests check the indexes."""

import pytest

from darkroom.deploy.reindex import SHARDS, change, places

IMAGE = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e13"
ALBUM = "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21"
NOT_REJECTED = {"rejected": None, "rejected_id": None}


def item(sk, **attributes):
    return {"pk": {"S": "USER#ada"}, "sk": {"S": sk}} | {name: {"S": value} for name, value in attributes.items()}


def photo(**attributes):
    return item(f"IMAGE#{IMAGE}", image_id=IMAGE, **attributes)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (photo(status="ready"), {"ready_id": IMAGE, "public_shard": None, "unfinished": None, **NOT_REJECTED}),
        (photo(status="ready", visibility="public"),
         {"ready_id": IMAGE, "public_shard": "shard-3", "unfinished": None, **NOT_REJECTED}),
        (photo(status="rejected", visibility="public", updated_at="2026"),
         {"ready_id": None, "public_shard": "shard-3", "unfinished": None, "rejected": "shard-3",
          "rejected_id": f"2026#{IMAGE}"}),
        (photo(status="rejected", rejected="shard-0") | {"outcome": {"M": {"at": {"S": "2025"}}}},
         {"ready_id": None, "public_shard": None, "unfinished": None, "rejected": "shard-0",
          "rejected_id": f"2025#{IMAGE}"}),
        (photo(status="rejected", original_removed_at="2026"),
         {"ready_id": None, "public_shard": None, "unfinished": None, **NOT_REJECTED}),
        *[(photo(status=status), {"ready_id": None, "public_shard": None, "unfinished": "shard-3", **NOT_REJECTED})
          for status in ("awaiting_upload", "processing", "deleting")],
        (item(f"ALBUM#{ALBUM}", seen_by="public"), {"album_id": ALBUM, "image_id": "itself", "visibility": None}),
        (item(f"ALBUM#{ALBUM}", seen_by="link"), {"album_id": None, "image_id": None, "visibility": None}),
        (item("PROFILE", display_name="Ada"), {}),
        (item(f"LINK#{ALBUM}#{IMAGE}"), {}),
    ],
)
def test_each_item_has_its_places(found, wanted):
    assert SHARDS == 4 and places(found) == wanted


def test_a_closed_album_is_in_no_index():
    closed = item(f"ALBUM#{ALBUM}", seen_by="public") | {"deleting": {"BOOL": True}}
    assert places(closed)["album_id"] is None


def test_what_is_as_it_should_be_is_not_written():
    ready = photo(status="ready", ready_id=IMAGE, visibility="public", public_shard="shard-3")
    assert change(ready) is None and change(item("PROFILE")) is None
    assert change(item(f"ALBUM#{ALBUM}", seen_by="private")) is None


def test_what_is_not_is_written_if_it_is_still_as_it_was_read():
    asked = change(photo(status="ready", visibility="public"))
    assert asked["Key"] == {"pk": {"S": "USER#ada"}, "sk": {"S": f"IMAGE#{IMAGE}"}}
    assert asked["UpdateExpression"] == "SET #ready_id = :new_ready_id, #public_shard = :new_public_shard"
    for condition in ("#status = :old_status", "#visibility = :old_visibility", "attribute_not_exists(#ready_id)",
                      "attribute_exists(pk)"):
        assert condition in asked["ConditionExpression"].split(" AND ")
    assert asked["ExpressionAttributeValues"][":old_status"] == {"S": "ready"}
    assert asked["ExpressionAttributeValues"][":new_public_shard"] == {"S": "shard-3"}


def test_a_photo_of_an_earlier_release_gets_its_bytes_if_it_is_still_the_same():
    def of(*sizes):
        return {"M": {f"size-{size}": {"M": {"bytes": {"N": str(size)}}} for size in sizes}}
    ready = photo(status="ready", ready_id=IMAGE) | {
        "source": {"M": {"bytes": {"N": "100"}}}, "variants": of(7, 30), "facts": {"M": {"phash": {"S": "0f"}}}}
    asked = change(ready)
    assert asked["UpdateExpression"] == "SET #facts.#stored_bytes = :stored_bytes"
    assert asked["ExpressionAttributeValues"][":stored_bytes"] == {"N": "137"}
    assert {"#facts = :old_facts", "#variants = :old_variants"} <= set(asked["ConditionExpression"].split(" AND "))
    counted = ready | {"facts": {"M": {"stored_bytes": {"N": "137"}}}}
    assert change(counted) is None
    assert change(counted | {"status": {"S": "failed"}})["UpdateExpression"] == "REMOVE #ready_id"


def test_an_album_leaves_the_place_of_an_earlier_release():
    asked = change(item(f"ALBUM#{ALBUM}", seen_by="public", visibility="album", image_id=ALBUM))
    assert asked["UpdateExpression"] == ("SET #album_id = :new_album_id, #image_id = :new_image_id "
                                         "REMOVE #visibility")
