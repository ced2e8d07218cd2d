# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m innergate_sandbox.kubernetes.build`: build the control plane now; the last line is its folder."""

from __future__ import annotations

import sys

from innergate_sandbox.kubernetes.build.builder import BuildError, build
from innergate_sandbox.kubernetes.build.recipe import RecipeError, find_recipe
from innergate_sandbox.kubernetes.build.toolchain import ToolchainError


def main() -> int:
    """Build if needed and print the folder as the last line."""

    def say(text: str) -> None:
        print(text, flush=True)

    try:
        print(build(find_recipe(), say), flush=True)
    except (BuildError, RecipeError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the next run continues here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
