"""The templates of all applications that the tests make, compiled once in a process."""

from types import CodeType

from flask import Flask
from flask.templating import Environment
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    """Code by what it is compiled from."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled before, if it was."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _CompiledOnce(Environment):
    def __init__(self, app: Flask, **options: object) -> None:
        super().__init__(app, bytecode_cache=_COMPILED, **options)


def compile_once() -> None:
    """Let every application made from now on share what is compiled: the most of what making one takes."""
    Flask.jinja_environment = _CompiledOnce
