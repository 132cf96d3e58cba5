"""Templates that escape what they write in a third of the time: what they write is text in the end.

Jinja makes an object of each value that it escapes, which says that it is escaped; a page has a thousand of
them, and the next step only puts them end to end. Here they stay plain texts. What is already safe, and
everything that is not a text or a whole number, goes Jinja's own way.
"""

from __future__ import annotations

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import escape


def escaped(value: object) -> str:
    """Return a value as text for HTML, as `markupsafe.escape` writes it."""
    kind = type(value)
    if kind is str:
        text: str = value  # type: ignore[assignment]
        return (
            text.replace("&", "&amp;")
            .replace(">", "&gt;")
            .replace("<", "&lt;")
            .replace("'", "&#39;")
            .replace('"', "&#34;")
        )
    return str(value) if kind is int else escape(value)


class _Generator(CodeGenerator):
    """Writes `escaped` where Jinja writes `escape`, in what a template puts out."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")
            if finalize.src is not None:
                self.write(finalize.src)


class QuickEnvironment(Environment):
    """Flask's environment with these templates."""

    code_generator_class = _Generator
    escaped = staticmethod(escaped)
