"""The assumptions about AWS that only an account can settle, and what this run saw of each. docs/DEPLOY.md has the same
list, with the symptoms of a wrong one. A belief is seen, unseen (with the reason), or WRONG."""
import json

from darkroom.smoke.photo import Photo
from darkroom.smoke.report import SEEN, UNSEEN, WRONG, NotHere
from darkroom.smoke.target import Target
from darkroom.smoke.watch import Watch

# Harmless sentences that look like attacks to rules which look for <, .., SQL or addresses. The last one is too long
# for a caption: the function's refusal (400) tells that the firewall let a body of more than 8 KB through.
CAPTIONS = {
    "I <3 this; a < b and b > c": 200,
    "Anna & Paul, ../2019/lake, 50% off -- 'select' the best from where we met": 200,
    "http://169.254.169.254/ is no place for a photo; see https://example.com/?q=1": 200,
    "long " * 2000: 400,
}
LINKED = {"a sender of mail": "AWSServiceRoleForAmazonCognitoIdpEmailService",
          "a domain of the API": "AWSServiceRoleForAPIGateway"}
USUAL_CONCURRENCY = 1000
USUAL_REQUESTS = 10000


class Beliefs:
    def __init__(self, target: Target, watch: Watch):
        self.target, self.watch = target, watch

    def alias_executions(self) -> tuple[str, str]:
        """Step Functions takes on a role whose trust names the machine, for an execution that an alias started."""
        if alias := self.watch.execution.get("stateMachineAliasArn"):
            return SEEN, f"an execution through {alias.rpartition(':')[2]} took on its role"
        raise NotHere("the execution was not started through an alias")

    def trail(self) -> tuple[str, str]:
        """CloudTrail may write into the bucket of logs, with its key."""
        if not (trail := self.target.facts.get("trail_arn")):
            raise NotHere("this environment has no trail")
        status = self.target.client("cloudtrail").get_trail_status(Name=trail)
        if error := status.get("LatestDeliveryError"):
            return WRONG, f"the trail could not write: {error}"
        if delivered := status.get("LatestDeliveryTime"):
            return SEEN, f"the trail wrote last at {delivered:%Y-%m-%d %H:%M}"
        raise NotHere("the trail has written nothing yet: again in a quarter of an hour")

    def stream(self, image_id: str) -> tuple[str, str]:
        """Lambda reads the stream of a table that is encrypted with a key of ours."""
        return SEEN, self.watch.log_line("announce", image_id)

    def cloudfront_logs(self) -> tuple[str, str]:
        if not (logs := self.target.facts.get("edge_logs")):
            raise NotHere("this environment has no distribution, or no bucket of logs")
        bucket = logs["logs_bucket_arn"].rpartition(":")[2]
        found = self.target.client("s3").list_objects_v2(Bucket=bucket, Prefix="cloudfront/AWSLogs/", MaxKeys=1)
        if contents := found.get("Contents"):
            return SEEN, f"{contents[0]['Key']} was written"
        self.target.web.send("GET", self.target.facts["web_url"])  # something to write of
        raise NotHere("CloudFront has written nothing yet: again in an hour")

    def missing_version(self, order: dict) -> tuple[str, str]:
        """S3 says 404, and not 403, for a version that is gone, to a role that may list versions. `order` is of a photo
        that was deleted; the function alone is called, so no execution fails and no alarm rings."""
        answer = self.target.client("lambda").invoke(
            FunctionName=self.target.functions["validate"], Qualifier="live", Payload=json.dumps(order).encode())
        told = json.loads(answer["Payload"].read() or b"null") or {}
        if (error := told.get("errorType")) == "Image.Gone":
            return SEEN, "a version that was deleted is Image.Gone to its role"
        return WRONG, f"a version that was deleted is {error} to its role, not Image.Gone"

    def service_linked_roles(self) -> tuple[str, str]:
        pool = self.target.client("cognito-idp").describe_user_pool(UserPoolId=self.target.facts["user_pool_id"])
        sender = pool["UserPool"].get("EmailConfiguration", {}).get("EmailSendingAccount") == "DEVELOPER"
        domain = not self.target.local and ".execute-api." not in self.target.api_url
        wanted = [what for what, is_here in zip(LINKED, (sender, domain), strict=True) if is_here]
        if not wanted:
            raise NotHere("neither a sender of your own nor a domain of the API asks for one")
        for what in wanted:
            self.target.client("iam").get_role(RoleName=LINKED[what])
        return SEEN, f"there is the one of: {', '.join(wanted)}"

    def captions(self, photo: Photo) -> tuple[str, str]:
        """Managed rules of the firewall take captions for attacks; each blocked one would be an honest user's."""
        answers = {caption: photo.person.call("PATCH", f"/image/{photo.id}", {"caption": caption}).status
                   for caption in CAPTIONS}
        if refused := [caption for caption, status in answers.items() if status == 403]:
            return WRONG, f"the firewall refuses {'; '.join(repr(caption[:80]) for caption in refused)}"
        if answers != CAPTIONS:
            return WRONG, f"captions were answered {', '.join(map(str, answers.values()))}"
        if self.target.local or not self._firewall():
            raise NotHere(f"no firewall stands before this API, which took {len(CAPTIONS) - 1} captions")
        return SEEN, f"the firewall passed {len(CAPTIONS)} captions that look like attacks"

    def quotas(self) -> tuple[str, str]:
        limit = self.target.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        rate = self.target.client("apigateway").get_account()["throttleSettings"]["rateLimit"]
        reduced = limit < USUAL_CONCURRENCY or rate < USUAL_REQUESTS
        return SEEN, (f"{limit} Lambda executions at once, {rate:.0f} requests a second to all APIs: "
                      f"{'reduced, as new accounts have them' if reduced else 'the usual ones'}")

    def network_interfaces(self) -> tuple[str, str]:
        pages = self.target.client("ec2").get_paginator("describe_network_interfaces").paginate(
            Filters=[{"Name": "description", "Values": [f"AWS Lambda VPC ENI-{self.target.prefix}-*"]}])
        count = sum(len(page["NetworkInterfaces"]) for page in pages)
        return UNSEEN, f"only `make destroy` shows it; it would wait for {count} interfaces, up to 45 minutes"

    def _firewall(self) -> bool:
        facts = self.target.facts
        stage = f"arn:aws:apigateway:{facts['region']}::/restapis/{facts['api_id']}/stages/{facts['api_stage']}"
        return "WebACL" in self.target.client("wafv2").get_web_acl_for_resource(ResourceArn=stage)
