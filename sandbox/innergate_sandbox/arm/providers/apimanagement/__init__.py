# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.ApiManagement: the control plane of API Management.

Every resource type is one declaration (`resources/`), one engine (`engine/`) serves them all. This is where things
are kept in the store, for whoever reads them (the gateway does). `~` is the id of a service,
`/subscriptions/S/resourceGroups/G/providers/Microsoft.ApiManagement/service/NAME`; ids are compared without case.
`Entity.type` is the ARM type, such as `Microsoft.ApiManagement/service/apis/operations`.

==========================================  ============================================================================
entity                                      what it holds
==========================================  ============================================================================
`~`                                         body: the service as ARM shows it (location, sku, identity, zones, tags,
                                            properties with provisioningState). Only a service that is Succeeded or
                                            Updating serves calls. hidden: `join` (what the network gave it)
`~/...` of any other type                   body: `{"properties": {...}}` as a GET shows them. What a GET keeps back is in
                                            hidden under the same property name
`~/apis/A`                                  properties that all revisions share: displayName, path, description,
                                            protocols, subscriptionRequired, apiVersion, apiVersionSetId, type, ...
                                            hidden: `current`, the number (a text) of the current revision
`~/apis/A/revisions/N`                      properties of one revision: apiRevision, serviceUrl,
                                            subscriptionKeyParameterNames, authenticationSettings, isOnline, ...
`~/apis/A/revisions/N/operations/O`         what belongs to a revision lies below it: operations, schemas, policies,
`~/apis/A/revisions/N/policies/policy`      resolvers, tags (ARM shows them below `apis/A;rev=N`, and those of the current
`.../operations/O/policies/policy`          revision below `apis/A`); releases, diagnostics, issues and wikis are the API's
`~/policies/policy`,                        policy documents: properties.value is the document as the service keeps it, in
`~/products/P/policies/policy`, ...         the form `rawxml` (C# expressions are not escaped: not always XML), whatever
`~/policyFragments/F`                       format it was written in. `policies.document.parse` reads it
`~/namedValues/V`                           properties.displayName is the token of `{{token}}`; hidden: `value`, the
                                            effective value of every named value, secret or not
`~/subscriptions/S`                         properties.state and properties.scope (a full id: `~/products/P`, `~/apis/A`,
                                            `~/apis` for all APIs, `~/` for the built-in master subscription),
                                            properties.ownerId; hidden: `primaryKey`, `secondaryKey`
`~/products/P/apis/A`, `.../groups/G`       links: an entity without properties; hidden: `link`, its name as an apiLink
`~/apis/A/revisions/N/tags/T`, ...          likewise for tags of APIs, operations and products
`~/gateways/G/apis/A`, `~/groups/G/users/U` likewise
`~/backends/B`                              properties.url, or properties.pool.services[].id (`/backends/B2` or a full id)
`~/certificates/C`                          hidden: `data` (base64 PFX), `password`
`~/workspaces/W/...`                        the same types once more
`/subscriptions/S/providers/                a soft-deleted service; hidden: `service`, what is needed to restore it
  Microsoft.ApiManagement/deletedservices/`
==========================================  ============================================================================

Every change of anything below a service is announced by `ctx.signal("apim-changed", service=<id of the service>)`.
"""

from .provider import ApiManagement

PROVIDER = ApiManagement()

__all__ = ["PROVIDER", "ApiManagement"]
