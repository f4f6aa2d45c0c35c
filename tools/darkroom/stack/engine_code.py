"""The code of functions, which the engine writes into files that are named by its hash."""
import contextlib
import os


class Code:
    """Hashes each code once. A checkpoint asks for the file of each function's and version's code, and the engine
    hashes a quarter of a gigabyte and more to find that all files are there: most of a checkpoint's time. Bytes do
    not change, so the names are kept here, in the engine, and the child that writes a checkpoint inherits them.

    `service` is MiniStack's module of functions."""

    def __init__(self, service):
        self._service, self._write = service, service._write_code_blob
        self._names = {}  # by the bytes' identity; the bytes are kept with it, so that no others get that
        service._write_code_blob = self.written

    def learn(self):
        """The names of what functions have now, and of nothing else: code that was replaced need not stay in memory."""
        # A disk that is full, or a function that appears meanwhile: then the child hashes, and says what is wrong.
        with contextlib.suppress(OSError, RuntimeError):
            functions = list(self._service._functions._data.values())
            versions = [version for function in functions for version in list(function.get("versions", {}).values())]
            codes = [code for each in functions + versions if isinstance(code := each.get("code_zip"), bytes)]
            self._names = {id(code): (code, self.written(code)) for code in codes}

    def written(self, code):
        _, name = self._names.get(id(code), (None, None))
        if name and os.path.exists(os.path.join(self._service.CODE_BLOB_DIR, f"{name}.zip")):
            return name
        return self._write(code)
