# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What could not be verified about API Management, as switches. Everything else follows recordings or contracts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """One field per assumption; the default is the reading that most evidence speaks for.

    A sandbox's settings may override them: `options: {"apimanagement": {"entity_operation_form": "entity"}}`.
    """

    # PATCH and DELETE without If-Match: the contract demands it and the SDKs refuse to send them, but
    # terraform-provider-azurerm does (tags, named values, loggers, tenant access), and Azure follows
    require_if_match: bool = False
    # only the start of the 412 message was seen
    precondition_tail: str = ". Please refresh the resource and try again."
    # If-Match with a value on a PUT of something that does not exist ("*" is known to create it)
    if_match_value_creates: bool = False
    # the size of a page of a child list without $top, and the most that $top may ask for
    page_size: int = 100
    page_limit: int = 1000
    # from this api-version on a list that ends has `nextLink: ""` (specification examples); before, no nextLink
    empty_next_link_from: str = "2023-03-01-preview"
    # seconds a client is told to wait between polls of an operation of an entity; None: no Retry-After
    entity_retry_after: int | None = 1
    # from this api-version on the operation of an entity answers at once, with a body (contract of the SDKs)
    entity_operation_body_from: str = "2022-08-01"
    # where Azure-AsyncOperation of an operation of an entity leads. "tenant": to tenant/operationResults, which tells a
    # status (examples of azure-rest-api-specs); "entity": to the entity's own URL with azure-asyncId (quoted in GitHub
    # issue Azure/apiops-cli 148), which in the end answers with the entity, without status or provisioningState
    # (Azure/azure-sdk-for-python 40909, hashicorp/terraform-provider-azurerm 22771 and 30217)
    entity_operation_form: str = "tenant"
    # from this api-version on DELETE of an API is a long-running operation (contract of the SDKs)
    api_delete_operation_from: str = "2024-05-01"
    # writing below something that does not exist: 400 "Entity with specified identifier not found" instead of 404
    missing_parent_is_validation: bool = True
    # PUT of a name that a soft-deleted service reserves
    soft_deleted_name_status: int = 409
    # the code of a write to an API while an import of it runs ("Conflict" is reported as well)
    busy_code: str = "PessimisticConcurrencyConflict"
    # hours that a deleted service can be restored, and its name is reserved
    retention_hours: float = 48.0
    # state of a subscription without an owner, or to a product that needs no approval
    subscription_state: str = "active"
    # a subscription with an owner, not an administrator, to a product that needs approval
    subscription_state_with_approval: str = "submitted"
    # an entity that policies or other entities still use is not deleted
    refuse_delete_in_use: bool = True
    # display names of named values, tags and groups are unique within a service or workspace
    unique_display_names: bool = True
    # C# in policies is not compiled, only found; but what it names must exist
    check_policy_references: bool = True
    # an operation of an API without any schema may name one (example ApiManagementCreateApiOperation); where the API
    # has others, it may not (GitHub issues Azure/azure-api-management-devops-resource-kit 738 and 866, Azure/apiops-cli
    # 144). False: it may never (Azure/azure-powershell 15759)
    schemas_of_their_own: bool = True
    # an import by a link that leads out of this machine (nothing is ever fetched from there): an API without operations
    # stands in for the document; otherwise the import is refused
    links_have_stand_ins: bool = True
    # a subnet without a network security group: refused, or accepted and unhealthy, as networkstatus says then
    # (documentation of the classic tiers: "deployment fails or is unhealthy")
    require_security_group: bool = False
    # documentation masks certificates with asterisks; such data stands for a certificate that is made up
    masked_certificates: bool = True
    # durations in Azure seconds: creation, change of the network, change of anything else, deletion
    create_seconds: float = 40 * 60.0
    network_seconds: float = 40 * 60.0
    consumption_seconds: float = 60.0
    update_seconds: float = 15 * 60.0
    delete_seconds: float = 15 * 60.0
    import_seconds: float = 5.0
    entity_seconds: float = 1.0


DEFAULTS = Settings()
