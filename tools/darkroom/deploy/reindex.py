"""`make reindex ENV=x`: gives each record its place in the table's indexes, and what they show of it, after a release
that changed either.

Reads every item and corrects the wrong ones, on the condition that the item is still as it was read: an item that
changes meanwhile is written by the code that changes it. May be repeated; the environment works meanwhile.
"""
import argparse
import re
import sys
import uuid

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import console
from darkroom.console import Step, say
from darkroom.deploy.environment import Environment
from darkroom.deploy.root import Root
from darkroom.paths import REPOSITORY, Stack

SHARDS = int(re.search(r"const COUNT: u8 = (\d+);",
                       (REPOSITORY / "src/domain/shard.rs").read_text(encoding="utf-8"))[1])
Item = dict[str, dict]


def places(item: Item) -> dict[str, str | None]:
    """The attributes that put this item into indexes, as they should be; None for one that must not be there."""
    kind, _, name = item["sk"]["S"].partition("#")
    if kind == "IMAGE":
        status, shard = text(item, "status"), f"shard-{uuid.UUID(name).int % SHARDS}"
        return {"ready_id": name if status == "ready" else None,
                "public_shard": shard if text(item, "visibility") == "public" else None,
                "unfinished": shard if status in {"awaiting_upload", "processing", "deleting"} else None,
                **quarantine(item, name, shard if status == "rejected" and "original_removed_at" not in item else None)}
    if kind == "ALBUM":
        public = text(item, "seen_by") == "public" and "deleting" not in item
        return {"album_id": name if public else None, "image_id": "itself" if public else None, "visibility": None}
    return {}


def uncounted(item: Item) -> int | None:
    """The bytes of a ready photo, original and variants, if its facts lack them (ADR 58)."""
    facts = item.get("facts", {}).get("M", {})
    if text(item, "status") != "ready" or not facts or "stored_bytes" in facts:
        return None
    files = [item.get("source", {}), *item.get("variants", {}).get("M", {}).values()]
    return sum(int(file.get("M", {}).get("bytes", {}).get("N", 0)) for file in files)


def quarantine(item: Item, name: str, shard: str | None) -> dict[str, str | None]:
    """The place of a rejected photo. The state machine chooses the shard, so that any is right."""
    at = item.get("outcome", {}).get("M", {}).get("at", {}).get("S") or text(item, "updated_at")
    return {"rejected": shard and (text(item, "rejected") or shard), "rejected_id": shard and f"{at}#{name}"}


def change(item: Item) -> dict | None:
    """The arguments of the UpdateItem that corrects the item; nothing if it is right."""
    wrong = {name: value for name, value in places(item).items() if text(item, name) != value}
    stored = uncounted(item)
    if not wrong and stored is None:
        return None
    sets = [name for name, value in wrong.items() if value is not None]
    removes = [name for name, value in wrong.items() if value is None]
    settings = [f"#{name} = :new_{name}" for name in sets]
    # The attributes that decide about the places, and the places themselves.
    looked_at = {*wrong, "status", "visibility", "seen_by", "deleting"}
    names, values = {}, {}
    if stored is not None:
        settings.append("#facts.#stored_bytes = :stored_bytes")
        looked_at |= {"facts", "variants"}
        names, values = {"#stored_bytes": "stored_bytes"}, {":stored_bytes": {"N": str(stored)}}
    expression = [f"{verb} {', '.join(parts)}" for verb, parts in
                  (("SET", settings), ("REMOVE", [f"#{name}" for name in removes])) if parts]
    unchanged = [f"#{name} = :old_{name}" if name in item else f"attribute_not_exists(#{name})"
                 for name in sorted(looked_at)]
    return {
        "Key": {"pk": item["pk"], "sk": item["sk"]},
        "UpdateExpression": " ".join(expression),
        "ConditionExpression": " AND ".join(["attribute_exists(pk)", *unchanged]),
        "ExpressionAttributeNames": {f"#{name}": name for name in looked_at} | names,
        "ExpressionAttributeValues": values | {f":new_{name}": {"S": wrong[name]} for name in sets}
        | {f":old_{name}": item[name] for name in looked_at if name in item},
    }


def text(item: Item, name: str) -> str | None:
    return item.get(name, {}).get("S")


def reindex(client, table: str, tell=lambda looked, written: None) -> tuple[int, int]:
    """How many items were looked at, and how many written."""
    looked = written = 0
    for page in client.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            looked += 1
            if asked := change(item):
                try:
                    client.update_item(TableName=table, **asked)
                    written += 1
                except client.exceptions.ConditionalCheckFailedException:
                    pass  # changed meanwhile, by code that knows the places
        tell(looked, written)
    return looked, written


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="darkroom.deploy.reindex", description=__doc__.splitlines()[0])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    root = Root(parser.parse_args(argv).env, Stack.from_environment())
    environment = Environment(root)
    with Step(f"Reindexing {root.name}") as step:
        def note(looked, written):
            step.note = f"{looked} items"
        looked, written = reindex(environment.client("dynamodb"), root.outputs()["images_table"], note)
    say(f"{looked} items, {written} of them corrected.")


if __name__ == "__main__":
    console.run(main, sys.argv[1:], known=(ClientError, BotoCoreError))
