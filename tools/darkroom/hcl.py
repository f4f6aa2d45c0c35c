"""Reads a Terraform file as far as names go: its blocks, and each one's arguments with their text.

Only what `terraform fmt` has formatted is read, so an argument or a block begins a line. A `dynamic` block counts as
the block that it makes.
"""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"(?P<space>[ \t]+|#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<line>\n)|(?P<heredoc><<-?(?P<mark>\w+)\n.*?\n\s*(?P=mark)\b)"
    r'|(?P<text>")|(?P<open>[{\[(])|(?P<close>[}\])])|(?P<word>[A-Za-z_][\w-]*)|(?P<other>.)',
    re.DOTALL,
)


@dataclass
class Block:
    kind: str
    labels: tuple[str, ...]
    arguments: dict[str, str] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)


def parse(text):
    """The file as a block of its own."""
    tokens = list(tokens_of(text))
    file = Block("file", ())
    assert body(tokens, 0, file) == len(tokens)
    return file


def tokens_of(text):
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        at = found.end()
        if found.lastgroup == "text":
            at = end_of_text(text, at)
        if found.lastgroup != "space":
            kind = "heredoc" if found["heredoc"] else found.lastgroup
            yield kind, text[found.start():at]


def end_of_text(text, at):
    """Behind the closing quote; `${…}` may hold further texts."""
    while text[at] != '"':
        if text[at] == "\\":
            at += 2
        elif text.startswith(("${", "%{"), at) and text[at - 1] != text[at]:
            at = end_of_template(text, at + 2)
        else:
            at += 1
    return at + 1


def end_of_template(text, at):
    while text[at] != "}":
        inner = {'"': end_of_text, "{": end_of_template}.get(text[at], lambda _, behind: behind)
        at = inner(text, at + 1)
    return at + 1


def body(tokens, at, block):
    """Reads arguments and blocks up to the brace that ends this one; returns where it goes on."""
    while at < len(tokens):
        kind, word = tokens[at]
        if kind == "close":
            return at + 1
        at += 1
        if kind != "word":
            continue
        labels = []
        while tokens[at][0] in ("word", "text"):
            labels.append(tokens[at][1].strip('"'))
            at += 1
        if tokens[at][1] == "{":
            inner = Block(word, tuple(labels))
            at = body(tokens, at + 1, inner)
            block.blocks.append(made_by(inner) if word == "dynamic" else inner)
        else:
            at, block.arguments[word] = expression(tokens, at + 1)
    return at


def expression(tokens, at):
    depth, words = 0, []
    while at < len(tokens) and (depth or tokens[at][0] not in ("line", "close")):
        depth += {"open": 1, "close": -1}.get(tokens[at][0], 0)
        words.append(tokens[at][1])
        at += 1
    return at, "".join(words)


def made_by(dynamic):
    (content,) = (inner for inner in dynamic.blocks if inner.kind == "content")
    return Block(dynamic.labels[0], (), content.arguments, content.blocks)
