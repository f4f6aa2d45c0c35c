"""`make check-provider-6`: holds what the modules write against the schema of provider 6, as its bindings carry it.

The tests run on the provider that the lock files name (5.100), and of 6 only one version would be at hand at a time.
CDK Terrain's bindings are generated from the provider's schema and name for each argument whether it is required, only
computed, or a block; so names, blocks and what is required can be checked without the 700 MB of the provider. What it
cannot tell: values that 6 refuses, and what happens at AWS.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from darkroom import hcl

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "@cdktn/provider-aws@25.7.0"
SHA512 = "E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg=="
META = {"alias", "count", "depends_on", "for_each", "lifecycle", "provider"}  # Terraform's own
REFERENCE = re.compile(r"\b(data\.)?(aws_\w+)\.\w+(?:\[[^\]]*\])?\.(\w+)")

CLASS = re.compile(r"^class (\w+) extends .*?(?=^class |\Z)", re.MULTILINE | re.DOTALL)
ATTRIBUTE = re.compile(
    r"// (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n"
    r"\s+(?:_\w+ = new (\w+?)(?:OutputReference|List|Map)\()?"
)
WRITTEN = re.compile(r"^function (\w+)ToHclTerraform\(.*?^\}", re.MULTILINE | re.DOTALL)
IS_BLOCK = re.compile(r"^\s+(\w+): \{\n\s+value: .*\n\s+isBlock: true,", re.MULTILINE)
IS_OPAQUE = re.compile(r"^\s+(\w+): \{\n\s+value: cdktn\.anyToHclTerraform\(", re.MULTILINE)


@dataclass
class Schema:
    """Of a resource, or of a block within one."""

    settable: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    readable: set[str] = field(default_factory=set)
    blocks: dict[str, "Schema | None"] = field(default_factory=dict)  # None: the bindings do not say what is in it


def schema_of(source):
    """From the text of one resource's bindings."""
    written = {found[1].lower(): found[0] for found in WRITTEN.finditer(source)}
    classes = {found[1]: found[0] for found in CLASS.finditer(source)}

    def read(body, writer):
        schema = Schema(blocks=dict.fromkeys(IS_BLOCK.findall(writer) + IS_OPAQUE.findall(writer)))
        for attribute, _, optional, required, nested in ATTRIBUTE.findall(body):
            schema.readable.add(attribute)
            if "true" in (optional, required):
                schema.settable.add(attribute)
            if required == "true":
                schema.required.add(attribute)
            if nested and attribute in schema.blocks:
                schema.blocks[attribute] = read(classes[f"{nested}OutputReference"], written[nested.lower()])
        return schema

    (whole,) = (body for body in classes.values() if "static tfResourceType" in body)
    return read(whole, whole)


def complaints(block, schema, where):
    inner = {each.kind for each in block.blocks} - META
    for name in sorted(set(block.arguments) - META):
        if name not in schema.settable - set(schema.blocks):
            yield f"{where}: no argument {name}"
    for name in sorted(schema.required - set(block.arguments) - inner):
        yield f"{where}: {name} is required"
    for each in block.blocks:
        if each.kind in META:
            continue
        if each.kind not in schema.blocks:
            yield f"{where}: no block {each.kind}"
        elif within := schema.blocks[each.kind]:
            yield from complaints(each, within, f"{where}.{each.kind}")


def folder_of(kind, name):
    """Of the package: s3-bucket, data-aws-partition, provider."""
    return {"data": f"data-{name}", "resource": name.removeprefix("aws_")}.get(kind, kind).replace("_", "-")


def check(files, bindings):
    """`bindings`: the source by the package's folder. Returns how many blocks were looked at, and what is wrong."""
    schemas = {folder: schema_of(source) for folder, source in bindings.items()}
    found, looked_at = [], 0
    for path, text in files.items():
        for block in hcl.parse(text).blocks:
            if block.kind not in ("resource", "data", "provider"):
                continue
            looked_at += 1
            where = f"{path}: {'.'.join(block.labels)}"
            known = schemas.get(folder_of(block.kind, block.labels[0]))
            found += complaints(block, known, where) if known else [f"{where}: no such {block.kind}"]
        for data, kind, name in REFERENCE.findall(text):
            known = schemas.get(folder_of("data" if data else "resource", kind))
            if known and name not in known.readable:
                found.append(f"{path}: {data}{kind} has no {name}")
    return looked_at, found


def download(folder):
    archive = folder / f"{PACKAGE.removeprefix('@').replace('/', '-').replace('@', '-')}.tgz"
    if not archive.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", PACKAGE, "--pack-destination", str(folder), "--silent"]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert digest == SHA512, f"{archive} is not the package that was looked at; remove it"
    return archive


def unpacked(archive, wanted):
    """folder → source, of just these folders: the whole is 500 MB."""
    found, version = {}, None
    with tarfile.open(archive) as package:
        for member in package:
            _, top, *rest = member.name.split("/")
            if top == "lib" and rest[-1].endswith(".js") and rest[0] in wanted:
                found[rest[0]] = found.get(rest[0], "") + package.extractfile(member).read().decode()
            if top == "package.json":
                said = package.extractfile(member).read().decode()
                version = re.search(r'hashicorp/aws",\s*"version": "([\d.]+)"', said)[1]
    return found, version


def main():
    paths = [path for path in sorted((ROOT / "terraform").glob("**/*.tf")) if ".terraform" not in path.parts]
    files = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    names = re.findall(r"\baws_\w+", "".join(files.values()))
    wanted = {folder_of(kind, name) for name in names for kind in ("resource", "data", "provider")}
    bindings, version = unpacked(download(ROOT / ".local/provider-6"), wanted)
    looked_at, found = check(files, bindings)
    print("\n".join([*found, f"{looked_at} blocks held against aws {version}: {len(found)} complaints"]))
    return 1 if found or not looked_at else 0


if __name__ == "__main__":
    sys.exit(main())
