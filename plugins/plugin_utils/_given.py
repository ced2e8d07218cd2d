# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook gives for options, as its module would meet it."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_dict

try:
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

    _ENCODER: dict[str, Any] = {"cls": get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)}
    _DECODER: dict[str, Any] = {"cls": get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE)}
except ImportError:  # ansible-core before 2.19
    from ansible.module_utils.common.json import AnsibleJSONEncoder

    _ENCODER = {"cls": AnsibleJSONEncoder, "vault_to_text": True}
    _DECODER = {}

Options = Mapping[str, Mapping[str, Any]]


def as_met(options: Options, given: Any) -> Any:
    """The arguments in plain JSON types, as they come out of the document in which a module gets them."""
    return json.loads(to_json(with_texts(options, given)), **_DECODER)


def to_json(value: Any, **how: Any) -> str:
    """The document in which a module gets a value. C(how): arguments of json.dumps."""
    return json.dumps(value, **how, **_ENCODER)


def with_texts(options: Options, args: Any) -> Any:
    """The arguments, with JSON in place of objects and lists where a text is wanted, and a text where Ansible stumbles.

    Before 2.19, ansible-core makes an object of a template's result that looks like one, be it the text of a JSON
    document, and then a text in Python's spelling of that. In place of an object with suboptions, it stumbles then over
    a text of which only a part is key=value, where it refuses one without. Whatever its version, it stumbles there over
    a number and a null in a list, and in place of a whole number over an infinite one.
    """
    if isinstance(args, list):
        return ["null" if item is None else with_texts(options, _object(item)) for item in args]
    if not isinstance(args, Mapping):
        return args
    mended = dict(args)
    for name, option in options.items():
        for key in {name, *option.get("aliases", ())} & mended.keys():
            value = mended[key]
            if option.get("options"):
                mended[key] = with_texts(option["options"], _object(value))
            elif option.get("type", "str") == "str" and isinstance(value, dict | list):
                mended[key] = to_json(value, ensure_ascii=False)
            elif option.get("type") == "int":
                mended[key] = _number(value)
    return mended


def _number(value: Any) -> Any:
    """What stands for a whole number: for an infinite one what YAML calls it, which Ansible takes for no number."""
    if isinstance(value, float | str):
        with contextlib.suppress(ValueError):
            return ".inf" if math.isinf(float(value)) else value
    return value


def _object(value: Any) -> Any:
    """What stands for an object with suboptions: what is in the text of one, the text of a number."""
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        return value
    if value.startswith("{"):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    try:
        with contextlib.suppress(TypeError):  # what Ansible refuses
            check_type_dict(value)
    except ValueError:
        return value.replace("=", ": ")
    return value
