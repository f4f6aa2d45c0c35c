"""statemachine/rerender.asl.json: its file, and its behaviour. What happens to a photo runs on both interpreters, as a
machine of its own; the whole machine, with pages in a bucket, on the local engine, which knows Distributed Map."""

import json
import re
import uuid

import pytest

import machine_harness as harness
from test_machine_lint import LINTERS

DEFINITION = harness.REPOSITORY / "statemachine" / "rerender.asl.json"
NAMES = ["rerender", "resize", "watermark"]
VARIABLES = {
    f"{name}_arn": f"arn:aws:lambda:{harness.REGION}:{harness.ACCOUNT}:function:{name}:live" for name in NAMES
} | {"images_bucket": "rerendered", "images_table": "images", "at_once": "4"}
FUNCTIONS = json.loads((harness.REPOSITORY / "settings" / "functions.json").read_text())["functions"]


def rendered():
    return re.sub(r"\$\{(\w+)\}", lambda found: VARIABLES[found[1]], DEFINITION.read_text())


MACHINE = json.loads(rendered())
RENDER = MACHINE["States"]["Render photos"]
ITEM = RENDER["ItemProcessor"]
OF_A_PHOTO = {name: ITEM[name] for name in ("StartAt", "States")}
TASKS = {name: state for name, state in (MACHINE["States"] | ITEM["States"]).items() if state["Type"] == "Task"}
CALLS = {name: state for name, state in TASKS.items() if "lambda:invoke" in state["Resource"]}
HAPPY = [
    "Visit photo",
    "Is it to be made?",
    "Take the order",
    "Create variants",
    "Apply watermark",
    "Publish variants",
    "Photo rendered",
]


# ------------------------------------------------------------------------------------------------------------ the file


def test_the_template_asks_for_what_terraform_gives_and_nothing_else():
    assert set(re.findall(r"\$\{(.*?)\}", DEFINITION.read_text())) == set(VARIABLES)


@LINTERS
@pytest.mark.parametrize("part", ["the machine", "what happens to a photo"])
def test_it_is_clean(linter, part, tmp_path):
    machine = json.loads(rendered())
    # Fields of AWS that the States Language does not have, and these linters do not know:
    # https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    del machine["States"]["Render photos"]["Label"]
    del machine["States"]["Render photos"]["ItemReader"]["ReaderConfig"]
    path = tmp_path / "machine.json"
    path.write_text(json.dumps(machine if part == "the machine" else OF_A_PHOTO))
    ran = linter(path)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_machine_and_every_state_explain_themselves():
    for name, state in {"the machine": MACHINE, **MACHINE["States"], **ITEM["States"]}.items():
        assert len(state.get("Comment", "").split()) >= 15, name
    for name in TASKS:
        assert "If it fails" in TASKS[name]["Comment"] or "If this fails" in TASKS[name]["Comment"], name


def test_r12_nothing_hangs():
    assert MACHINE["TimeoutSeconds"] > 0
    for name, state in TASKS.items():
        assert isinstance(state.get("TimeoutSeconds"), int), name
    for state in CALLS.values():
        function = state["Parameters"]["FunctionName"].split(":")[-2]
        assert 10 < state["TimeoutSeconds"] - FUNCTIONS[function]["timeout_s"] <= 20


def test_r13_each_call_is_repeated_after_what_passes_and_after_nothing_else():
    repeated = [{name for retrier in state["Retry"] for name in retrier["ErrorEquals"]} for state in CALLS.values()]
    assert {*harness.names_in_the_catalogue("Transient"), "Lambda.TooManyRequestsException"} <= repeated[0]
    assert all(names == repeated[0] for names in repeated)
    assert not repeated[0] & {*harness.names_in_the_catalogue("Image"), *harness.names_in_the_catalogue("Worker")}


def test_a_photo_ends_by_itself_within_the_five_minutes_of_an_express_execution():
    """Every call works on its second attempt, after the longest first wait; a throttle may last for a minute."""
    assert ITEM["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    path = [ITEM["States"][name] for name in HAPPY if name in CALLS]
    functions = [FUNCTIONS[state["Parameters"]["FunctionName"].split(":")[-2]]["timeout_s"] for state in path]
    assert sum(functions) + ITEM["States"]["Publish variants"]["TimeoutSeconds"] + 60 < 300


def test_uploads_find_room_and_a_tenth_may_fail():
    assert RENDER["MaxConcurrency"] == 4
    assert RENDER["ToleratedFailurePercentage"] == 10
    assert RENDER["ResultWriter"]["Parameters"]["Prefix.$"].startswith("States.Format('rerenders/")


def test_r40_a_record_moves_in_one_write_and_only_if_it_is_still_that_photo():
    publish = ITEM["States"]["Publish variants"]["Parameters"]
    assert publish["ConditionExpression"] == "attribute_exists(pk) AND version_id = :version_id AND #status = :ready"
    changed = set(re.findall(r"([#\w]+) = :", publish["UpdateExpression"]))
    assert changed == {"#source", "facts", "variants", "rerendered", "updated_at"}, "no status, no index, no outcome"
    writes = [name for name, state in TASKS.items() if "dynamodb" in state["Resource"]]
    assert writes == ["Publish variants", "Write failure down"]
    failure = ITEM["States"]["Write failure down"]["Parameters"]["Item"]
    assert failure["pk"]["S.$"].startswith("States.Format('OPS#RERENDER#"), "never a photo's record"
    assert "image_id" not in failure, "or it would stand in the index of images"


def test_every_error_of_a_photo_is_caught():
    for name, state in TASKS.items():
        if name != "List photos":
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name


# ------------------------------------------------------------------------------------------------------------ a photo


def photo_of(world, status="ready", **script):
    photo = world.photo(**script)
    photo.put(status={"S": status}, ready_id={"S": photo.image_id})
    return photo


def item(photo, rerender="20260131-120007-request1"):
    """The input of a child, as the ItemSelector makes it."""
    visit = {"owner_id": photo.owner_id, "image_id": photo.image_id}
    return {
        "step": "visit",
        "rerender": rerender,
        "forget_at": "1777636807",
        "photo": visit,
        "work": RENDER["ItemSelector"]["work"],
    }


def run(engine, photo, **more):
    return engine.run(photo, OF_A_PHOTO, item(photo), f"-{uuid.uuid4().hex[:6]}", **more)


def failure(world, photo):
    key = {"pk": {"S": "OPS#RERENDER#20260131-120007-request1"}, "sk": {"S": f"FAILED#{photo.image_id}"}}
    return world.dynamodb.get_item(TableName="images", Key=key, ConsistentRead=True).get("Item")


def test_the_record_moves_to_the_new_variants_and_keeps_all_else(engine, world):
    photo = photo_of(world)
    before = photo.item()
    ran = run(engine, photo)
    assert (ran.status, ran.states) == ("SUCCEEDED", HAPPY), ran.cause
    after = photo.item()
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {"source", "facts", "variants", "rerendered", "updated_at"}
    assert after["rerendered"]["M"]["by"] == {"S": "20260131-120007-request1"}
    assert after["rerendered"]["M"]["at"] == after["updated_at"]
    assert set(after["variants"]["M"]) == {"thumbnail", "small", "medium", "large"}
    assert photo.asked("validate") == [], "its header was validated when it was uploaded"
    assert run(engine, photo).status == "SUCCEEDED", "a second time changes nothing but the times"
    again = photo.item()
    assert again["variants"] == after["variants"]


def test_a_photo_that_is_passed_over_is_not_touched(engine, world):
    photo = photo_of(world, **{"pass": True})
    before = photo.item()
    ran = run(engine, photo)
    assert (ran.status, ran.states[-1]) == ("SUCCEEDED", "Photo passed over")
    assert (photo.item(), photo.asked("resize")) == (before, [])


@pytest.mark.parametrize("meanwhile", ["deleted", "newer version", "processing"])
def test_r40_a_newer_upload_and_a_deletion_win(engine, world, meanwhile):
    photo = photo_of(world, status="processing" if meanwhile == "processing" else "ready")
    if meanwhile == "deleted":
        photo.delete()
    if meanwhile == "newer version":
        photo.put(status={"S": "ready"}, version_id={"S": "version-2"})
    before = photo.item()
    ran = run(engine, photo)
    assert (ran.status, ran.states[-2:]) == ("SUCCEEDED", ["Discard variants", "Photo passed over"])
    assert photo.item() == before
    visit, discard = photo.asked("rerender")
    assert (visit["step"], discard["step"]) == ("visit", "discard")
    assert discard["order"]["source"]["version_id"] == "version-1"


@pytest.mark.parametrize("stage", ["rerender", "resize", "watermark"])
@pytest.mark.parametrize("error", ["Image.Corrupt", "Worker.Bug"])
def test_a_photo_that_fails_stays_ready_and_is_named(engine, world, stage, error):
    photo = photo_of(world, **{stage: [error]})
    before = photo.item()
    ran = run(engine, photo)
    assert (ran.status, ran.error) == ("FAILED", error)
    assert photo.item() == before
    named = failure(world, photo)
    assert named["code"] == {"S": error}
    assert named["stage"] == {"S": "visit" if stage == "rerender" else stage}
    assert (named["failed_image"], named["expires_at"]) == ({"S": photo.image_id}, {"N": "1777636807"})


def test_r13_what_passes_is_tried_again(engine, world):
    photo = photo_of(world, **{stage: ["Transient.Storage", "Runtime.ExitError"] for stage in NAMES})
    ran = run(engine, photo)
    assert ran.status == "SUCCEEDED", ran.cause
    assert [len(photo.asked(stage)) for stage in NAMES] == [3, 3, 3]


def test_r57_stale_pixels_are_made_again(engine, world):
    photo = photo_of(world, watermark=["Transient.StaleWork"] * 4)
    ran = run(engine, photo)
    assert ran.status == "SUCCEEDED", ran.cause
    assert ran.states.count("Create variants") == 2
    assert [order["stage"] for order in photo.asked("resize")] == ["resize", "resize"]


# -------------------------------------------------------------------------------------------------- the whole machine


def test_all_pages_are_visited_a_few_photos_at_a_time_and_one_may_fail(world, ministack_url):
    """moto's interpreter does not know LOAD_AND_FLATTEN."""
    engine, s3 = harness.Engine("ministack", ministack_url), harness.client("s3", ministack_url)
    s3.create_bucket(Bucket="rerendered")
    listing = world.photo()
    photos = [photo_of(world, **({"resize": ["Image.Corrupt"]} if number == 3 else {})) for number in range(11)]
    for page, part in enumerate((photos[:6], photos[6:])):
        lines = "".join(json.dumps({"owner_id": each.owner_id, "image_id": each.image_id}) + "\n" for each in part)
        s3.put_object(
            Bucket="rerendered", Key=f"rerenders/{listing.image_id}/pages/{page:08}.jsonl", Body=lines.encode()
        )
    asked = {
        "step": "list",
        "rerender": listing.image_id,
        "recipe": "r",
        "scope": {},
        "forget_at": "1777636807",
        "list": {"pages": 0, "photos": 0, "looked_at": 0, "behind": None, "is_done": False},
    }
    ran = engine.run(listing, MACHINE, asked)
    assert ran.status == "SUCCEEDED", ran.cause
    assert ran.states == ["List photos", "Are all listed?"] * 2 + ["Render photos"]
    assert sum("rerendered" in each.item() for each in photos) == 10
    (run_arn,) = [
        each["mapRunArn"] for each in engine.sfn.list_map_runs(executionArn=execution(engine, listing))["mapRuns"]
    ]
    told = engine.sfn.describe_map_run(mapRunArn=run_arn)
    assert (told["maxConcurrency"], told["itemCounts"]["succeeded"], told["itemCounts"]["failed"]) == (4, 10, 1)


def execution(engine, photo):
    machine = engine.machine(MACHINE)
    return f"{machine.replace(':stateMachine:', ':execution:')}:{photo.execution}"


def test_a_library_without_such_photos_ends_well(engine, world):
    photo = world.photo()
    source = json.loads(json.dumps(MACHINE))
    source["States"]["List photos"] = {
        "Type": "Pass",
        "Result": {"is_done": True, "pages": 0},
        "ResultPath": "$.list",
        "Next": "Are all listed?",
    }
    if engine.name == "moto":  # It does not know LOAD_AND_FLATTEN, and this path does not come to it.
        source["States"]["Render photos"] = {"Type": "Succeed"}
    ran = engine.run(photo, source, {"rerender": "n"}, "-none")
    assert (ran.status, ran.states[-1]) == ("SUCCEEDED", "Nothing to render")
