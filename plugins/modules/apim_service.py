#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_service
short_description: Manage API Management services
version_added: 0.1.0
description:
  - Creates, changes and removes API Management services; joins them to a virtual network and takes them out again.
  - Creating a service of a classic tier, or changing its virtual network, takes Azure 15 to 45 minutes. The task
    waits for it and says now and then how it goes. While it runs, Azure refuses other changes of the service; the
    task waits for its turn.
  - A removed service is kept by Azure for 48 hours, and its name stays taken. O(recover) brings it back, O(purge)
    frees the name.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes
  - innergate.azure._attributes.action_group
  - innergate.azure._auth
  - innergate.azure._scope
  - innergate.azure._state
options:
  name:
    description:
      - Name of the service, unique in all of Azure. Letters, digits and dashes, at most 50.
    type: str
    required: true
    aliases: [service_name]
  location:
    description:
      - Azure region, for example V(westeurope) or V(West Europe).
      - Required when the service is created. It can't be changed afterwards.
    type: str
  sku:
    description:
      - Tier and size. Required when the service is created.
      - A classic tier can become another classic tier, but not a v2 tier or V(Consumption), and the other way round.
    type: dict
    suboptions:
      name:
        description:
          - Tier, required when the service is created. Only V(Developer) and V(Premium) can join a virtual network as a
            whole; V(StandardV2) can reach into one.
          - A service of the tier C(PremiumV2) is managed like the others where this is left out. It can't be asked for,
            because the API version of the SDK (2024-05-01) does not know that tier.
        type: str
        choices: [Developer, Basic, Standard, Premium, Consumption, Isolated, BasicV2, StandardV2]
      capacity:
        description:
          - Number of units; V(0) for V(Consumption). A new service has one when this is left out.
        type: int
  publisher_email:
    description:
      - Mail address that Azure writes to. Required when the service is created.
      - It has at most 100 characters.
    type: str
  publisher_name:
    description:
      - Name of the organization, shown in the developer portal. Required when the service is created.
      - It has at most 100 characters.
    type: str
  notification_sender_email:
    description:
      - Mail address that messages to developers come from.
      - It has at most 100 characters. An empty string puts back what Azure has by itself.
    type: str
  virtual_network_type:
    description:
      - Whether the service is joined to a virtual network, and whether its gateway can be called from outside
        (V(External)) or from the network only (V(Internal)).
      - A new service in a virtual network needs O(subnet).
    type: str
    choices: ["None", External, Internal]
  subnet:
    description:
      - Subnet that the service is joined to, as C(VNET/SUBNET) in the same resource group, or by ARM id. The virtual
        network has to be in the region of the service. An empty string, together with O(virtual_network_type=None),
        leaves it, and so does O(virtual_network_type=None) alone.
      - It needs O(virtual_network_type=External) or O(virtual_network_type=Internal).
    type: str
  public_ip_address:
    description:
      - Public IP address of a service in a virtual network, by name in the same resource group or by ARM id. It has
        to be a static Standard one with a DNS label, in the region of the service.
      - Azure wants another one when O(virtual_network_type), O(subnet) or O(zones) changes.
      - An empty string clears it. A service of a classic tier with O(virtual_network_type=External) can't be without
        one.
    type: str
  public_network_access:
    description:
      - Whether the service can be reached without a private endpoint.
    type: str
    choices: [Enabled, Disabled]
  nat_gateway_state:
    description:
      - Whether outbound traffic leaves by a NAT gateway.
    type: str
    choices: [Enabled, Disabled]
  disable_gateway:
    description:
      - Whether the gateway of the main region is off, in a service with O(additional_locations).
    type: bool
  enable_client_certificate:
    description:
      - Whether callers of a V(Consumption) service have to present a certificate.
    type: bool
  zones:
    description:
      - Availability zones of a V(Premium) service.
      - An empty list clears it.
    type: list
    elements: str
  additional_locations:
    description:
      - Further regions of a V(Premium) service. Those not named here are kept, unless
        O(purge_additional_locations=true).
      - An empty list changes nothing; with O(purge_additional_locations=true) it removes all.
    type: list
    elements: dict
    suboptions:
      location:
        description:
          - Azure region.
        type: str
        required: true
      sku:
        description:
          - Tier and size. Required for a new region.
        type: dict
        suboptions:
          name:
            description:
              - Tier, needed for a new region; that of the service.
            type: str
            choices: [Developer, Basic, Standard, Premium, Consumption, Isolated, BasicV2, StandardV2]
          capacity:
            description:
              - Number of units.
              - It is at least 0.
            type: int
      zones:
        description:
          - Availability zones.
        type: list
        elements: str
      subnet:
        description:
          - Subnet of the region, as C(VNET/SUBNET) in the same resource group, or by ARM id.
        type: str
      public_ip_address:
        description:
          - Public IP address of the region, by name in the same resource group or by ARM id.
        type: str
      nat_gateway_state:
        description:
          - Whether outbound traffic leaves by a NAT gateway.
        type: str
        choices: [Enabled, Disabled]
      disable_gateway:
        description:
          - Whether the gateway of the region is off.
        type: bool
  purge_additional_locations:
    description:
      - Whether regions that O(additional_locations) does not name are removed.
    type: bool
    default: false
  identity:
    description:
      - Managed identities of the service.
    type: dict
    suboptions:
      type:
        description:
          - Which kinds of identity the service has.
        type: str
        required: true
        choices: [SystemAssigned, UserAssigned, 'SystemAssigned, UserAssigned', "None"]
      user_assigned_identities:
        description:
          - User-assigned identities, by name in the same resource group or by ARM id. This is the whole list.
          - An empty list goes with an O(identity.type) without user-assigned identities.
        type: list
        elements: str
  hostname_configurations:
    description:
      - Host names. Those not named here are kept, unless O(purge_hostname_configurations=true). The built-in
        C(NAME.azure-api.net) is one of them.
      - An empty list changes nothing; with O(purge_hostname_configurations=true) it removes all but the built-in one.
    type: list
    elements: dict
    suboptions:
      host_name:
        description:
          - The host name.
        type: str
        required: true
      type:
        description:
          - What answers under the name; V(Proxy) is the gateway.
        type: str
        required: true
        choices: [Proxy, Portal, Management, Scm, DeveloperPortal, ConfigurationApi]
      key_vault_id:
        description:
          - URL of the key vault secret with the certificate.
        type: str
      identity_client_id:
        description:
          - Client id of the identity that reads the secret. Without it, the system-assigned one is used.
        type: str
      encoded_certificate:
        description:
          - The certificate as PKCS#12 file, in base64. Azure never shows it, so it is sent only together with another
            change of the host names.
        type: str
      certificate_password:
        description:
          - Password of the PKCS#12 file.
        type: str
      default_ssl_binding:
        description:
          - Whether the certificate is shown to callers that name no host.
        type: bool
      negotiate_client_certificate:
        description:
          - Whether callers are asked for a certificate.
        type: bool
      certificate_source:
        description:
          - Where the certificate comes from.
        type: str
        choices: [Managed, KeyVault, Custom, BuiltIn]
  purge_hostname_configurations:
    description:
      - Whether host names that O(hostname_configurations) does not name are removed.
    type: bool
    default: false
  certificates:
    description:
      - Certificates of authorities that the gateway trusts. This is the whole list.
      - An empty list clears it.
    type: list
    elements: dict
    suboptions:
      store_name:
        description:
          - Store that the certificate is put into.
        type: str
        required: true
        choices: [CertificateAuthority, Root]
      encoded_certificate:
        description:
          - The certificate in base64. Azure never shows it, so it is sent only together with another change of the
            list.
        type: str
      certificate_password:
        description:
          - Password of the certificate.
        type: str
  custom_properties:
    description:
      - Switches of the gateway, such as C(Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10).
        Those not named here are kept, unless O(purge_custom_properties=true).
      - A key whose value is V(null) is removed. The switches that each service has (SSL 3.0, TLS 1.0 and 1.1,
        Triple DES, HTTP/2) can't be removed, but are switched off.
    type: dict
  purge_custom_properties:
    description:
      - Whether custom properties that O(custom_properties) does not name are removed, or switched off.
    type: bool
    default: false
  min_api_version:
    description:
      - Oldest version of the management API that may be used with the service. An empty string allows all.
    type: str
  configuration_api:
    description:
      - The configuration API of the service.
      - An empty dictionary puts back what Azure has by itself.
    type: dict
    suboptions:
      legacy_api:
        description:
          - Whether the legacy configuration API, which self-hosted gateways of version 1 use, is on.
        type: str
        choices: [Enabled, Disabled]
  legacy_portal_status:
    description:
      - Whether the legacy developer portal is on.
    type: str
    choices: [Enabled, Disabled]
  developer_portal_status:
    description:
      - Whether the developer portal is on.
    type: str
    choices: [Enabled, Disabled]
  tags:
    description:
      - Tags of the resource. Tags not named here are kept, unless O(purge_tags=true). A tag set to null is removed.
      - A key whose value is V(null) is removed.
    type: dict
  purge_tags:
    description:
      - Whether tags that O(tags) does not name are removed.
    type: bool
    default: false
  recover:
    description:
      - Whether a service of this name that was removed in the last 48 hours is brought back, instead of creating a
        new one. It is then changed to what the task wants.
      - It comes back in the region and the resource group that it was in, with all that it had. So nothing but its name
        is needed, and another O(location) or O(resource_group) is refused.
    type: bool
  purge:
    description:
      - Whether O(state=absent) removes the service for good, so that its name is free at once. A service that was
        removed before is removed for good too; O(location) tells where to look for it. A removed service of another
        resource group is left alone.
    type: bool
  wait_timeout:
    description:
      - How many seconds to wait until Azure has finished what it was asked to do.
      - When the time is over, the task fails. Azure goes on; running the task again takes it up where it is.
    type: int
    default: 10800
seealso:
  - module: innergate.azure.apim_service_info
  - module: innergate.azure.vnet_subnet
  - module: innergate.azure.public_ip_address
  - name: Use a virtual network with API Management
    description: Tiers, modes and requirements.
    link: https://learn.microsoft.com/azure/api-management/virtual-network-concepts
"""

EXAMPLES = r"""
- name: Create an API Management service
  innergate.azure.apim_service:
    resource_group: contoso-rg
    name: contoso-gateway
    location: westeurope
    sku:
      name: Developer
    publisher_email: apis@contoso.com
    publisher_name: Contoso

- name: Change the service so that it reaches into a virtual network
  innergate.azure.apim_service:
    resource_group: contoso-rg
    name: contoso-gateway
    virtual_network_type: External
    subnet: contoso-vnet/apim-subnet
    public_ip_address: apim-ip
    tags:
      environment: staging

- name: Give the service an identity, and refuse old TLS versions
  innergate.azure.apim_service:
    resource_group: contoso-rg
    name: contoso-gateway
    identity:
      type: SystemAssigned
    custom_properties:
      Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10: false
      Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls11: false

- name: Remove an API Management service
  innergate.azure.apim_service:
    resource_group: contoso-rg
    name: contoso-gateway
    state: absent

- name: Bring the removed service back
  innergate.azure.apim_service:
    resource_group: contoso-rg
    name: contoso-gateway
    recover: true

- name: Remove the service for good, so that its name is free
  innergate.azure.apim_service:
    resource_group: contoso-rg
    name: contoso-gateway
    location: westeurope
    state: absent
    purge: true
"""

RETURN = r"""
id:
  description:
    - ARM id of the API Management service.
  returned: success
  type: str
  sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-gateway
resource:
  description:
    - The API Management service as it is, or would be in check mode, after the task.
    - V(null) when it does not exist.
    - What Azure answers beyond what is listed here is shown in snake case.
  returned: success
  type: dict
  contains:
    id:
      description:
        - ARM id of the API Management service.
      returned: always
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-gateway
    name:
      description:
        - Its name.
      returned: always
      type: str
      sample: contoso-gateway
    etag:
      description:
        - Entity tag.
      returned: when set
      type: str
      sample: AAAAAAADmodU=
    location:
      description:
        - Azure region, for example V(westeurope) or V(West Europe).
      returned: always
      type: str
      sample: West Europe
    sku:
      description:
        - Tier and size.
      returned: always
      type: dict
      contains:
        name:
          description:
            - Tier.
          returned: when set
          type: str
          sample: Developer
        capacity:
          description:
            - Number of units;
          returned: when set
          type: int
          sample: 1
    publisher_email:
      description:
        - Mail address that Azure writes to.
      returned: always
      type: str
      sample: apis@contoso.com
    publisher_name:
      description:
        - Name of the organization, shown in the developer portal.
      returned: always
      type: str
      sample: Contoso
    notification_sender_email:
      description:
        - Mail address that messages to developers come from.
      returned: when set
      type: str
      sample: apimgmt-noreply@mail.windowsazure.com
    virtual_network_type:
      description:
        - Whether the service is joined to a virtual network, and whether its gateway can be called from outside (V(External))
          or from the network only (V(Internal)).
      returned: when set
      type: str
      sample: External
    subnet:
      description:
        - Subnet that the service is joined to, as C(VNET/SUBNET) in the same resource group, or by ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/apim-subnet
    public_ip_address:
      description:
        - Public IP address of a service in a virtual network, as ARM id.
      returned: when set
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/publicIPAddresses/apim-ip
    public_network_access:
      description:
        - Whether the service can be reached without a private endpoint.
      returned: when set
      type: str
      sample: Enabled
    nat_gateway_state:
      description:
        - Whether outbound traffic leaves by a NAT gateway.
      returned: when set
      type: str
      sample: Disabled
    disable_gateway:
      description:
        - Whether the gateway of the main region is off, in a service with O(additional_locations).
      returned: when set
      type: bool
      sample: false
    enable_client_certificate:
      description:
        - Whether callers of a V(Consumption) service have to present a certificate.
      returned: when set
      type: bool
      sample: false
    zones:
      description:
        - Availability zones of a V(Premium) service.
      returned: when set
      type: list
      elements: str
      sample:
        - '1'
        - '2'
    additional_locations:
      description:
        - Further regions of the service.
      returned: when set
      type: list
      elements: dict
      contains:
        location:
          description:
            - Azure region.
          returned: always
          type: str
          sample: North Europe
        sku:
          description:
            - Tier and size.
          returned: always
          type: dict
          contains:
            name:
              description:
                - Tier; that of the service.
              returned: when set
              type: str
              sample: Premium
            capacity:
              description:
                - Number of units.
              returned: when set
              type: int
              sample: 1
        zones:
          description:
            - Availability zones.
          returned: when set
          type: list
          elements: str
          sample:
            - '1'
        subnet:
          description:
            - Subnet of the region, as C(VNET/SUBNET) in the same resource group, or by ARM id.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/virtualNetworks/north-vnet/subnets/apim-subnet
        public_ip_address:
          description:
            - Public IP address of the region, as ARM id.
          returned: when set
          type: str
          sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.Network/publicIPAddresses/apim-north-ip
        nat_gateway_state:
          description:
            - Whether outbound traffic leaves by a NAT gateway.
          returned: when set
          type: str
          sample: Disabled
        disable_gateway:
          description:
            - Whether the gateway of the region is off.
          returned: when set
          type: bool
          sample: false
        gateway_regional_url:
          description:
            - Address of the gateway of the region.
          returned: when set
          type: str
          sample: https://contoso-gateway-northeurope-01.regional.azure-api.net
        platform_version:
          description:
            - Generation of the platform.
          returned: when set
          type: str
          sample: stv2.1
        public_ip_addresses:
          description:
            - Public addresses of the region.
          returned: when set
          type: list
          elements: str
          sample:
            - 203.0.113.11
        private_ip_addresses:
          description:
            - Private addresses of the region.
          returned: when set
          type: list
          elements: str
          sample:
            - 10.1.0.5
    identity:
      description:
        - Managed identities of the service.
      returned: when set
      type: dict
      contains:
        type:
          description:
            - Which kinds of identity the service has.
          returned: always
          type: str
          sample: SystemAssigned
        user_assigned_identities:
          description:
            - User-assigned identities, as ARM id.
          returned: when set
          type: list
          elements: str
          sample: []
        principal_id:
          description:
            - Object id of the system-assigned identity.
          returned: when set
          type: str
          sample: 7f1d2b8e-0000-0000-0000-000000000000
        tenant_id:
          description:
            - Tenant of the system-assigned identity.
          returned: when set
          type: str
          sample: 11111111-1111-1111-1111-111111111111
    hostname_configurations:
      description:
        - Host names.
      returned: when set
      type: list
      elements: dict
      contains:
        host_name:
          description:
            - The host name.
          returned: always
          type: str
          sample: contoso-gateway.azure-api.net
        type:
          description:
            - What answers under the name;
          returned: always
          type: str
          sample: Proxy
        key_vault_id:
          description:
            - URL of the key vault secret with the certificate.
          returned: when set
          type: str
          sample: https://contoso.vault.azure.net/secrets/gateway
        identity_client_id:
          description:
            - Client id of the identity that reads the secret.
          returned: when set
          type: str
          sample: ceaa6b06-c00f-43ef-99ac-f53d1fe876a0
        default_ssl_binding:
          description:
            - Whether the certificate is shown to callers that name no host.
          returned: when set
          type: bool
          sample: true
        negotiate_client_certificate:
          description:
            - Whether callers are asked for a certificate.
          returned: when set
          type: bool
          sample: false
        certificate_source:
          description:
            - Where the certificate comes from.
          returned: when set
          type: str
          sample: BuiltIn
        certificate_status:
          description:
            - State of the certificate.
          returned: when set
          type: str
          sample: Completed
        certificate:
          description:
            - The certificate.
          returned: when set
          type: dict
          contains:
            expiry:
              description:
                - When the certificate expires.
              returned: when set
              type: str
              sample: '2027-03-01T00:00:00+00:00'
            thumbprint:
              description:
                - Its thumbprint.
              returned: when set
              type: str
              sample: 8E1C2A9B0F6D4E3C7B5A1D2F9E8C7B6A5D4F3E2C
            subject:
              description:
                - Its subject.
              returned: when set
              type: str
              sample: CN=*.azure-api.net
    certificates:
      description:
        - Certificates of authorities that the gateway trusts.
      returned: when set
      type: list
      elements: dict
      contains:
        store_name:
          description:
            - Store that the certificate is put into.
          returned: always
          type: str
          sample: Root
        certificate:
          description:
            - The certificate.
          returned: when set
          type: dict
          contains:
            expiry:
              description:
                - When the certificate expires.
              returned: when set
              type: str
              sample: '2027-03-01T00:00:00+00:00'
            thumbprint:
              description:
                - Its thumbprint.
              returned: when set
              type: str
              sample: 8E1C2A9B0F6D4E3C7B5A1D2F9E8C7B6A5D4F3E2C
            subject:
              description:
                - Its subject.
              returned: when set
              type: str
              sample: CN=*.azure-api.net
    custom_properties:
      description:
        - Switches of the gateway, such as C(Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10).
      returned: when set
      type: dict
      sample:
        Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10: 'False'
    min_api_version:
      description:
        - Oldest version of the management API that may be used with the service.
      returned: when set
      type: str
      sample: '2021-08-01'
    configuration_api:
      description:
        - The configuration API of the service.
      returned: when set
      type: dict
      contains:
        legacy_api:
          description:
            - Whether the legacy configuration API, which self-hosted gateways of version 1 use, is on.
          returned: when set
          type: str
          sample: Enabled
    legacy_portal_status:
      description:
        - Whether the legacy developer portal is on.
      returned: when set
      type: str
      sample: Disabled
    developer_portal_status:
      description:
        - Whether the developer portal is on.
      returned: when set
      type: str
      sample: Enabled
    tags:
      description:
        - Tags of the resource.
      returned: when set
      type: dict
      sample:
        environment: staging
    provisioning_state:
      description:
        - State of the last operation.
      returned: when set
      type: str
      sample: Succeeded
    target_provisioning_state:
      description:
        - State that Azure is working towards.
      returned: when set
      type: str
      sample: ''
    created_at_utc:
      description:
        - When the service was created.
      returned: when set
      type: str
      sample: '2026-03-01T09:00:00.123Z'
    gateway_url:
      description:
        - Address of the gateway.
      returned: when set
      type: str
      sample: https://contoso-gateway.azure-api.net
    gateway_regional_url:
      description:
        - Address of the gateway of the main region.
      returned: when set
      type: str
      sample: https://contoso-gateway-westeurope-01.regional.azure-api.net
    portal_url:
      description:
        - Address of the legacy developer portal.
      returned: when set
      type: str
      sample: https://contoso-gateway.portal.azure-api.net
    developer_portal_url:
      description:
        - Address of the developer portal.
      returned: when set
      type: str
      sample: https://contoso-gateway.developer.azure-api.net
    management_api_url:
      description:
        - Address of the direct management API.
      returned: when set
      type: str
      sample: https://contoso-gateway.management.azure-api.net
    scm_url:
      description:
        - Address of the Git repository with the configuration.
      returned: when set
      type: str
      sample: https://contoso-gateway.scm.azure-api.net
    platform_version:
      description:
        - Generation of the platform that the service runs on.
      returned: when set
      type: str
      sample: stv2.1
    public_ip_addresses:
      description:
        - Public addresses of the service.
      returned: when set
      type: list
      elements: str
      sample:
        - 203.0.113.10
    private_ip_addresses:
      description:
        - Private addresses of the service; in internal mode that of the gateway.
      returned: when set
      type: list
      elements: str
      sample:
        - 10.225.0.5
    outbound_public_ip_addresses:
      description:
        - Addresses that outbound traffic comes from.
      returned: when set
      type: list
      elements: str
      sample:
        - 203.0.113.10
error:
  description:
    - What went wrong, in the same shape for every module. Options that Ansible itself refuses have none.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - Azure's error code, or a word of this module's own; V(InvalidOptions) where the options can't work.
      returned: always
      type: str
      sample: ValidationError
    status:
      description:
        - HTTP status of the answer.
      returned: when Azure answered
      type: int
      sample: 400
    message:
      description:
        - What Azure said, or why it was not asked.
      returned: always
      type: str
      sample: 'One or more fields contain incorrect values:'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: /subscriptions/SUBSCRIPTION/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-gateway
    request_id:
      description:
        - Id of the request, for Azure support.
      returned: when Azure answered
      type: str
      sample: 8d1f2c1e-7a53-4c7c-9d4f-2f6e0c0a5b11
    operation:
      description:
        - The operation that failed.
      returned: when one did
      type: str
      sample: api_management_service.create_or_update
"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_service import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
