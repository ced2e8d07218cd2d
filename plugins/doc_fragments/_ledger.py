# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both modules of the ledger have."""

from __future__ import annotations


class ModuleDocFragment:
    """Where the ledger is, and what is about to be made or removed."""

    DOCUMENTATION = r"""
options:
  ledger:
    description:
      - Where the ledger is kept. Without it, there is none, and nothing is asked of Azure.
    type: dict
    default: {}
    suboptions:
      resource_group:
        description:
          - Name of the resource group of the API Management service that has the ledger. Defaults to
            O(resource_group).
        type: str
      service_name:
        description:
          - Name of that service.
        type: str
      name:
        description:
          - Name of the ledger. It is kept in named values of this name, followed by a hyphen and eight hexadecimal
            digits. There are several when it is long, or when several runs have begun it at the same moment.
        type: str
        default: innergate-ledger
      environment:
        description:
          - Who records something here, such as the host of the inventory and the namespace in the cluster. It is noted
            what it wants of all that is recorded as made, whoever made it.
        type: str
      known_environments:
        description:
          - The environments (O(ledger.environment)) of which this task and O(ledger.others) tell what they name, such
            as all of an inventory, and those that are gone. C(host) stands for C(host/namespace), whatever the
            namespace. What is noted as wanted by any other environment is not removed, whoever made it, and stays in
            the ledger.
          - If this is not given, these are O(ledger.environment) and O(ledger.others). Without O(ledger.environment),
            too, what is noted for environments keeps nothing.
        type: list
        elements: str
      others:
        description:
          - Other environments that are in use. What they name is not removed, whoever made it, and stays in the ledger.
            The filter P(innergate.azure.other_environments#filter) makes this of the variables of hosts.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description:
              - How people call the environment.
            type: str
            required: true
          shares_service:
            description:
              - Whether it is in the API Management service that has the ledger. What another one names in a service of
                its own does not matter.
            type: bool
            default: false
          service:
            description:
              - Its API Management service, as C(resource-group/name).
            type: str
          objects:
            description:
              - What else it uses, as names by kind, as ledgers have them.
            type: dict
            default: {}
          network:
            description:
              - Its subnets and network security groups, as O(network).
            type: dict
          addresses:
            description:
              - Its public IP addresses, as C(resource-group/name).
            type: list
            elements: str
            default: []
          cluster:
            description:
              - Its cluster, as O(cluster). Whether it is the same one is asked of both, unless they are reached in the
                same way.
            type: dict
            default: {}
          services:
            description:
              - Its services, as O(services).
            type: list
            elements: dict
            default: []
          manifests:
            description:
              - Its further objects, as O(manifests).
            type: list
            elements: dict
            default: []
          apis:
            description:
              - Its APIs, as O(apis).
            type: list
            elements: dict
            default: []
          products:
            description:
              - Its products, as O(products).
            type: list
            elements: dict
            default: []
          consumers:
            description:
              - Its consumers, as O(consumers).
            type: list
            elements: dict
            default: []
          unreadable:
            description:
              - Which of these parts are not known, and the variable that could not be read. What they may be about
                stays.
            type: dict
            default: {}
  resource_group:
    description:
      - The resource group of O(ledger) where that names none, such as the one that a play sets for all modules of the
        action group.
    type: str
  network:
    description:
      - Subnets and network security groups, as the role P(innergate.azure.vnet_subnets#role) takes them.
    type: dict
    suboptions:
      resource_group:
        description:
          - Name of the resource group of the virtual network.
        type: str
        required: true
      virtual_network:
        description:
          - Name of the virtual network.
        type: str
        required: true
      network_security_groups:
        description:
          - Network security groups, each with a C(name).
        type: list
        elements: dict
      subnets:
        description:
          - Subnets, each with a C(name).
        type: list
        elements: dict
  connection:
    description:
      - How a service is to be connected to a VNET, as M(innergate.azure.apim_vnet_join_plan) takes it. The public IP
        address that is recorded is the one that is planned.
    type: dict
    suboptions:
      resource_group:
        description:
          - Name of the resource group of the service.
        type: str
        required: true
      service_name:
        description:
          - Name of the service.
        type: str
        required: true
      service:
        description:
          - The service as M(innergate.azure.apim_service_info) has just answered it, to save a request.
        type: dict
      mode:
        description:
          - Mode of the connection.
        type: str
        choices: [External, Internal]
        default: External
      virtual_network:
        description:
          - Name of the virtual network.
        type: str
        required: true
      network_resource_group:
        description:
          - Resource group of the virtual network, when it is another than that of the service.
        type: str
      subnet:
        description:
          - Name of the subnet.
        type: str
        required: true
      public_ip_address:
        description:
          - Name of the public IP address that the service is to have.
        type: str
      other_public_ip_address:
        description:
          - Name of the one that it takes when it can't keep O(connection.public_ip_address).
        type: str
  cluster:
    description:
      - The cluster that O(services), O(manifests) and the Secrets and workloads of O(consumers) are in. Other ways to
        reach it are the environment variables E(KUBECONFIG) and C(K8S_AUTH_*), as with M(kubernetes.core.k8s).
    type: dict
    suboptions:
      kubeconfig:
        description:
          - Path of a kubeconfig.
        type: path
      context:
        description:
          - Context of the kubeconfig.
        type: str
      namespace:
        description:
          - Namespace of what names none.
        type: str
        default: default
  services:
    description:
      - Services, as the role P(innergate.azure.aks_services#role) takes them. Each is a Deployment and a Service in a
        namespace. Recorded as kinds V(kubernetes) and V(kubernetes_namespace).
    type: list
    elements: dict
  manifests:
    description:
      - Further objects of the role P(innergate.azure.aks_services#role), given together with O(services). Namespaces
        among them are recorded as kind V(kubernetes_namespace), for they go only if nothing is left in them.
    type: list
    elements: dict
  apis:
    description:
      - APIs, as the role P(innergate.azure.apim_apis#role) takes them, with their version sets, backends, operations
        and policies.
    type: list
    elements: dict
  products:
    description:
      - Products, as the role P(innergate.azure.apim_products#role) takes them, with their policies, APIs and groups.
    type: list
    elements: dict
  consumers:
    description:
      - Consumers, as the role P(innergate.azure.apim_consumers#role) takes them, with their subscriptions, Secrets and
        workloads. The latter are recorded as kinds V(kubernetes_consumer) and V(kubernetes_namespace).
    type: list
    elements: dict
  objects:
    description:
      - Names of other objects by kind. A name has the parts that tell the object apart, with slashes between them.
      - V(network_security_group) and V(public_ip_address) as C(resource-group/name), V(vnet_subnet) as
        C(resource-group/virtual-network/name).
      - V(apim_api), V(apim_backend), V(apim_product), V(apim_subscription), V(apim_version_set) by name, and
        V(apim_vnet_connection), the connection of the service to a VNET, by the name of the service.
      - V(apim_api_operation) as C(api/operation), V(apim_product_api) as C(product/api), V(apim_product_group) as
        C(product/group), V(apim_api_policy) by the API and V(apim_product_policy) by the product. They are parts of
        their API or product. A policy is recorded only if that was found.
      - Other kinds, for what is no object of Azure, can have any name.
    type: dict
    default: {}
notes:
  - What belongs to API Management is in the service that has the ledger.
"""
