"""The one feature of the build, `heic` (docs/adr/0017-heic.md): on unless a release says otherwise, and the same in all
functions, since one command builds them."""

import json
import subprocess

import pytest

from tests.support.running_stack import REPOSITORY

READ_PHOTOS = {"validate", "resize", "darkroom-cli"}
ANSWER_FORMATS = {"upload", "images", "darkroom-cli"}


@pytest.fixture(scope="module")
def packages():
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True).stdout)
    # The codecs of crates/ are for other people too, and have features of their own.
    ours = [package for package in metadata["packages"] if f"{REPOSITORY}/crates/" not in package["manifest_path"]]
    return {package["name"]: package for package in ours}


def test_each_program_passes_heic_on_and_has_no_other_default(packages):
    know = {"darkroom-imaging": READ_PHOTOS, "darkroom-domain": READ_PHOTOS | ANSWER_FORMATS}
    for name, package in packages.items():
        features = package["features"]
        assert features.get("default", []) == (["heic"] if "heic" in features else []), name
        if name in know:
            assert "heic" in features
            continue
        wanted = {f"{crate}/heic" for crate, programs in know.items() if name in programs}
        assert set(features.get("heic", [])) == wanted, name


@pytest.mark.parametrize("crate", ["darkroom-domain", "darkroom-imaging"])
def test_no_shared_crate_switches_heic_on_by_itself(packages, crate):
    for name, package in packages.items():
        for dependency in package["dependencies"]:
            if dependency["name"] == crate:
                assert not dependency["uses_default_features"] and not dependency["features"], name
