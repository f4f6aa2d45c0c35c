"""AWS's decision about one request: identity, resource, key and endpoint must agree.

Statements are matched by the evaluator that the engine ships (ministack.core.iam_evaluator). What is ours is which
policies are asked, in the order of AWS's page about it, and the policy of the VPC endpoint:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from dataclasses import dataclass, field

from ministack.core import iam_evaluator as engine

import rendered

# Within one account a resource's policy may grant alone; a key's policy must grant, whatever a role may do.
MUST_GRANT = {"kms"}


@dataclass(frozen=True)
class Caller:
    """A role of some account, a service of AWS that acts for itself, or a caller without a signature."""

    name: str
    arn: str = "anonymous"
    account: str = ""
    service: str = ""
    policies: tuple = ()

    @property
    def is_ours(self):
        return self.account == rendered.ACCOUNT


@dataclass(frozen=True)
class Request:
    caller: Caller
    action: str
    resource: str
    keys: dict = field(default_factory=dict)  # condition keys, beside those that follow from the caller
    over_tls: bool = True

    @property
    def service(self):
        return self.action.partition(":")[0]

    def __str__(self):
        given = "".join(f" {key}={value}" for key, value in sorted(self.keys.items()))
        return f"{self.caller.name}: {self.action} on {self.resource}{given}{'' if self.over_tls else ' over http'}"


def refusal(request, resource_policy=None, endpoint_policy=None):
    """The refusal of the request, in words; None if AWS allows it."""
    asked = context(request)
    refused = [of_role_and_resource(request, asked, resource_policy)]
    if endpoint_policy and engine.evaluate_resource_policy(endpoint_policy, asked).decision != "Allow":
        refused.append("the endpoint does not let it through")
    return " and ".join(filter(None, refused)) or None


def of_role_and_resource(request, asked, resource_policy):
    caller = request.caller
    of_role = engine.evaluate(asked, [engine.parse_policy_document(policy) for policy in caller.policies])
    if of_role.decision == "Deny":
        return "the role's own policy denies"
    if caller.is_ours:
        decided = engine.combine_resource_policy(
            of_role, asked, resource_policy, rendered.ACCOUNT, required=request.service in MUST_GRANT)
    else:
        # From outside, the resource's policy must let the caller in; a role of another account, its own policies too.
        decided = engine.evaluate_resource_policy(resource_policy, asked, service=caller.service or None)
        if decided.decision == "Allow" and caller.account:
            decided = of_role
    if decided.decision == "Deny":
        return "the resource's policy denies"
    if decided.decision != "Allow":
        by_role = caller.policies and of_role.decision != "Allow"
        return "the role does not grant" if by_role else "the resource does not grant"
    return None


def context(request):
    caller = request.caller
    return engine.EvalContext(
        principal_arn=caller.arn, principal_type="AssumedRole" if caller.account else "AWSService",
        principal_account=caller.account, action=request.action, resource_arn=request.resource,
        region=rendered.REGION, source_ip="192.0.2.1", secure_transport=request.over_tls,
        service_context={key.lower(): value for key, value in request.keys.items()},
    )


def granting(request, policy, of_resource):
    """What in a policy lets the request through: the statement, and its action and resource as they are written."""
    asked = context(request)
    for statement in policy["Statement"]:
        for action in rendered.flat(statement["Action"]):
            for resource in rendered.flat(statement.get("Resource", "itself")):
                one = statement | {"Action": action} | ({} if resource == "itself" else {"Resource": resource})
                if decided(one, asked, request.caller.service, of_resource) == "Allow":
                    yield statement.get("Sid", ""), action, resource


def decided(statement, asked, service, of_resource):
    policy = {"Statement": [statement]}
    if of_resource:
        return engine.evaluate_resource_policy(policy, asked, service=service or None).decision
    return engine.evaluate(asked, [engine.parse_policy_document(policy)]).decision


def unknown_to_the_evaluator(policy):
    """The parts of a policy that the engine's evaluator would ignore silently."""
    for statement in policy["Statement"]:
        yield from {"NotPrincipal"} & statement.keys()
        for operator, keys in statement.get("Condition", {}).items():
            plain = operator.lower().removeprefix("forallvalues:").removeprefix("foranyvalue:").removesuffix("ifexists")
            if plain != "null" and plain not in engine._CONDITION_OPS:
                yield operator
            yield from (value for each in keys.values() for value in rendered.flat(each) if "${" in value)
