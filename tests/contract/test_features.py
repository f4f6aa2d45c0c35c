"""The one feature of the build, `heic` (docs/adr/0017-heic.md): on unless a release says otherwise, and the same in all functions."""

import tomllib

import pytest

from tests.support.running_stack import REPOSITORY

MANIFESTS = {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
             for pattern in ("src/*/Cargo.toml", "lambdas/*/Cargo.toml", "cli/Cargo.toml")
             for path in REPOSITORY.glob(pattern)}
KNOW_HEIC = {name for name in ("domain", "imaging") if "heic" in MANIFESTS[name]["features"]}
READ_PHOTOS = {"validate", "resize", "cli"}
ANSWER_FORMATS = {"upload", "images", "cli"}


def test_each_program_passes_heic_on_and_has_no_other_default():
    assert KNOW_HEIC == {"domain", "imaging"}
    for name, manifest in MANIFESTS.items():
        features = manifest.get("features", {})
        assert features.get("default", []) == (["heic"] if "heic" in features else []), name
        wanted = {f"darkroom-{crate}/heic" for crate, who in (("imaging", READ_PHOTOS), ("domain", READ_PHOTOS | ANSWER_FORMATS))
                  if name in who}
        if name not in KNOW_HEIC:
            assert set(features.get("heic", [])) == wanted, name


@pytest.mark.parametrize("crate", ["domain", "imaging"])
def test_no_shared_crate_switches_heic_on_by_itself(crate):
    workspace = tomllib.loads((REPOSITORY / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["dependencies"]
    assert workspace[f"darkroom-{crate}"]["default-features"] is False
    for name, manifest in MANIFESTS.items():
        assert "features" not in manifest.get("dependencies", {}).get(f"darkroom-{crate}", {}), name
