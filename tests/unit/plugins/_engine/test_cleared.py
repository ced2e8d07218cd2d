# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An empty dictionary clears an object, also after Ansible has filled it with its suboptions."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import clears
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_api import RESOURCE

CONTACT = next(field for field in RESOURCE.fields if field.name == "contact")


@pytest.mark.parametrize("value", [{}, {"name": None, "url": None, "email": None}])
def test_an_empty_dictionary_clears(value) -> None:
    assert clears(CONTACT, value)


@pytest.mark.parametrize("value", [{"name": "", "url": None, "email": None}, {"name": "Ann"}])
def test_a_dictionary_that_says_something_does_not(value) -> None:
    assert not clears(CONTACT, value)
