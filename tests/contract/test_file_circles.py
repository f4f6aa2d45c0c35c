"""Files of one package do not know each other in a circle, so that they can be read in an order.

A file knows another when its code names something of it: in a `use`, grouped or not, or in a path of its own such as
`crate::a::b`, `super::b`, or `b::c` where `b` is a child module or was brought in by a `use`.

- An arrow goes to the file that defines the thing. A path through a module, or through another module's `use` of the
  thing (`pub use` in lib.rs), is not an arrow to the files on the way; a path that ends at a module is an arrow to that
  module's file.
- `mod x;` alone is not an arrow. A parent that also calls its child, or re-exports from it, knows the child; so a child
  that takes an item of that parent (`super::Item`) closes a circle. Items that both need have a file of their own,
  beside the child or below.
- Comments, documentation, strings, and code for tests alone (`#[cfg(test)]`) do not count.
- Macros by their name and methods are not followed: a method comes with its type, and its caller names the type.

Read from the roots of each package's library and programs, as cargo names them. Integration tests, examples and
benches are crates of few files and are left out.
"""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]

COMMENT = r"//[^\n]*|/\*.*?\*/"
LITERAL = r"""b?r(?P<hashes>\#*)".*?"(?P=hashes)|[bc]?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^\\'])'"""
TOKEN = re.compile(rf"(?P<comment>{COMMENT})|(?P<literal>{LITERAL})|'\w+|(?:r\#)?\w+|::|\S", re.DOTALL)
CLOSING = {"(": ")", "[": "]", "{": "}"}


def tokens_of(text):
    """Code as a list of words and signs. Comments are gone; literals stay, with their quotes."""
    return [match[0] for match in TOKEN.finditer(text) if not match["comment"]]


def is_name(token):
    return token[0].isalpha() or token[0] == "_"


def after_brackets(tokens, at):
    """The place after the bracket that closes the one at `at`."""
    depth = 0
    while True:
        depth += (tokens[at] in CLOSING) - (tokens[at] in CLOSING.values())
        at += 1
        if depth == 0:
            return at


def after_item(tokens, at):
    """The place after an item: after its `;`, or after its braces."""
    while tokens[at] != ";":
        if tokens[at] in CLOSING:
            closed = after_brackets(tokens, at)
            if tokens[at] == "{":
                return closed
            at = closed
        else:
            at += 1
    return at + 1


def leaves(tokens, before=()):
    """The items of a `use` tree: pairs of a path and the name that it gets, `*` for everything."""
    path, at = before, 0
    while at < len(tokens):
        token = tokens[at]
        if token == "{":
            part = []
            for inner in [*tokens[at + 1 : after_brackets(tokens, at) - 1], ","]:
                if inner == "," and part.count("{") == part.count("}"):
                    yield from leaves(part, path) if part else ()
                    part = []
                else:
                    part.append(inner)
            return
        if token == "*":
            yield path, "*"
            return
        if token == "as":
            yield path, tokens[at + 1]
            return
        if token != "::" and not (token == "self" and path):
            path = (*path, token)
        at += 1
    yield path, path[-1]


class Module:
    def __init__(self, file):
        self.file = file
        self.uses = {}  # name → path
        self.globs = []
        self.items = set()
        self.paths = []  # everything that its code names


class Crate:
    """The modules of one crate, by their path from its root."""

    def __init__(self, root):
        self.modules = {}
        self.read(root, (), root.parent)

    def read(self, file, name, folder):
        self.modules[name] = Module(file)
        self.scan(tokens_of(file.read_text("utf-8")), name, folder)

    def scan(self, tokens, name, folder):
        """Reads one module; `folder` is where its children lie."""
        module = self.modules[name]
        at, depth, path_attribute = 0, 0, None
        while at < len(tokens):
            token, following = tokens[at], (tokens[at + 1] if at + 1 < len(tokens) else "")
            if token == "#" and following in ("[", "!"):
                end = after_brackets(tokens, at + 1 + (following == "!"))
                attribute = "".join(tokens[at:end])
                if re.match(r"#\[cfg\((all\()?test\b", attribute):
                    end = after_item(tokens, end)
                elif found := re.match(r'#\[path="(.+)"\]', attribute):
                    path_attribute = found[1]
                at = end
                continue
            if token == "use" and following != "<":
                end = tokens.index(";", at)
                self.take(module, tokens[at + 1 : end])
                at = end
            elif token == "mod" and is_name(following):
                child = (*name, following)
                if tokens[at + 2] == "{":
                    end = after_brackets(tokens, at + 2)
                    self.modules[child] = Module(module.file)
                    self.scan(tokens[at + 3 : end - 1], child, folder / following)
                    at = end - 1
                elif path_attribute:
                    file = module.file.parent / path_attribute
                    self.read(file, child, file.parent)
                else:
                    files = [folder / f"{following}.rs", folder / following / "mod.rs"]
                    self.read(next(file for file in files if file.is_file()), child, folder / following)
                path_attribute = None
            elif token in ("fn", "struct", "enum", "union", "trait", "type", "const", "static") and depth == 0:
                module.items.add(following)
            elif is_name(token) and following == "::" and tokens[at - 1] not in ("::", "."):
                path = [token]
                while tokens[at + 1] == "::" and is_name(tokens[at + 2]):
                    path.append(tokens[at + 2])
                    at += 2
                module.paths.append(tuple(path))
            depth += (token == "{") - (token == "}")
            at += 1

    @staticmethod
    def take(module, tree):
        if tree[0] == "::":
            return  # another crate, whatever a module here is called
        for path, name in leaves(tree):
            module.paths.append(path)
            if name == "*":
                module.globs.append(path)
            else:
                module.uses.setdefault(name, path)

    def find(self, name, path, seen=frozenset()):
        """The module that defines the item of `path` in the module `name`; None for an item of another crate."""
        if (name, path) in seen:
            return None
        seen |= {(name, path)}
        first, *rest = path
        if first == "crate":
            return self.walk((), rest, seen)
        if first == "super":
            return self.find(name[:-1], ("self", *rest), seen)
        if first == "self":
            return self.find(name[:-1], tuple(rest), seen) if rest[:1] == ["super"] else self.walk(name, rest, seen)
        if (*name, first) in self.modules:
            return self.walk(name, path, seen)
        if first in self.modules[name].uses:
            return self.find(name, (*self.modules[name].uses[first], *rest), seen)
        return None

    def walk(self, name, rest, seen):
        for place, step in enumerate(rest):
            module = self.modules[name]
            if (*name, step) in self.modules:
                name = (*name, step)
            elif step in module.uses:
                return self.find(name, (*module.uses[step], *rest[place + 1 :]), seen)
            else:
                targets = [self.find(name, glob, seen) for glob in module.globs if step not in module.items]
                return next((target for target in targets if target and step in target.items), module)
        return self.modules[name]

    def arrows(self):
        """File → the files that it knows."""
        graph = {module.file: set() for module in self.modules.values()}
        for name, module in self.modules.items():
            targets = [self.find(name, path) for path in module.paths]
            graph[module.file] |= {target.file for target in targets if target} - {module.file}
        return graph


def shortest_circle(graph, start):
    """The shortest way from a file back to itself, or None."""
    ways, seen = [[start]], set()
    for way in ways:
        for target in sorted(graph[way[-1]]):
            if target == start:
                return [*way, start]
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return None


def circles(root):
    """A circle for each file that lies on one and was not yet shown, as text."""
    graph, shown = Crate(root).arrows(), set()
    for file in sorted(graph):
        circle = None if file in shown else shortest_circle(graph, file)
        if circle:
            shown.update(circle)
            yield " → ".join(str(file.relative_to(root.parent)) for file in circle)


def test_no_package_has_files_in_a_circle():
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    roots = [
        (package["name"], pathlib.Path(target["src_path"]))
        for package in metadata["packages"]
        for target in package["targets"]
        if {"lib", "bin"} & set(target["kind"])
    ]
    assert len(roots) >= len(metadata["packages"]), "each package has a library or a program"
    found = [f"{package}: {circle}" for package, root in roots for circle in circles(root)]
    assert not found, "files know each other in a circle:\n" + "\n".join(found)


def made_up(folder, **files):
    for name, text in files.items():
        file = folder / f"{name.replace('__', '/')}.rs"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return list(circles(folder / "lib.rs"))


def test_a_circle_is_seen_whichever_way_it_is_written(tmp_path):
    ways = {
        "one by one": "use crate::b::B;",
        "in a group": "use crate::{d, b::{self as other, B}};",
        "in place": "fn f() -> crate::b::B { crate::b::B }",
        "from above": "use super::b;",
        "by everything": "use crate::b::*;",
        "through the root": "use crate::B;",
        "by a name of its own": 'use crate::b as other; fn f() { other::g::<\'static>("") }',
        "in a module of its own": "mod inner { use super::super::b::B; }",
    }
    for number, (way, text) in enumerate(ways.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = made_up(
            folder,
            lib="mod a; mod b; mod c; mod d; pub use b::B;",
            a=text,
            b="pub struct B; use crate::c::C;",
            c="pub struct C; fn f() -> char { crate::a::g(); '\"' }",
            d="",
        )
        assert found == ["a.rs → b.rs → c.rs → a.rs"], way


def test_a_parent_that_calls_a_child_is_not_called_by_it(tmp_path):
    parent = "mod child; pub struct Item; fn f() { child::g() }"
    assert made_up(tmp_path, lib="mod a;", a=parent, a__child="use super::Item; pub fn g() {}") == [
        "a/child.rs → a.rs → a/child.rs"
    ]
    assert made_up(tmp_path, lib="mod a;", a="mod child; pub struct Item;", a__child="use super::Item;") == []


def test_what_is_no_code_of_the_package_is_no_arrow(tmp_path):
    quiet = """
        //! [`crate::b::B`]
        /* use crate::b::B; */
        use b::B; // a crate of this name, as the module `b` is none of this one's children
        #[cfg(test)]
        mod tests { use crate::b::B; }
        #[cfg(test)]
        use crate::b::B;
        const TEXT: &str = "crate::b::B \\" crate::b::B";
        const RAW: &str = r#"" crate::b::B"#;
    """
    assert made_up(tmp_path, lib="mod a; mod b;", a=quiet, b="use crate::a; pub struct B;") == []
