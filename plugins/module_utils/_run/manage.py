# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Managing modules: bring one resource into the wanted state."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._engine.addresses import (
    secrets_of_addresses,
    with_masked_addresses,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH, managing
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import link_secrets
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import check_sign_in
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._run.blame import about, add_missing, add_values
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.manager import Manager
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task


def manage(resource: ResourceType) -> Task:
    """The task of the module that manages the resource type."""

    def execute(context: Context) -> dict[str, Any]:
        manager: Manager | None = None
        try:
            check_sign_in(resource, context.params, AUTH.options)
            manager = _manager(resource)(resource, context)
            return manager.run()
        except PlanError as error:
            raise about(resource, context.params, error) from error
        except ArmError as error:
            if manager is None or not add_missing(manager.azure, manager.place, error):
                add_values(resource, context.params, error)
            raise

    return Task(
        managing(resource),
        execute,
        clients=(resource.client,),
        secrets=lambda options: link_secrets(options) | secrets_of_addresses(resource.fields, options),
        shown=lambda options: with_masked_addresses(resource.fields, options),
    )


def _manager(resource: ResourceType) -> type[Manager]:
    """Who manages the type. Loaded by those who need it only: a module's process reads each file anew."""
    if not any(field.compare is Compare.POLICY for field in resource.fields):
        return Manager
    from ansible_collections.innergate.azure.plugins.module_utils._run.policies import PolicyManager

    return PolicyManager
