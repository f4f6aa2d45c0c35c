"""`make chaos`: photos flow while calls between functions and AWS fail, workers are killed, messages come twice,
garbage lies in the queue and photos are deleted in mid-flight. Then the faults stop, and each photo is judged.

    make chaos PHOTOS=500 SEED=1

The engine's faults (tools/darkroom/stack/engine_faults.py) and the saboteur below draw from the seed. Their moments
depend on the machine too, so a seed gives the same mixture and not the same moments.
"""

import os
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.judge import Judge
from tests.chaos.saboteur import Saboteur
from tests.support import photos
from tests.support.client import Api, Secrets, put
from tests.support.operations import Operator
from tests.support.running_stack import RunningStack

ROOT = Path(__file__).resolve().parents[2]
PHOTOS, SEED = int(os.environ.get("PHOTOS") or 500), int(os.environ["DARKROOM_FAULTS"])
AT_ONCE = 8
PHOTO = photos.fixture("4-4-4.jpg")
NOT_A_PHOTO = b"\xff\xd8\xff\xe0 but nothing of a JPEG behind it"
NO_PHOTOS, DELETED = 0.06, 0.08  # shares of the uploads
TRIES = 12
DECIDED_S = 900


class ApiOfMortals(Api):
    """For a function that died, the engine's gateway answers in its own words. AWS's says what the gateway_responses of
    terraform/modules/api say, which a test of that module holds."""

    def faults(self, method, path, answer):
        if answer.status_code == 502 and answer.json().keys() == {"message"}:
            return []
        return super().faults(method, path, answer)


def main():
    stack = RunningStack(ROOT / os.environ["DARKROOM_STACK"])
    api, operator = ApiOfMortals(stack["api_url"], stack["mailbox_url"], Secrets()), Operator(stack)
    chance = random.Random(SEED)
    crowd = [api.newcomer(f"chaos-{number}") for number in range(4)]
    saboteur = Saboteur(stack, operator, random.Random(SEED + 1))
    judge = Judge(operator)
    began = time.monotonic()
    saboteur.faults(on=True)
    trouble = threading.Thread(target=saboteur.work)
    trouble.start()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number in range(PHOTOS):
                pool.submit(one_photo, crowd[number % len(crowd)], number, chance.random(), judge, saboteur)
    finally:
        saboteur.stop()
        trouble.join()
        done = saboteur.faults(on=False)
    print(f"{PHOTOS} photos sent in {time.monotonic() - began:.0f} s, seed {SEED}")
    for what, number in sorted((Counter(done) + saboteur.done).items()):
        print(f"{number:6}  {what}")
    judge.wait(DECIDED_S, saboteur)
    print(f"all decided {time.monotonic() - began:.0f} s after the first: {dict(judge.outcomes())}")
    faults = judge.faults(saboteur)
    print("\n".join(faults) if faults else "none lost, none doubled, nothing left of what was deleted")
    return int(bool(faults))


def one_photo(person, number, dice, judge, saboteur):
    """Sends as a client does: tries again after a 5xx, and takes 412 for the success of a try whose answer was lost."""
    is_photo = dice >= NO_PHOTOS
    content = photos.numbered(PHOTO, number) if is_photo else NOT_A_PHOTO + str(number).encode()
    try:
        key = {"Idempotency-Key": f"chaos-{SEED}-{number}"}
        call = lambda: person.api.post("/upload", asked(content), token=person.id_token, headers=key)  # noqa: E731
        ticket = persist(call, {200, 201}).json()
        image_id = ticket["image_id"]
        judge.expect(person, image_id, "ready" if is_photo else "rejected")
        persist(lambda: put(ticket, content), {200, 412})
        saboteur.seen(person.owner_id, image_id)
        if NO_PHOTOS <= dice < NO_PHOTOS + DELETED:
            time.sleep(dice * 20)
            # 404: a delete whose answer was lost. 409: the photo is being developed, come back.
            persist(lambda: person.api.call("DELETE", f"/image/{image_id}", token=person.id_token), {204, 404})
            judge.expect(person, image_id, "deleted")
    except Exception as reason:  # told by the judge, beside all others
        judge.complain(f"photo {number}: {type(reason).__name__}: {reason}")


def asked(content):
    return {"filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": len(content)}


def persist(call, wanted):
    for attempt in range(TRIES):
        try:
            answer = call()
        except OSError:  # the connection broke
            answer = None
        if answer is not None and answer.status_code in wanted:
            return answer
        told = answer is not None and (answer.status_code, answer.text[:300])
        assert answer is None or answer.status_code in {409, 429, 500, 502, 503, 504}, told
        time.sleep(min(0.3 * 2**attempt, 5))
    raise AssertionError(f"still not after {TRIES} tries: {told}")


if __name__ == "__main__":
    sys.exit(main())
