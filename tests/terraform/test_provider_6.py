"""That `make check-provider-6` would find what it looks for, on bindings of a resource that is made up."""

import re
from pathlib import Path

import pytest

import provider_6
import rendered
from darkroom import hcl

BINDINGS = {"thing": """
function thingPartToHclTerraform(struct) {
    const attrs = {
        size: {
            value: cdktn.numberToHclTerraform(struct.size),
            isBlock: false,
        },
    };
}
class ThingPartOutputReference extends cdktn.ComplexObject {
    // size - computed: false, optional: false, required: true
    _size;
}
class Thing extends cdktn.TerraformResource {
    static tfResourceType = "aws_thing";
    // arn - computed: true, optional: false, required: false
    get arn() {
    }
    // name - computed: false, optional: false, required: true
    _name;
    // part - computed: false, optional: true, required: false
    _part = new ThingPartOutputReference(this, "part");
    synthesizeHclAttributes() {
        const attrs = {
            part: {
                value: thingPartToHclTerraform(this._part.internalValue),
                isBlock: true,
            },
            recursive: {
                value: cdktn.anyToHclTerraform(this._recursive),
                isBlock: false,
            },
        };
    }
}
"""}

GOOD = """
resource "aws_thing" "this" {
  for_each = toset(["a } b", "${"c"} = d"]) # and = a { comment
  name     = each.key

  dynamic "part" {
    for_each = { one = 1 }

    content {
      size = part.value
    }
  }

  recursive {
    anything = <<-TEXT
      text = { with ( brackets
    TEXT
  }
}

output "arn" {
  value = aws_thing.this["a"].arn
}
"""


def test_what_is_right_is_left_alone():
    assert provider_6.check({"a.tf": GOOD}, BINDINGS) == (1, [])


@pytest.mark.parametrize("old, new, complaint", [
    ("  name     = each.key\n", "", "a.tf: aws_thing.this: name is required"),
    ("name     = each.key", 'name = "x"\n  colour = "red"', "a.tf: aws_thing.this: no argument colour"),
    ("name     = each.key", 'name = "x"\n  arn = "x"', "a.tf: aws_thing.this: no argument arn"),
    ("name     = each.key", 'name = "x"\n  part = { size = 1 }', "a.tf: aws_thing.this: no argument part"),
    ("size = part.value", "size = 1\n      depth = 2", "a.tf: aws_thing.this.part: no argument depth"),
    ("size = part.value", "", "a.tf: aws_thing.this.part: size is required"),
    ('dynamic "part"', 'dynamic "pair"', "a.tf: aws_thing.this: no block pair"),
    ('resource "aws_thing"', 'resource "aws_other"', "a.tf: aws_other.this: no such resource"),
    ('["a"].arn', '["a"].url', "a.tf: aws_thing has no url"),
])
def test_what_is_wrong_is_found(old, new, complaint):
    assert old in GOOD
    assert complaint in provider_6.check({"a.tf": GOOD.replace(old, new)}, BINDINGS)[1]


def test_every_block_of_our_code_is_read():
    paths = [path for path in Path(rendered.ROOT / "terraform").glob("**/*.tf") if ".terraform" not in path.parts]
    assert len(paths) > 50
    for path in paths:
        text = path.read_text(encoding="utf-8")
        begun = re.findall(r"^(\w+)[^=\n]* \{", text, re.MULTILINE)
        assert [block.kind for block in hcl.parse(text).blocks] == begun, path
