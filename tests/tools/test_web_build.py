"""The web app is built again when a file that it is made of has changed."""

import re

from darkroom.deploy.web_build import SOURCES, WEB
from darkroom.paths import REPOSITORY

IMPORTED = re.compile(r"""(?:from|import\()\s*['"](\.[^'"]+)['"]""")


def test_a_file_of_another_folder_counts_too():
    made_of = [REPOSITORY / source for source in SOURCES]
    outside = {(file.parent / name).resolve()
               for file in (WEB / "src").rglob("*.ts*")
               for name in IMPORTED.findall(file.read_text(encoding="utf-8"))
               if not (file.parent / name).resolve().is_relative_to(WEB)}
    assert outside == {REPOSITORY / "settings/identity.json"}
    assert outside <= set(made_of)
    assert all(source.exists() for source in made_of)
