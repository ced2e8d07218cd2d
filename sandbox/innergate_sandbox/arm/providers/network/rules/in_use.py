# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why something cannot be deleted while others use it."""

from __future__ import annotations

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.graph import Use


def user(use: Use) -> str:
    """Return the id under which messages name a user: of other providers' resources the resource itself."""
    return use.root if use.source == "reservation" else use.part


def _names(users: list[Use]) -> list[str]:
    return list(dict.fromkeys(user(use) for use in users))


def subnet(subnet_id: str, users: list[Use]) -> ArmError:
    """InUseSubnetCannotBeDeleted."""
    return faults.subnet_in_use(subnet_id.rpartition("/")[2], user(users[0]))


def security_group(group_id: str, users: list[Use]) -> ArmError:
    """InUseNetworkSecurityGroupCannotBeDeleted."""
    code, more = "InUseNetworkSecurityGroupCannotBeDeleted", " To learn how to do this, see aka.ms/deletensg."
    return faults.association_in_use("Network security group", code, group_id, _names(users), more)


def route_table(table_id: str, users: list[Use]) -> ArmError:
    """InUseRouteTableCannotBeDeleted (text: Azure/azure-xplat-cli#2867)."""
    name = table_id.rpartition("/")[2]
    return faults.refused("InUseRouteTableCannotBeDeleted", f"Route table {name} is in use and cannot be deleted.")


def nat_gateway(gateway_id: str, users: list[Use]) -> ArmError:
    """InUseNatGatewayCannotBeDeleted."""
    return faults.association_in_use("NAT gateway", "InUseNatGatewayCannotBeDeleted", gateway_id, _names(users))


def endpoint_policy(policy_id: str, users: list[Use]) -> ArmError:
    """The same of a service endpoint policy."""
    code = "ServiceEndpointPolicyInUseCannotBeDeleted"
    return faults.association_in_use("Service endpoint policy", code, policy_id, _names(users))


def public_address(address_id: str, users: list[Use]) -> ArmError:
    """PublicIPAddressCannotBeDeleted (hashicorp/terraform-provider-azurerm#2566)."""
    message = (
        f"Public IP address {address_id} can not be deleted since it is still allocated to resource {users[0].part}. "
        "In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how "
        "to do this, see aka.ms/deletepublicip."
    )
    return faults.refused("PublicIPAddressCannotBeDeleted", message)


def public_prefix(prefix_id: str, users: list[Use]) -> ArmError:
    """The same of a public IP prefix."""
    return faults.association_in_use("Public IP prefix", "InUsePublicIpPrefixCannotBeDeleted", prefix_id, _names(users))


def protection_plan(plan_id: str, users: list[Use]) -> ArmError:
    """The same of a DDoS protection plan."""
    code = "DdosProtectionPlanInUseCannotBeDeleted"
    return faults.association_in_use("DDoS protection plan", code, plan_id, _names(users))


def application_group(group_id: str, users: list[Use]) -> ArmError:
    """The same of an application security group (text: Azure/azure-cli#12591)."""
    name, parts = group_id.rpartition("/")[2], [use.part.rpartition("/")[2] for use in users]
    message = (
        f"Application Security Group {name} cannot be deleted because it is referenced by IpConfiguration(s) "
        f"{', '.join(dict.fromkeys(parts))}."
    )
    return faults.refused("ApplicationSecurityGroupInUse", message)


def interface(interface_id: str, users: list[Use]) -> ArmError:
    """The same of a network interface that a private endpoint made for itself."""
    message = f"Network interface {interface_id} is in use by {users[0].root} and cannot be deleted."
    return faults.refused("NicInUseWithPrivateEndpoint", message)


def frontend(frontend_id: str, users: list[Use]) -> ArmError:
    """The same of a load balancer's frontend behind a private link service."""
    message = f"Frontend IP configuration {frontend_id} is in use by {users[0].root} and cannot be deleted."
    return faults.refused("LoadBalancerFrontendIPConfigurationInUse", message)
