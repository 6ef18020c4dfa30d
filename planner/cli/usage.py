"""Help texts and numbers, in our own words instead of typer's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.core import TyperCommand

from planner.errors import UnusableInput


class Command(TyperCommand):
    """A command whose arguments are called in its help what their metavar says, and nothing else."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words of the usage line."""
        return ["[OPTIONS]", *(argument.metavar for argument in self._parameters(ctx, "argument"))]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes what the arguments and options mean."""
        arguments = [(argument.metavar, argument.help) for argument in self._parameters(ctx, "argument")]
        options = [option.get_help_record(ctx) for option in self._parameters(ctx, "option")]
        for heading, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def _parameters(self, ctx: Any, kind: str) -> list[Any]:
        return [parameter for parameter in self.get_params(ctx) if parameter.param_type_name == kind]


def whole(option: str, least: int) -> Callable[[str | int], int]:
    """The reader of an option's whole number, `least` or more, which raises UnusableInput."""

    def read(value: str | int) -> int:
        text = str(value)
        try:
            if not (text.isascii() and text.isdigit()):
                raise ValueError
            number = int(text)
            if number < least:
                raise ValueError
        except ValueError:
            raise UnusableInput(f"{option} {text!r}: allowed: a whole number, {least} or more") from None
        return number

    return read
