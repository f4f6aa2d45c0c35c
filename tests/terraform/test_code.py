"""The Terraform code itself: it has nothing unused and no secret."""

import re
import subprocess

import pytest

import rendered
from darkroom import hcl

TERRAFORM = rendered.ROOT / "terraform"
FOLDERS = sorted({path.parent for path in TERRAFORM.glob("**/main.tf") if ".terraform" not in path.parts})
ROOTS = [folder for folder in FOLDERS if folder.parent.name != "modules"]
ENVIRONMENTS = [folder for folder in ROOTS if folder.parent.name == "environments"]
STACK = TERRAFORM / "modules/stack"
NAMES = [str(folder.relative_to(TERRAFORM)) for folder in FOLDERS]


def code_of(folder, pattern="*.tf"):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern)))


def blocks(code, kind):
    """name → body, for blocks such as `variable "name" {`."""
    return dict(re.findall(rf'^{kind} "(\w+)" \{{\n(.*?)^\}}', code, re.MULTILINE | re.DOTALL))


def locals_of(code):
    return [name for body in re.findall(r"^locals \{\n(.*?)^\}", code, re.MULTILINE | re.DOTALL)
            for name in re.findall(r"^  (\w+)\s*=", body, re.MULTILINE)]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_no_variable_is_dead(folder):
    code = code_of(folder)
    variables = blocks(code, "variable")
    for body in variables.values():  # a variable's own block is not a use of it
        code = code.replace(body, "")
    assert [name for name in variables if not re.search(rf"\bvar\.{name}\b", code)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_no_local_and_no_look_up_is_dead(folder):
    code = code_of(folder)
    assert [name for name in locals_of(code) if not re.search(rf"\blocal\.{name}\b", code)] == []
    looks = re.findall(r'^data "(\w+)" "(\w+)"', code, re.MULTILINE)
    assert [look for look in looks if not re.search(rf"\bdata\.{'.'.join(look)}\b", code)] == []


def names_of(folder):
    """What the blocks that call this module are named."""
    calls = (call for caller in FOLDERS
             for call in re.findall(r'^module "(\w+)" \{\n  source += "(.+)"', code_of(caller), re.MULTILINE))
    return {name for name, source in calls if source.split("/")[-1] == folder.name}


def test_no_output_of_a_module_is_dead():
    callers = "\n".join(code_of(folder) for folder in FOLDERS)
    dead = [f"{folder.name}.{name}"
            for folder in FOLDERS if folder not in (STACK, *ROOTS)  # the roots hand on all of the stack's: see below
            for name, body in blocks(code_of(folder), "output").items()
            # One with a precondition is there to fail, and one that a module's test reads is that test's window.
            if "precondition" not in body and not re.search(rf"\boutput\.{name}\b", code_of(folder / "tests", "*.hcl"))
            and not re.search(rf"\bmodule\.({'|'.join(names_of(folder))})(\[[^]]+\])?\.{name}\b", callers)]
    assert dead == []


def test_the_roots_tell_what_their_users_ask_for():
    """The outputs are the environment's face: programs, documents and the roots themselves read them by name."""
    readers = [path for top in ("tools", "docs", "tests", "cli", "web") for path in
               (rendered.ROOT / top).rglob("*") if path.suffix in (".py", ".md", ".rs", ".ts", ".tsx", ".mjs")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in readers if "node_modules" not in path.parts)
    text += "".join(code_of(folder) for folder in ROOTS)
    outputs = {name for name, body in blocks(code_of(STACK), "output").items() if "precondition" not in body}
    assert sorted(name for name in outputs if not re.search(rf"\b{name}\b", text)) == []


@pytest.mark.parametrize("folder", ENVIRONMENTS, ids=lambda folder: folder.name)
def test_each_environment_tells_all_of_it_in_one_output(folder):
    outputs = blocks(code_of(folder), "output")
    assert list(outputs) == ["stack"] and re.search(r"^  value += (merge\()?module\.stack\b", outputs["stack"], re.M)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_every_variable_and_output_is_described_and_typed(folder):
    code = code_of(folder)
    for name, body in blocks(code, "variable").items():
        assert re.search(r"^  description += ", body, re.MULTILINE), name
        assert re.search(r"^  type += ", body, re.MULTILINE) and not re.search(r"^  type += any\b", body, re.M), name
    for name, body in blocks(code, "output").items():
        assert re.search(r"^  description += ", body, re.MULTILINE), name


def checked(folder, name):
    """Whether a variable is validated here, or in a module that it is handed to, as it is or through a local."""
    file = hcl.parse(code_of(folder))
    (variable,) = (block for block in file.blocks if block.kind == "variable" and block.labels == (name,))
    if any(inner.kind == "validation" for inner in variable.blocks):
        return True
    holders = [f"var.{name}", *(f"local.{local}" for block in file.blocks if block.kind == "locals"
                                for local, value in block.arguments.items() if re.search(rf"\bvar\.{name}\b", value))]
    return any(checked((folder / module.arguments["source"].strip('"')).resolve(), argument)
               for module in file.blocks if module.kind == "module"
               for argument, value in module.arguments.items() if value in holders)


@pytest.mark.parametrize("folder", ROOTS, ids=[str(folder.relative_to(TERRAFORM)) for folder in ROOTS])
def test_what_people_give_is_validated_on_its_way(folder):
    """docs/adr/0024-validated-where-people-give.md"""
    given = {name: body for name, body in blocks(code_of(folder), "variable").items()
             if not re.search(r"^  type += bool\b", body, re.MULTILINE)}
    assert [name for name in given if not checked(folder, name)] == []


def test_what_the_roots_repeat_they_repeat_exactly():
    """The same lines stand in three roots, and may not drift apart. Terraform has no include, a link does not work on
    every system, and with one root for all environments the last selection would decide which one is destroyed."""
    aws = [TERRAFORM / "environments" / name for name in ("dev", "staging", "prod")]
    assert len({(folder / "outputs.tf").read_text(encoding="utf-8") for folder in aws}) == 1
    for kind in ("variable", "output"):
        bodies = {}
        for folder in aws:
            for name, body in blocks(code_of(folder), kind).items():
                # One of them may demand more.
                body = re.sub(r"\n  validation \{\n.*?^  \}\n", "", body, flags=re.MULTILINE | re.DOTALL)
                bodies.setdefault(name, set()).add(body)
        assert [name for name, different in bodies.items() if len(different) > 1] == []


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_each_environment_has_a_state_of_its_own(name):
    (terraform,) = (block for block in hcl.parse(code_of(TERRAFORM / "environments" / name, "versions.tf")).blocks)
    (backend,) = (block for block in terraform.blocks if block.kind == "backend")
    assert (backend.labels, backend.arguments) == (("s3",), {
        "key": f'"darkroom/{name}/terraform.tfstate"', "encrypt": "true", "use_lockfile": "true"})


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_everything_is_tagged_with_whose_it_is(name):
    """The budget counts by these tags, and they tell an operator what a resource is for."""
    blocks_there = hcl.parse(code_of(TERRAFORM / "environments" / name)).blocks
    providers = [block for block in blocks_there if block.kind == "provider"]
    assert providers
    for provider in providers:
        (tags,) = (block for block in provider.blocks if block.kind == "default_tags")
        assert {'Application="darkroom"', f'Environment="{name}"', 'ManagedBy="terraform"'} == set(
            tags.arguments["tags"].strip("{}").split())


# What provider 6 no longer takes, of what we use (docs/adr/0021-provider-5-and-6.md).
GONE_IN_6 = {
    "aws_api_gateway_account": r"^  reset_on_delete\b",
    "aws_api_gateway_deployment": r"^  (stage_name|stage_description|canary_settings)\b",
    "aws_cloudfront_response_headers_policy": r"^  etag\b",
    "aws_flow_log": r"^  log_group_name\b",
}
RENAMED_IN_6 = re.compile(
    r"\bdata\.aws_region\.\w+\.name\b|\baws_s3_bucket\.\w+(\[[^]]+\])?\.region\b"
    r"|\baws_api_gateway_deployment\.\w+\.(invoke_url|execution_arn)\b"
)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_both_providers_take_it(folder):
    code = code_of(folder)
    for kind, name, body in re.findall(r'^resource "(\w+)" "(\w+)" \{\n(.*?)^\}', code, re.MULTILINE | re.DOTALL):
        assert not re.search(GONE_IN_6.get(kind, r"(?!)"), body, re.MULTILINE), f"{kind}.{name}"
        # 5.100 does not know it: another region takes another provider.
        assert not re.search(r"^  region\s*=", body, re.MULTILINE), f"{kind}.{name}"
    assert not RENAMED_IN_6.search(code)


def test_a_group_lets_go_of_a_key_before_cloudfront_is_asked_to_delete_it():
    """PublicKeyInUse: without this Terraform deletes the old key first, and the group afterwards names the new one."""
    blocks_there = hcl.parse(code_of(TERRAFORM / "modules/delivery")).blocks
    (key,) = (block for block in blocks_there if block.labels[:1] == ("aws_cloudfront_public_key",))
    (lifecycle,) = (block for block in key.blocks if block.kind == "lifecycle")
    assert lifecycle.arguments == {"create_before_destroy": "true"}
    assert "sha256(each.value)" in key.arguments["name"], "both exist for a moment, under names that differ"


# The look of a secret.
SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # an access key of AWS
    r"|-----BEGIN (?:\w+ )*PRIVATE KEY-----"
    r"|\bgh[oprsu]_[0-9A-Za-z]{36}\b|\bgithub_pat_\w{60,}"
    r"|\bxox[abprs]-[0-9A-Za-z-]{10,}"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"  # a signed token
    r"|X-Amz-Signature=[0-9a-f]{64}"
    r"|(?i:secret_access_key|client_secret|api_key|auth_token)[\"']?\s*[:=]\s*[\"'][0-9A-Za-z/+=_-]{20,}[\"']"
)


def test_no_secret_is_in_the_repository():
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=rendered.ROOT, capture_output=True, text=True, check=True)
    files = [rendered.ROOT / name for name in asked.stdout.split("\0") if name]
    assert len(files) > 100
    found = [f"{path.relative_to(rendered.ROOT)}: {hit[0][:12]}…" for path in files if path.is_file()
             for hit in SECRET.finditer(path.read_bytes().decode("utf-8", "replace"))]
    assert found == []


LOST = [
    "AKIA" + "A" * 16,
    "-----BEGIN " + "RSA PRIVATE KEY-----",
    "ghp_" + "a1" * 18,
    "secret_access_key = '" + "wJalrXUtnFEMI/K7MDENG" + "'",
    "X-Amz-Signature=" + "0" * 64,
    ".".join(["eyJ" + "hbGciOiJIUzI1", "eyJ" + "zdWIiOiIxMjM0", "c2lnbmF0dXJl"]),
]


@pytest.mark.parametrize("lost", LOST)
def test_a_secret_would_be_found(lost):
    assert SECRET.search(f"x {lost} y")
