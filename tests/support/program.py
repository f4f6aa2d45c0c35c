"""`darkroom`, the program, with a folder of its own for its session."""

import contextlib
import json
import os
import subprocess

from tests.support.client import Person


class Darkroom:
    def __init__(self, program, api, state):
        self.program, self.api, self.state = program, api, state

    @property
    def session_file(self):
        return self.state / "darkroom" / "session.json"

    def run(self, *arguments, stdin="", code=0):
        """Its standard output; its standard error, if it must end with another code."""
        done = self.done(arguments, stdin)
        assert done.returncode == code, done.stderr
        return done.stderr if code else done.stdout

    def attempt(self, *arguments, stdin=""):
        """Its standard error, however it ended."""
        return self.done(arguments, stdin).stderr

    def done(self, arguments, stdin):
        environment = {"DARKROOM_API": self.api.url, "XDG_STATE_HOME": str(self.state), "PATH": os.environ["PATH"]}
        done = subprocess.run([self.program, *map(str, arguments)], input=stdin, env=environment, text=True,
                              capture_output=True, timeout=120)
        self.keep_secrets()
        return done

    def json(self, *arguments):
        return json.loads(self.run("--json", *arguments))

    def keep_secrets(self):
        with contextlib.suppress(FileNotFoundError):
            session = json.loads(self.session_file.read_text())
            for name in ("id_token", "refresh_token"):
                self.api.secrets.keep(session[name])

    def make_account(self, name):
        person = Person(self.api, name)
        assert "darkroom verify" in self.run("signup", person.email, stdin=f"{person.password}\n")
        self.run("verify", person.email, person.mailed_code())
        self.run("login", person.email, stdin=f"{person.password}\n")
        return person
