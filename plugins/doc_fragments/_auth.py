# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task proves who it is."""

from __future__ import annotations


class ModuleDocFragment:
    """Options that every module has. Names are those of azure.azcollection, so that credentials of AWX fit."""

    DOCUMENTATION = r"""
options:
  auth_source:
    description:
      - Where credentials come from.
      - V(auto) takes the first of these that there is; options of the task, environment variables, a federated token
        (workload identity), a profile of C(~/.azure/credentials), a managed identity, and the login of the Azure CLI.
      - The other values name one of these. O(auth_source=msi) is a managed identity.
      - O(secret), O(x509_certificate_path) and O(profile) choose a way by themselves, whatever the environment says. A
        profile that is asked for by name goes before the environment.
      - If this option is not given, the environment variable E(ANSIBLE_AZURE_AUTH_SOURCE) is used, and V(auto) if
        there is none.
    type: str
    choices: [auto, cli, credential_file, env, msi, workload_identity]
  profile:
    description:
      - Profile of C(~/.azure/credentials). The environment variable E(AZURE_PROFILE) is an alternative.
    type: str
  subscription_id:
    description:
      - Id of the Azure subscription. The environment variable E(AZURE_SUBSCRIPTION_ID) is an alternative.
    type: str
  client_id:
    description:
      - Client id of a service principal, or of a user-assigned managed identity. The environment variable
        E(AZURE_CLIENT_ID) is an alternative.
    type: str
  secret:
    description:
      - Client secret of the service principal. The environment variable E(AZURE_SECRET) (or
        E(AZURE_CLIENT_SECRET)) is an alternative.
    type: str
  tenant:
    description:
      - Tenant of the service principal. The environment variable E(AZURE_TENANT) (or
        E(AZURE_TENANT_ID)) is an alternative.
    type: str
  x509_certificate_path:
    description:
      - PEM file with the private key and the certificate of the service principal, instead of O(secret). The
        environment variable E(AZURE_X509_CERTIFICATE_PATH) is an alternative.
    type: path
  cloud_environment:
    description:
      - The cloud; V(AzureCloud), V(AzureChinaCloud), V(AzureUSGovernment), or the URL of an Azure Resource Manager that
        describes its cloud itself. The environment variable E(AZURE_CLOUD_ENVIRONMENT) is an alternative.
      - V(AzureCloud) if it is given nowhere.
    type: str
  disable_instance_discovery:
    description:
      - Whether the authority is trusted without asking Microsoft Entra ID about it, as disconnected clouds need it.
        The environment variable E(AZURE_DISABLE_INSTANCE_DISCOVERY) is an alternative.
    type: bool
requirements:
  - azure-identity
  - azure-mgmt-apimanagement >= 4.0.1
  - azure-mgmt-network
"""
