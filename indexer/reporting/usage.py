"""What a command says to whoever mistypes it: beside what is wrong, what to type instead.

That `--help` tells all is in the message of click anyway; here is what a newcomer most likely meant.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from indexer import errors
from indexer.reporting import streams


class Explained(click.Command):
    """A command whose errors say to which command an option belongs, and where an argument is to go.

    `elsewhere` has for an option of another command what is said of it; `too_many` is what to type in
    place of arguments that are too many.
    """

    elsewhere: Mapping[str, str] = {}
    too_many = "all that is taken here are options"

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Read the arguments, as the first thing of all: whatever is said of them has to go somewhere."""
        streams.settle()
        # All moments are told in UTC; a zone that cannot be read would stop what knows names of countries.
        os.environ["TZ"] = "UTC"
        try:
            return super().make_context(info_name, args, parent, **extra)
        except BrokenPipeError:
            raise
        except OSError as error:
            # Only --help and its like print before a command begins.
            program = parent.find_root().info_name if parent else info_name
            click.echo(f"{program}: standard output: {error.strerror}", err=True)
            raise SystemExit(errors.EXIT_CANNOT_WRITE) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; raise UsageError, for an option or an argument too many with what to type."""
        is_group = ctx.allow_extra_args
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if hint := self._of_another(ctx, error.option_name):
                raise click.UsageError(f"No such option '{error.option_name}'; {hint}", ctx) from None
            raise
        if rest and not is_group and not ctx.resilient_parsing:
            given = " ".join(rest)
            ctx.fail(f"Got more than is taken here: {given}; {self.too_many}")
        return rest

    def _of_another(self, ctx: click.Context, option: str) -> str:
        above = ctx.parent
        if above and any(option in one.opts for one in above.command.params):
            return f"it is an option of {above.command_path}, and stands before '{ctx.info_name}'"
        return self.elsewhere.get(option, "")
