# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes and texts of policies: fixed text, or C# that is evaluated for each call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.expressions.compiled import Expression, ExpressionError
from innergate_sandbox.gateway.expressions.format import to_text
from innergate_sandbox.gateway.messages import unpack

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange


class BadPolicy(ValueError):
    """A policy that cannot work: an attribute is missing or wrong. The text says which."""


@dataclass(frozen=True, eq=False)
class Value:
    """One attribute or text."""

    literal: str
    expression: Expression | None = None

    async def get(self, x: Exchange) -> Any:
        """Return the value; a Failure (500) if the expression cannot be evaluated."""
        if self.expression is None:
            return self.literal
        if self.expression.reads_body:
            await unpack(x.request)
            if x.response is not None:
                await unpack(x.response)
        try:
            return self.expression.evaluate(x)
        except ExpressionError as error:
            message = f"Expression evaluation failed. {error}"
            raise internal("ExpressionValueEvaluationFailure", message, detail=f"{error} in {self.literal}") from error

    async def text(self, x: Exchange) -> str:
        """Return the value as text (null is empty)."""
        return self.literal if self.expression is None else to_text(await self.get(x))

    async def flag(self, x: Exchange) -> bool:
        """Return the value as a boolean; text other than true and false is a Failure."""
        value = await self.get(x)
        if isinstance(value, bool):
            return value
        text = to_text(value).strip().lower()
        if text in ("true", "false"):
            return text == "true"
        raise internal("ExpressionValueEvaluationFailure", f"'{text}' is not a boolean.")

    async def number(self, x: Exchange) -> float:
        """Return the value as a number; anything else is a Failure."""
        value = await self.get(x)
        try:
            return float(value if isinstance(value, int | float) else to_text(value))
        except ValueError as error:
            raise internal("ExpressionValueEvaluationFailure", f"'{value}' is not a number.") from error

    @property
    def fixed(self) -> str:
        """The text of an attribute that takes no expression; a BadPolicy if it is one."""
        if self.expression is not None:
            raise BadPolicy(f"an expression is not allowed here: {self.literal}")
        return self.literal
