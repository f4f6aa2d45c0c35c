"""The source of Terraform's provider, as darkroom.providers chooses it: on made-up machines, and without a network."""

import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import rendered
from darkroom import providers
from darkroom.console import Failure
from darkroom.paths import Stack

[AWS] = providers.locked(providers.LOCK)
# Every request is refused at once, as on a machine without a network.
OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}


class Machine:
    def __init__(self, folder):
        self.folder, self.home = folder, folder / "home"
        self.stack = Stack(folder / "stack", 4566, folder / "checkout/venv")

    def mirror(self, name, provider=AWS):
        """Unpacked, with a program that is none."""
        place = provider.unpacked(self.folder / name)
        place.mkdir(parents=True)
        (place / f"terraform-provider-{provider.name}_v{provider.version}_x5").write_text("program")
        return self.folder / name

    def packed(self, name, provider=AWS):
        archive = provider.packed(self.folder / name)
        archive.parent.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr(f"terraform-provider-{provider.name}_v{provider.version}_x5", "program")
        return self.folder / name

    def config(self, *mirrors, rest=""):
        blocks = "".join(f'  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n' for mirror in mirrors)
        (self.folder / "callers.tfrc").write_text(f"provider_installation {{\n{blocks}{rest}}}\n")
        return self.folder / "callers.tfrc"

    def found(self):
        """The mirror that Terraform is told to use, and the only place for this provider."""
        text = providers.cli_config(self.stack).read_text()
        [path] = re.findall(r'path += "(.*)"', text)
        assert text.count(f'["{AWS.address}"]') == 2, "included there, excluded from the registry"
        return Path(path)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    machine = Machine(tmp_path)
    machine.home.mkdir()
    for name in ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(machine.home))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    monkeypatch.setattr(providers, "OPT", tmp_path / "opt")
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    return machine


PLACES = ["checkout/terraform-plugins", "home/.terraform.d/plugins", "home/.local/share/terraform/plugins",
          "share/terraform/plugins", "opt/any-name"]


@pytest.mark.skipif(sys.platform == "darwin", reason="its places have other names")
@pytest.mark.parametrize("place", PLACES)
def test_a_mirror_in_a_usual_place_is_found(machine, place):
    wanted = machine.mirror(place)
    assert machine.found() == wanted


@pytest.mark.parametrize("place", ["home/.terraform.d/plugins", "opt/any-name"])
def test_a_packed_mirror_is_unpacked_once(machine, place):
    packed = machine.packed(place)
    cache = machine.found()
    assert cache == machine.stack.plugins
    [program] = AWS.unpacked(cache).iterdir()
    assert program.read_text() == "program" and os.access(program, os.X_OK)
    shutil.rmtree(packed)
    assert machine.found() == cache


def test_the_callers_mirror_goes_before_all_others(machine, monkeypatch):
    for place in PLACES:
        machine.mirror(place)
    wanted = machine.mirror("callers")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine.config(machine.folder / "nowhere", wanted)))
    assert machine.found() == wanted


def test_a_terraformrc_counts_as_terraform_has_it(machine):
    machine.mirror("opt/any-name")
    wanted = machine.mirror("callers")
    machine.config(wanted).rename(machine.home / ".terraformrc")
    assert machine.found() == wanted


def test_a_comment_names_no_mirror(machine):
    wanted = machine.mirror("opt/any-name")
    config = machine.config(machine.mirror("callers"))
    config.write_text(re.sub("^", "# ", config.read_text(), flags=re.MULTILINE))
    config.rename(machine.home / ".terraformrc")
    assert machine.found() == wanted


@pytest.mark.parametrize("broken", ["missing", "folder", "binary"])
def test_a_configuration_that_cannot_be_read_is_a_warning(machine, monkeypatch, capsys, broken):
    wanted = machine.mirror("opt/any-name")
    config = machine.folder / "callers.tfrc"
    if broken == "folder":
        config.mkdir()
    if broken == "binary":
        config.write_bytes(b"\xff\xfe")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(config))
    assert machine.found() == machine.found() == wanted
    [warning] = capsys.readouterr().err.splitlines()
    assert warning.startswith(f"warning: TF_CLI_CONFIG_FILE names {config}, which cannot be read (")


def test_a_mirror_without_the_locked_version_is_a_warning(machine, monkeypatch, capsys):
    wanted = machine.mirror("opt/any-name")
    AWS.unpacked(machine.folder / "callers").mkdir(parents=True)  # a cache, half filled
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine.config(machine.folder / "callers")))
    assert machine.found() == wanted
    assert f"names no mirror that has {AWS} for {providers.PLATFORM}; ignored" in capsys.readouterr().err


@pytest.mark.parametrize("place", PLACES)
def test_a_mirror_of_another_version_is_passed_over(machine, place):
    machine.mirror(place, providers.Provider(AWS.address, "1.2.3", ""))
    machine.mirror(place, providers.Provider(AWS.address, f"{AWS.version}.1", ""))
    wanted = machine.packed("opt/zz")
    assert machine.found() == machine.stack.plugins and wanted.exists()


def test_a_damaged_archive_is_a_warning(machine, capsys):
    archive = AWS.packed(machine.packed("opt/any-name"))
    archive.write_bytes(archive.read_bytes()[:40])
    wanted = machine.mirror("opt/other-name")
    assert machine.found() == wanted
    assert f"warning: {archive} is damaged; ignored" in capsys.readouterr().err


def test_what_a_killed_process_left_is_no_provider(machine):
    half = AWS.unpacked(machine.stack.plugins.with_name("terraform-plugins.half"))
    half.mkdir(parents=True)
    (half / "terraform-provider-aws_half").write_text("half")
    AWS.unpacked(machine.stack.plugins).parent.mkdir(parents=True)
    AWS.unpacked(machine.stack.plugins).symlink_to(machine.folder / "mirror-that-has-gone")
    machine.packed("opt/any-name")
    [program] = AWS.unpacked(machine.found()).iterdir()
    assert program.name == f"terraform-provider-aws_v{AWS.version}_x5"
    assert not half.exists()


def test_without_a_mirror_and_a_network_the_reason_is_told(machine):
    with pytest.raises(Failure, match=rf"no folder of this machine has Terraform's provider {AWS}.*\nhint: "):
        machine.found()
    assert not list(machine.stack.plugins.iterdir())


@pytest.fixture(scope="module")
def whole():
    """The mirror that this machine's tests use."""
    text = providers.cli_config(Stack.from_environment()).read_text()
    return Path(re.search(r'path += "(.*)"', text)[1])


def test_what_terraform_downloads_becomes_a_mirror(machine, monkeypatch, whole):
    """The way to download is the caller's: here it is a folder, which only Terraform sees."""
    rest = f'  filesystem_mirror {{\n    path = "{whole}"\n  }}\n  direct {{\n    exclude = ["{AWS.address}"]\n  }}\n'
    monkeypatch.setattr(providers, "MIRROR", re.compile("(no mirror is seen)"))
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine.config(rest=rest)))
    assert machine.found() == machine.stack.plugins
    assert AWS.is_unpacked_in(machine.stack.plugins)


def test_init_works_without_a_network_for_each_root(machine, whole):
    """Also where Terraform's implied mirror has another version, which keeps it from asking the registry."""
    AWS.unpacked(machine.stack.plugins).parent.mkdir(parents=True)
    AWS.unpacked(machine.stack.plugins).symlink_to(AWS.unpacked(whole))
    machine.mirror("home/.terraform.d/plugins", providers.Provider(AWS.address, "1.2.3", ""))
    code = rendered.copy_of_the_code(machine.folder)
    environment = providers.environment(machine.stack)
    roots = [*(code / "terraform/environments").iterdir(), *(code / "terraform/examples").iterdir(),
             code / "terraform/bootstrap"]
    assert len(roots) == 6
    for root in roots:
        command = ["terraform", f"-chdir={root}", "init", "-backend=false", "-input=false", "-lockfile=readonly"]
        asked = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert asked.returncode == 0, asked.stderr


def test_all_roots_are_locked_to_the_same_provider():
    found = (rendered.ROOT / "terraform").glob("**/.terraform.lock.hcl")
    locks = [path for path in found if "modules" not in path.parts]
    assert len(locks) == 6
    assert {str(provider) for lock in locks for provider in providers.locked(lock)} == {str(AWS)}


def test_several_threads_write_the_configuration_at_once(machine, monkeypatch):
    """The tests render environments side by side: each thread writes a file of its own before it takes the name."""
    machine.mirror("any")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(machine.config(machine.folder / "any")))
    both = threading.Barrier(2, timeout=10)
    replace = Path.replace

    def replace_together(new, config):
        both.wait()
        return replace(new, config)

    monkeypatch.setattr(Path, "replace", replace_together)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: providers.cli_config(machine.stack), range(2))
    assert one == other and one.read_text()
    assert list(one.parent.glob("terraform-*")) == [one], "nothing is left beside it"
