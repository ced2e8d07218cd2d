# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in roles that matter here (Microsoft Learn: role-based-access-control built-in-roles)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One built-in role."""

    id: str
    name: str
    description: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()


ROLES = (
    Role(
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "Owner",
        "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
        ("*",),
    ),
    Role(
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "Contributor",
        "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC.",
        ("*",),
        ("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"),
    ),
    Role(
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Reader",
        "View all resources, but does not allow you to make any changes.",
        ("*/read",),
    ),
    Role(
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "User Access Administrator",
        "Lets you manage user access to Azure resources.",
        ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
    ),
    Role(
        "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "Network Contributor",
        "Lets you manage networks, but not access to them.",
        ("Microsoft.Authorization/*/read", "Microsoft.Network/*", "Microsoft.Resources/deployments/*"),
    ),
    Role(
        "312a565d-c81f-4fd8-895a-4e21e48d571c",
        "API Management Service Contributor",
        "Can manage service and the APIs",
        ("Microsoft.ApiManagement/service/*", "Microsoft.Authorization/*/read", "Microsoft.Resources/deployments/*"),
    ),
    Role(
        "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        "Azure Kubernetes Service Cluster Admin Role",
        "List cluster admin credential action.",
        ("Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",),
    ),
    Role(
        "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        "Azure Kubernetes Service Cluster User Role",
        "List cluster user credential action.",
        ("Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",),
    ),
    Role(
        "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
        "Azure Kubernetes Service Contributor Role",
        "Grants access to read and write Azure Kubernetes Service clusters",
        ("Microsoft.ContainerService/managedClusters/read", "Microsoft.ContainerService/managedClusters/write"),
    ),
    Role(
        "f1a07417-d97a-45cb-824c-7a7467783830",
        "Managed Identity Operator",
        "Read and Assign User Assigned Identity",
        ("Microsoft.ManagedIdentity/userAssignedIdentities/*/read",),
    ),
    # What the identity of an API Management service is given, so that loggers, named values and hosts can use it.
    Role(
        "2b629674-e913-4c01-ae53-ef4638d8f975",
        "Azure Event Hubs Data Sender",
        "Allows send access to Azure Event Hubs resources.",
        ("Microsoft.EventHub/*/eventhubs/read",),
        data_actions=("Microsoft.EventHub/*/send/action",),
    ),
    Role(
        "3913510d-42f4-4e42-8a64-420c390055eb",
        "Monitoring Metrics Publisher",
        "Enables publishing metrics against Azure resources",
        (
            "Microsoft.Insights/Register/Action",
            "Microsoft.Support/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ),
        data_actions=("Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"),
    ),
    Role(
        "4633458b-17de-408a-b874-0445c86b69e6",
        "Key Vault Secrets User",
        "Read secret contents. Only works for key vaults that use the 'Azure role-based access control' permission "
        "model.",
        (),
        data_actions=(
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ),
    ),
)


def shown(role: Role, subscription: str | None) -> dict[str, object]:
    """Return a role as ARM answers it."""
    scope = f"/subscriptions/{subscription}" if subscription else ""
    permissions = {
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": list(role.data_actions),
        "notDataActions": [],
    }
    properties = {
        "roleName": role.name,
        "type": "BuiltInRole",
        "description": role.description,
        "assignableScopes": ["/"],
        "permissions": [permissions],
    }
    own = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role.id}"
    return {"id": own, "name": role.id, "type": "Microsoft.Authorization/roleDefinitions", "properties": properties}
