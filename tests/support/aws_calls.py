"""The AWS calls that the functions' code makes: tests/terraform/calls.json, recorded by the end-to-end tests.

The list names no environment, region, account, user pool or folder of a test's bucket: <env>, <region>, <account>,
<pool> and <folder> stand for them.
"""

import json
import pathlib
import re

REGION, ACCOUNT = "us-east-1", "000000000000"  # of the engine
# The end of the names that tests/e2e/test_runbook.py gives to a release which must fail: the policies refuse its calls.
NOT_OURS = "-of-others"
LIST = pathlib.Path(__file__).resolve().parents[1] / "terraform/calls.json"


def listed():
    return json.loads(LIST.read_text(encoding="utf-8"))


def written(calls):
    return "[\n" + ",\n".join(f"  {json.dumps(call)}" for call in calls) + "\n]\n"


def distilled(lines, key_names):
    """The lines that tools/darkroom/stack/recorder.py wrote, each kind of call once and as on any environment.

    `key_names`: by a key's ARN on the engine, what the key is for."""

    def general(text):
        text = re.sub(r"arn:aws:kms:\S+", lambda arn: f"arn:aws:kms:<region>:<account>:key/{key_names[arn[0]]}", text)
        text = re.sub(r"\buserpool/\S+", "userpool/<pool>", text)
        text = re.sub(r"(?<![\w-])[0-9a-f]{8}/", "<folder>/", text)  # of a run, in a bucket that is imported
        text = re.sub(r"(:(?:execution|mapRun):[^:]+):\S+", r"\1:*", text)  # one execution is like another
        text = text.replace("darkroom-local", "darkroom-<env>")
        return text.replace(REGION, "<region>").replace(ACCOUNT, "<account>")

    calls = {}
    for line in lines:
        call = json.loads(line)
        caller = re.search(r":assumed-role/darkroom-local-([a-z]+)/", call["caller"])
        if not caller:
            continue  # the tests themselves, an operator, Terraform
        if NOT_OURS in call["resource"]:
            continue
        found = {
            "function": caller[1],
            "action": call["action"],
            "resource": general(call["resource"]),
            "keys": {name: general(value) for name, value in call["keys"].items()},
            "link": call["link"],
        }
        calls[json.dumps(found)] = found
    return [calls[each] for each in sorted(calls)]
