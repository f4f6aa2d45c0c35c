"""Darkroom as its operator meets it: executions, records, queues, buckets and logs, through the AWS SDK."""

import base64
import contextlib
import hashlib
import hmac
import json
import time
import uuid

from boto3.dynamodb.types import TypeDeserializer

from darkroom import aws
from darkroom.deploy import operators
from tests.support.waiting import until

# Part of every key that a test chooses, so that a run may follow another on the same stack.
RUN = uuid.uuid4().hex[:8]
HAPPY = ["Validate image", "Create variants", "Apply watermark", "Publish record"]
GOES_BACK = "the message goes back to the queue"
# A line is in the log that long after its time, on a machine however busy.
LOGGED_WITHIN_MS = 60_000
PLATFORM = ("INIT_START", "START RequestId", "END RequestId", "REPORT RequestId")


class Operator:
    def __init__(self, stack):
        self.stack = stack

        def client(service):
            return aws.client(service, region=stack["region"], endpoint=stack["aws_endpoint_url"],
                              max_pool_connections=32)

        self.sfn, self.dynamodb, self.sqs, self.s3 = map(client, ("stepfunctions", "dynamodb", "sqs", "s3"))
        self.logs, self.functions, self.cognito = map(client, ("logs", "lambda", "cognito-idp"))
        self.events = client("events")
        self._logs = {}  # by group: a time in milliseconds, and the lines before it

    # ------------------------------------------------------------------------------------------------------ accounts

    def access_token(self, person):
        """Tokens for a caller who may call Cognito with AWS credentials and read the client's secret."""
        names = {"UserPoolId": self.stack["user_pool_id"], "ClientId": self.stack["user_pool_client_id"]}
        secret = self.cognito.describe_user_pool_client(**names)["UserPoolClient"]["ClientSecret"]
        text = f"{person.email}{names['ClientId']}"
        proof = base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()
        parameters = {"USERNAME": person.email, "PASSWORD": person.password, "SECRET_HASH": proof}
        signed_in = self.cognito.admin_initiate_auth(
            **names, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=parameters)
        return signed_in["AuthenticationResult"]["AccessToken"]

    def promote(self, person):
        """From the next sign-in on, a user is an operator."""
        operators.switch(self.cognito, self.stack["user_pool_id"], person.email, on=True)

    # ------------------------------------------------------------------------------------------------------- records

    def record(self, image_id, owner_id="operator"):
        """The image's record as plain values, or None."""
        key = {"pk": {"S": f"USER#{owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}}
        item = self.dynamodb.get_item(TableName=self.stack["images_table"], Key=key, ConsistentRead=True).get("Item")
        return item and plain(item)

    def records_of(self, owner_id):
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.stack["images_table"], ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"USER#{owner_id}"}, ":sk": {"S": "IMAGE#"}},
        )
        return [plain(item) for page in pages for item in page["Items"]]

    def decided(self, image_id, owner_id="operator", seconds=60):
        """The record, once its status is final."""

        def final():
            record = self.record(image_id, owner_id)
            return record if record and record["status"] in ("ready", "rejected", "failed") else None

        return until(final, f"an outcome in the record of {image_id}", seconds)

    # ---------------------------------------------------------------------------------------------------- executions

    def all_executions(self):
        pages = self.sfn.get_paginator("list_executions").paginate(stateMachineArn=self.stack["state_machine_arn"])
        return [execution for page in pages for execution in page["executions"]]

    def executions(self, image_id):
        """The newest first. The list is read back to the time that the id of an upload tells: no execution is older."""
        found, born = [], made_at(image_id)
        pages = self.sfn.get_paginator("list_executions").paginate(
            stateMachineArn=self.stack["state_machine_arn"], PaginationConfig={"PageSize": 100 if born else 1000})
        for page in pages:
            found += [execution for execution in page["executions"] if execution["name"].startswith(image_id)]
            if page["executions"] and page["executions"][-1]["startDate"].timestamp() < born:
                break
        return found

    def execution(self, image_id):
        """The one execution of an image, ended, with its history."""
        found = self.executions(image_id)
        assert len(found) == 1, [execution["name"] for execution in found]
        arn = found[0]["executionArn"]

        def ended():
            told = self.sfn.describe_execution(executionArn=arn)
            return told if told["status"] != "RUNNING" else None

        told = until(ended, f"the end of {arn}", seconds=30)
        pages = self.sfn.get_paginator("get_execution_history").paginate(executionArn=arn)
        return Execution(told, [event for page in pages for event in page["events"]])

    # -------------------------------------------------------------------------------------------------------- queues

    def depth(self, queue_url):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
                 "ApproximateNumberOfMessagesDelayed"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def dead_letters(self):
        return sum(self.depth(self.stack[url]) for url in ("uploads_dlq_url", "webhooks_dlq_url", "erasures_dlq_url"))

    def acknowledged(self, *bodies):
        """Delivers messages and waits until they are gone from the queue; their ids. None of them went back."""
        before = self.depth(self.stack["uploads_queue_url"])
        ids = self.deliver(*bodies)
        until(lambda: self.depth(self.stack["uploads_queue_url"]) <= before, "the messages to be acknowledged")
        returned = {line["message_id"] for line in self.lines("orchestrator", message=GOES_BACK)}
        assert not returned & set(ids)
        return ids

    def deliver(self, *bodies):
        """Messages as S3 would put them into the queue, together; their ids."""
        entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        answer = self.sqs.send_message_batch(QueueUrl=self.stack["uploads_queue_url"], Entries=entries)
        assert not answer.get("Failed"), answer
        return [sent["MessageId"] for sent in answer["Successful"]]

    @contextlib.contextmanager
    def intake_paused(self):
        """Inside, messages stay in the queue; behind, they are handed out together."""
        queue = self.stack["uploads_queue_url"]
        arn = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        mapping = self.functions.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"][0]["UUID"]

        def switch(enabled):
            self.functions.update_event_source_mapping(UUID=mapping, Enabled=enabled)
            wanted = "Enabled" if enabled else "Disabled"
            state = lambda: self.functions.get_event_source_mapping(UUID=mapping)["State"]  # noqa: E731
            until(lambda: state() == wanted, f"the intake to be {wanted}")

        switch(False)
        try:
            yield
        finally:
            switch(True)

    def ask_for_erasure(self, owner_id, asked_at):
        """As the API writes it down."""
        body = json.dumps({"owner_id": owner_id, "asked_at": asked_at})
        self.sqs.send_message(QueueUrl=self.stack["erasures_queue_url"], MessageBody=body)

    # ------------------------------------------------------------------------------------------------------- storage

    def put_original(self, key, body, **more):
        """As `aws s3 cp` does; the id of the version."""
        return self.s3.put_object(Bucket=self.stack["originals_bucket"], Key=key, Body=body, **more)["VersionId"]

    def variant_versions(self, image_id):
        """Every version of every variant's object that was ever written."""
        found = self.s3.list_object_versions(Bucket=self.stack["images_bucket"], Prefix=f"variants/{image_id}/")
        return found.get("Versions", [])

    # ---------------------------------------------------------------------------------------------------------- logs

    def log_groups(self):
        pages = self.logs.get_paginator("describe_log_groups").paginate()
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    def raw_lines(self, group):
        """The lines of a function, without the platform's own. What is older than a minute is read once: a log grows
        all through the run, and tests look into it again and again."""
        before, old = self._logs.get(group, (0, []))
        now = int(time.time() * 1000)
        pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=before)
        read = [(event["timestamp"], line) for page in pages for event in page["events"]
                for line in event["message"].splitlines() if line.strip() and not line.startswith(PLATFORM)]
        known = max(before, now - LOGGED_WITHIN_MS)
        self._logs[group] = known, old + [line for at, line in read if at < known]
        return old + [line for _, line in read]

    def lines(self, function, **wanted):
        """The function's log lines with these fields."""
        group = f"/aws/lambda/{self.stack['functions'][function]}"
        lines = map(json.loads, self.raw_lines(group))
        return [line for line in lines if wanted.items() <= line.items()]

    def until_logged(self, function, count=1, **wanted):
        """The lines with these fields, once there are so many: a log is written behind what it tells of."""
        what = f"{count} lines of {function} with {wanted}"
        lines = until(lambda: found if len(found := self.lines(function, **wanted)) >= count else None, what, 30, 0.5)
        assert len(lines) == count, f"{len(lines)} instead of {what}"
        return lines


class Execution:
    """One execution that has ended, as its history tells it."""

    def __init__(self, told, events):
        self.name, self.status = told["name"], told["status"]
        self.error, self.input_text = told.get("error"), told["input"]
        self.events = events

    @property
    def states(self):
        return [event["stateEnteredEventDetails"]["name"] for event in self.events
                if "stateEnteredEventDetails" in event]

    @property
    def payloads(self):
        """Every state's input and output."""
        entered = [e["stateEnteredEventDetails"]["input"] for e in self.events if "stateEnteredEventDetails" in e]
        left = [e["stateExitedEventDetails"]["output"] for e in self.events if "stateExitedEventDetails" in e]
        return entered + left

    def within(self, state):
        """The events between a state's beginning and the next one's."""
        inside = []
        here = False
        for event in self.events:
            if "stateEnteredEventDetails" in event:
                here = event["stateEnteredEventDetails"]["name"] == state
            elif here:
                inside.append(event)
        return inside

    def failures(self, state):
        """The errors of the attempts that failed, in their order."""
        return [event["taskFailedEventDetails"]["error"] for event in self.within(state)
                if event["type"] == "TaskFailed"]


def plain(item):
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}


def made_at(image_id):
    """The time in an id of version 7, in seconds; that of an import tells none."""
    found = uuid.UUID(image_id)
    return (found.int >> 80) / 1000 if found.version == 7 else 0


def image_id_of_import(key):
    """The contract of imports: a UUIDv8 of the key's SHA-256, so that an operator can find the image of a file."""
    digest = bytearray(hashlib.sha256(key.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))
