"""R54: every call, against the policies of AWS. The calls of the functions' code (calls.json, recorded end to end) and
of services for us are allowed by role, resource, key and endpoint together; calls of strangers are refused; and each
grant that no call uses is listed with its reason.
"""

import fnmatch

import pytest

import function_calls
import iam_data
import rendered
import service_calls
import strangers
from access import Access
from evaluate import unknown_to_the_evaluator
from unused import UNUSED

WITH_OPTIONS = "prod with every option"


@pytest.fixture(scope="module", params=("dev", "staging", "prod", WITH_OPTIONS))
def access(request, environments):
    if request.param == WITH_OPTIONS:
        return Access(request.getfixturevalue("prod_with_options"))
    return Access(environments[request.param])


def refusals(access, requests, inside=False):
    """A service uses a key for the caller from where the service is."""
    return [f"{each}: {refused}" for request in requests for each in access.with_keys(request)
            if (refused := access.refusal(each, inside and each is request))]


def of_functions(access):
    return [line for request, inside in function_calls.of(access) for line in refusals(access, [request], inside)]


def of_assumptions(access):
    return [f"{caller.name} as {role} {keys}: {refused}" for caller, role, keys in service_calls.assumptions(access)
            if (refused := access.assumed_by(caller, role, **keys))]


def none(found, what="refused"):
    assert not found, f"{what}:\n" + "\n".join(sorted(map(str, found)))


def test_r54_what_the_functions_ask_is_allowed(access):
    assert len(list(function_calls.of(access))) > 40, "calls.json is the record of a whole run"
    none(of_functions(access))


def test_r54_what_services_ask_with_our_roles_is_allowed(access):
    none(refusals(access, service_calls.of_roles(access)))


def test_r54_what_services_ask_in_their_own_name_is_allowed(access):
    none(refusals(access, service_calls.in_own_name(access)))


def test_r54_services_take_on_the_roles_that_are_for_them(access):
    none(of_assumptions(access))


def test_r54_what_strangers_ask_is_refused(access):
    calls = [request for request, _ in function_calls.of(access)]
    in_own_name = [each for request in service_calls.in_own_name(access) for each in access.with_keys(request)]
    requests = list(strangers.refused(access, calls, service_calls.of_roles(access), in_own_name))
    assert len(requests) > 300
    none([request for request in requests if access.refusal(request) is None], "allowed")


def test_r54_nothing_leaves_the_network_for_what_is_not_ours(access):
    for request in strangers.through_the_network(access):
        assert access.refusal(request) is None, "outside of the network, an administrator may"
        assert access.refusal(request, inside=True) == "the endpoint does not let it through"


def test_r54_each_grant_names_resources_and_conditions_that_its_action_knows(access):
    """`*` is argued in test_policies.py; in a key's policy it is the key."""
    wrong = set()
    for address, policy in access.policies.items():
        for statement in policy["Statement"]:
            for action in rendered.flat(statement["Action"]) if statement["Effect"] == "Allow" else ():
                assert iam_data.action(action), f"{address}: {action} is not an action"
                wrong |= {(address, action, resource) for resource in rendered.flat(statement.get("Resource", "*"))
                          if resource != "*" and not iam_data.accepts(action, resource)}
                wrong |= {(address, action, key) for keys in statement.get("Condition", {}).values() for key in keys
                          if not iam_data.knows_condition(action, key)}
    none(wrong, "not known to the action")


def test_the_evaluator_knows_every_word_of_the_policies(access):
    assert {word for policy in access.policies.values() for word in unknown_to_the_evaluator(policy)} == set()


def test_r54_what_is_granted_and_never_used_is_argued(prod_with_options):
    """With every option, since nothing is granted without them that is not granted with them."""
    access = Access(prod_with_options)
    for ask in (of_functions, of_assumptions):
        ask(access)
    for requests in (service_calls.of_roles, service_calls.in_own_name):
        refusals(access, requests(access))
    unused = access.grants() - access.used
    argued = {line: {grant for grant in unused if is_like(grant, line)} for line in UNUSED}
    none(unused - set().union(*argued.values()), "granted, not used and not argued")
    none([line for line, found in argued.items() if not found], "argued and not there any more")


def is_like(grant, line):
    return all(fnmatch.fnmatchcase(value, pattern) for value, pattern in zip(grant, line, strict=True))
