"""The steps in their order, each with what it proves, and the cleaning up, which always runs."""
from contextlib import suppress

from darkroom.console import Failure
from darkroom.deploy import doctor
from darkroom.smoke.beliefs import Beliefs
from darkroom.smoke.person import Person
from darkroom.smoke.photo import Photo
from darkroom.smoke.report import KNOWN, Report
from darkroom.smoke.target import Target
from darkroom.smoke.watch import Watch
from darkroom.smoke.webhook import Webhook

GOOD, BAD, BAD_CODE = "dandelion.jpg", "text.jpg", "Image.Unsupported"
# Of `make doctor`, what a photo needs; the drift of Terraform takes minutes and is not among it.
QUESTIONS = (doctor.credentials, doctor.code, doctor.quotas, doctor.settings)


class Story:
    def __init__(self, target: Target, person: Person, webhook: Webhook, report: Report):
        self.target, self.person, self.webhook, self.report = target, person, webhook, report
        self.watch = Watch(target)
        self.beliefs = Beliefs(target, self.watch)
        self.photo, self.bad = Photo(person, GOOD), Photo(person, BAD)

    def tell(self) -> None:
        prove, settle = self.report.prove, self.report.settle
        try:
            prove("preflight", self.preflight)
            prove("account", self.person.open_account, "preflight")
            prove("webhook", self.webhook.set, "account")
            prove("photo", self.develop, "account")
            prove("variants", self.variants, "photo")
            prove("watermark", lambda: self.watch.steps_of(self.photo.execution), "photo")
            prove("rejection", self.rejection, "account")
            prove("event", lambda: self.webhook.told("Image Ready", self.photo.id), "webhook", "photo")
            prove("log", lambda: self.watch.log_line("resize", self.photo.id), "photo")
            prove("trace", lambda: self.watch.trace(self.photo.id), "photo")
            prove("alarms", self.watch.alarms, "preflight")
            settle("trust conditions under alias executions", self.beliefs.alias_executions, "watermark")
            settle("stream reads with a key of ours", lambda: self.beliefs.stream(self.photo.id), "photo")
            settle("managed rules and captions", lambda: self.beliefs.captions(self.photo), "photo")
            prove("deletion", self.deletion, "photo")
            settle("missing versions", self.missing_version, "watermark", "deletion")
            settle("CloudTrail's grants", self.beliefs.trail)
            settle("CloudFront's logs", self.beliefs.cloudfront_logs)
            settle("service-linked roles", self.beliefs.service_linked_roles)
            settle("quotas of new accounts", self.beliefs.quotas)
            settle("network interfaces at destroy", self.beliefs.network_interfaces)
        finally:
            prove("cleaning", self.clean, "account")
        self.report.tell_beliefs()

    def preflight(self) -> str:
        lines = [line for question in QUESTIONS for line in question(self.target.root)]
        if failed := [words for verdict, words in lines if verdict == "FAIL"]:
            raise Failure("\n".join(failed))
        answer = self.target.web.send("GET", f"{self.target.api_url}/health")
        if answer.status != 200:
            raise Failure(f"GET /health answered {answer}")
        return "\n".join([f"{self.target.api_url} answers", *(words for verdict, words in lines if verdict == "warn")])

    def develop(self) -> str:
        self.photo.develop()
        if self.photo.image["status"] != "ready":
            raise Failure(f"the photo is {self.photo.image['status']}: {self.photo.image['outcome'].get('code')}, "
                          f"execution {self.photo.execution}")
        return f"{GOOD} was sent by a ticket and is ready: image {self.photo.id}"

    def variants(self) -> str:
        return f"downloaded by link alone, as said in bytes and pixels: {', '.join(self.photo.variants())}"

    def rejection(self) -> str:
        self.bad.develop()
        told = (self.bad.image["status"], self.bad.image["outcome"].get("code"))
        if told != ("rejected", BAD_CODE):
            raise Failure(f"{BAD} is not a picture, and became {told}")
        return f"{BAD} is not a picture, and is {BAD_CODE}"

    def deletion(self) -> str:
        links = self.photo.links()
        self.photo.delete()
        self.photo.assert_gone(links)
        if self.report.done("event") and self.webhook.port is not None:
            self.webhook.told("Image Deleted", self.photo.id)
        return f"the photo is gone, and {len(links)} signed links that were good open nothing any more"

    def missing_version(self) -> tuple[str, str]:
        return self.beliefs.missing_version(self.watch.order())

    def clean(self) -> str:
        """Removes everything that was made, also if a step failed half-way; the account last."""
        left = []
        for photo in (self.photo, self.bad):
            if photo.id and self.person.call("GET", f"/image/{photo.id}").status != 404:
                try:
                    photo.delete()
                except KNOWN as error:
                    left.append(f"image {photo.id}: {error}")
        with suppress(*KNOWN):
            self.webhook.forget()
        if left:
            raise Failure("\n".join(["these photos are still there", *left]))
        return f"no photo is left; {self.person.close_account()}"
