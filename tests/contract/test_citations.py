"""Every path, link, decision and requirement that a comment or document names is there."""

import citations
import pytest
import requirements
from citations import Tree

TREE = citations.repository()


def listed(dead):
    return [str(each) for each in dead]


def assert_none(dead):
    lines = listed(dead)
    assert not lines, "these lead nowhere:\n" + "\n".join(lines)


def test_paths_lead_somewhere():
    assert_none(citations.dead_paths(TREE))


def test_functions_are_where_they_are_said_to_be():
    assert_none(citations.dead_members(TREE))


def test_links_lead_somewhere():
    assert_none(citations.dead_links(TREE))


def test_decisions_are_there():
    assert_none(citations.dead_decisions(TREE))


def test_requirements_are_defined():
    assert_none(citations.dead_requirements(TREE, requirements.sections(requirements.read())))


def test_the_index_of_decisions_lists_each_file_and_no_other():
    index = TREE.texts["docs/adr/README.md"]
    files = {name.removeprefix("docs/adr/") for name in TREE.texts if name.startswith("docs/adr/0")}
    links = [match[2] for match in citations.LINK.finditer(index) if "/" not in match[2] and match[2][0].isdigit()]
    assert links == sorted(files)
    for row in (line for line in index.splitlines() if line.startswith("| [")):
        _, number, title, sentence, _ = (cell.strip() for cell in row.split("|"))
        file = citations.LINK.match(number)[2]
        heading = TREE.texts[f"docs/adr/{file}"].splitlines()[0]
        assert heading == f"# {int(file[:4])}. {title}" and sentence.endswith("."), row


# A small repository: each finder must find what is wrong in it, and no more.
FILES = {
    "src/aws/mod.rs": None,
    "src/aws/Cargo.toml": "",
    "src/aws/tests/all.rs": "",
    "src/aws/sign.rs": "pub trait Sign {\n    pub(super) async fn sign(&self);\n}\nconst fn life() {}\n// fn gone()",
    "tools/build.py": "class Build:\n    def zip(self): ...",
    "tests/all.tftest.hcl": 'run "queues" {}',
    "terraform/modules/api/main.tf": "",
    "docs/adr/0016-small.md": "",
    "docs/PAGE.md": '# A page, of `code`\n```sh\n# no heading\n```\n<a id="by.hand"></a>',
    "benches/losses.md": "[ADR 16](adr/0016-small.md)",
}


def small(file, text):
    return Tree(FILES | {file: text}, is_ignored=lambda path: path == "docs/made")


@pytest.mark.parametrize(
    "text",
    [
        "see src/aws.",
        "`src/aws/mod.rs`, (docs/adr/0016-small.md)",
        "`modules/api/main.tf`, `terraform/modules/*/main.tf`",
        "docs/made is written by a tool",
        ".local/stack.json, $HOME/docs/none, ../tests/none, https://site.org/docs/none, /api/none, work/docs/none",
        "docs/{name}.md, tests/<name>, src/…/none",
        "`mod.rs`, `aws/mod.rs`, `../adr/0016-small.md`, `a sentence.rs`",
    ],
)
def test_a_path_that_leads_somewhere_is_let_be(text):
    assert listed(citations.dead_paths(small("README.md", text))) == []


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("# (docs/adr/0001-crates.md).", "docs/adr/0001-crates.md"),
        ("look into `local/`\nand deploy/build.py", "deploy/build.py"),
        ("the laptop's stack is in `local/`", "local"),
        ("`modules/none`", "modules/none"),
        ("terraform/modules/*/none.tf", "terraform/modules/*/none.tf"),
        ("`none.rs` and `aws/none.rs`", "none.rs"),
    ],
)
def test_a_path_that_leads_nowhere_is_found(text, dead):
    assert dead in [each.what for each in citations.dead_paths(small("README.md", text))]


def test_a_path_may_begin_where_the_citing_file_is():
    assert listed(citations.dead_paths(small("src/aws/Cargo.toml", "tests/all.rs"))) == []
    assert listed(citations.dead_paths(small("src/lib.rs", "tests/all.rs"))) == ["src/lib.rs:1: tests/all.rs"]


@pytest.mark.parametrize("member", ["src/aws/sign.rs::Sign", "src/aws/sign.rs::sign", "src/aws/sign.rs::life",
                                    "tools/build.py::Build", "tools/build.py::zip", "tests/all.tftest.hcl::queues"])
def test_a_function_that_is_there_is_let_be(member):
    assert listed(citations.dead_members(small("README.md", f"see `{member}`, `sign::Sign`"))) == []


@pytest.mark.parametrize("member", ["src/aws/sign.rs::gone", "src/aws/sign.rs::sig", "sign.rs::sign",
                                    "src/none.rs::sign", "tools/build.py::sign"])
def test_a_function_that_is_not_there_is_found(member):
    assert listed(citations.dead_members(small("README.md", f"see `{member}`"))) == [f"README.md:1: {member}"]


@pytest.mark.parametrize("link", ["PAGE.md", "adr/", "../src/aws", "#here", "PAGE.md#a-page-of-code", "PAGE.md#by.hand",
                                  "https://site.org/none#none"])
def test_a_link_that_leads_somewhere_is_let_be(link):
    assert listed(citations.dead_links(small("docs/OTHER.md", f"# Here\n[a]({link})"))) == []


@pytest.mark.parametrize("link", ["NONE.md", "docs/PAGE.md", "../../PAGE.md", "#none", "PAGE.md#no-heading"])
def test_a_link_that_leads_nowhere_is_found(link):
    assert listed(citations.dead_links(small("docs/OTHER.md", f"# Here\n[a]({link})"))) == [f"docs/OTHER.md:2: {link}"]


def test_decisions_that_are_not_there_are_found():
    text = "ADR 16, ADR 7, [ADR 16](adr/0016-small.md), [ADR 15](adr/0016-small.md)"
    found = [each.what for each in citations.dead_decisions(small("docs/OTHER.md", text))]
    assert found == ["ADR 7", "ADR 15", "ADR 15 leads to 0016-small.md"]


def test_requirements_that_are_not_there_are_found():
    text = "R01, R99; fn r98_never() fn r01_r97_twice() R19b, 0xR96, PR95"
    found = [each.what for each in citations.dead_requirements(small("a.rs", text), {"R01", "R19b"})]
    assert found == ["R99", "R98", "R97"]
