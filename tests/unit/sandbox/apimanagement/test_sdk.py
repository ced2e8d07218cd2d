# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service driven by the unmodified SDK (azure-mgmt-apimanagement) over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.apimanagement import ApiManagementClient, models
from innergate_sandbox.arm.providers.apimanagement import PROVIDER
from innergate_sandbox.testing import served

HERE = {"resource_group_name": "rg", "service_name": "gate"}
POLICY = """<policies><inbound><base />
    <set-header name="x"><value>@(1 < 2 ? "a" : "b")</value></set-header></inbound></policies>"""
OPENAPI = """{"openapi": "3.0.1", "info": {"title": "Pets", "version": "1"},
    "paths": {"/": {"get": {"operationId": "root", "responses": {}}}}}"""


@pytest.fixture(scope="module")
def client() -> Iterator[ApiManagementClient]:
    """A client, and a service of the Developer tier that was created with it."""
    with served(PROVIDER) as arm:
        client = ApiManagementClient(
            arm.credential(), arm.subscription_id, base_url=arm.base_url,
            credential_scopes=[arm.base_url + "/.default"], connection_verify=arm.ca, polling_interval=1,
        )  # fmt: skip
        made = client.api_management_service.begin_create_or_update(
            **HERE,
            parameters=models.ApiManagementServiceResource(
                location="westeurope", publisher_email="ops@example.com", publisher_name="Operations",
                sku=models.ApiManagementServiceSkuProperties(name="Developer", capacity=1),
            ),
        ).result()  # fmt: skip
        assert (made.provisioning_state, made.location) == ("Succeeded", "West Europe")
        yield client
        client.close()


def test_an_api_with_everything(client: ApiManagementClient) -> None:
    api = client.api.begin_create_or_update(
        **HERE, api_id="orders",
        parameters=models.ApiCreateOrUpdateParameter(
            display_name="Orders", path="/orders", protocols=["https"], service_url="http://10.0.0.9"),
    ).result()  # fmt: skip
    assert (api.path, api.is_current, api.api_revision) == ("orders", True, "1")
    operation = client.api_operation.create_or_update(
        **HERE, api_id="orders", operation_id="get",
        parameters=models.OperationContract(
            display_name="Get", method="GET", url_template="/{id}",
            template_parameters=[models.ParameterContract(name="id", type="string", required=True)]),
    )  # fmt: skip
    assert operation.template_parameters[0].values == []
    policy = client.api_policy.create_or_update(
        **HERE, api_id="orders", policy_id="policy",
        parameters=models.PolicyContract(value=POLICY, format="rawxml"),
    )  # fmt: skip
    assert '@(1 < 2 ? "a" : "b")' in policy.value
    assert client.api_policy.get_entity_tag(**HERE, api_id="orders", policy_id="policy")
    client.product.create_or_update(**HERE, product_id="p", parameters=models.ProductContract(display_name="P"))
    client.product_api.create_or_update(**HERE, product_id="p", api_id="orders")
    assert client.product_api.check_entity_exists(**HERE, product_id="p", api_id="orders")
    with pytest.raises(ResourceNotFoundError):
        client.product_api.check_entity_exists(**HERE, product_id="p", api_id="echo-api")
    made = client.subscription.create_or_update(
        **HERE, sid="s", parameters=models.SubscriptionCreateParameters(display_name="S", scope="/products/p")
    )
    assert client.subscription.list_secrets(**HERE, sid="s").primary_key == made.primary_key
    assert [item.name for item in client.api.list_by_service(**HERE, filter="path eq 'orders'")] == ["orders"]


def test_an_import_is_followed_to_its_end(client: ApiManagementClient) -> None:
    parameters = models.ApiCreateOrUpdateParameter(format="openapi+json", value=OPENAPI, path="pets")
    api = client.api.begin_create_or_update(**HERE, api_id="pets", parameters=parameters).result()
    assert api.display_name == "Pets"
    assert [item.name for item in client.api_operation.list_by_api(**HERE, api_id="pets")] == ["root"]
    if hasattr(client.api, "begin_delete"):
        client.api.begin_delete(**HERE, api_id="pets", if_match="*").result()
    else:  # before version 5
        client.api.delete(**HERE, api_id="pets", if_match="*")
    with pytest.raises(ResourceNotFoundError, match="Api not found"):
        client.api.get(**HERE, api_id="pets")


def test_a_named_value(client: ApiManagementClient) -> None:
    parameters = models.NamedValueCreateContract(display_name="token", value="v", secret=True)
    made = client.named_value.begin_create_or_update(**HERE, named_value_id="n", parameters=parameters).result()
    assert (made.secret, made.value) == (True, None)
    assert client.named_value.list_value(**HERE, named_value_id="n").value == "v"
    with pytest.raises(HttpResponseError) as caught:
        client.named_value.delete(**HERE, named_value_id="n", if_match='"AAAAAAAAAAE="')
    assert (caught.value.status_code, caught.value.error.code) == (412, "PreconditionFailed")
    client.named_value.delete(**HERE, named_value_id="n", if_match="*")


@pytest.fixture(scope="module")
def filled(client: ApiManagementClient) -> ApiManagementClient:
    """The client, and one entity of each type that can be managed."""
    parameters = models.ApiCreateOrUpdateParameter(display_name="F", path="filled", protocols=["https"])
    client.api.begin_create_or_update(**HERE, api_id="filled", parameters=parameters).result()
    api = {**HERE, "api_id": "filled"}
    client.api_operation.create_or_update(
        **api, operation_id="o", parameters=models.OperationContract(display_name="O", method="GET", url_template="/o")
    )
    policy = models.PolicyContract(value=POLICY, format="rawxml")
    client.api_policy.create_or_update(**api, policy_id="policy", parameters=policy)
    client.api_operation_policy.create_or_update(**api, operation_id="o", policy_id="policy", parameters=policy)
    client.product.create_or_update(**HERE, product_id="filled", parameters=models.ProductContract(display_name="F"))
    client.product_policy.create_or_update(**HERE, product_id="filled", policy_id="policy", parameters=policy)
    client.group.create_or_update(**HERE, group_id="g", parameters=models.GroupCreateParameters(display_name="G"))
    client.subscription.create_or_update(
        **HERE, sid="filled", parameters=models.SubscriptionCreateParameters(display_name="F", scope="/apis")
    )
    client.backend.create_or_update(
        **HERE, backend_id="b", parameters=models.BackendContract(url="https://b.example.com/", protocol="http")
    )
    client.tag.create_or_update(**HERE, tag_id="g", parameters=models.TagCreateUpdateParameters(display_name="G"))
    client.api_version_set.create_or_update(
        **HERE, version_set_id="v",
        parameters=models.ApiVersionSetContract(display_name="V", versioning_scheme="Segment"),
    )  # fmt: skip
    client.named_value.begin_create_or_update(
        **HERE, named_value_id="g", parameters=models.NamedValueCreateContract(display_name="g", value="v")
    ).result()
    return client


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("api", {"api_id": "filled"}),
        ("api_operation", {"api_id": "filled", "operation_id": "o"}),
        ("api_policy", {"api_id": "filled", "policy_id": "policy"}),
        ("api_operation_policy", {"api_id": "filled", "operation_id": "o", "policy_id": "policy"}),
        ("product", {"product_id": "filled"}),
        ("product_policy", {"product_id": "filled", "policy_id": "policy"}),
        ("group", {"group_id": "g"}),
        ("subscription", {"sid": "filled"}),
        ("backend", {"backend_id": "b"}),
        ("tag", {"tag_id": "g"}),
        ("api_version_set", {"version_set_id": "v"}),
        ("named_value", {"named_value_id": "g"}),
    ],
)
def test_what_was_read_can_be_written_back(filled: ApiManagementClient, group: str, names: dict[str, str]) -> None:
    """A client that reads, changes nothing and writes makes no new version (facts: same content, same ETag)."""
    operations, keys = getattr(filled, group), {**HERE, **names}
    state = getattr(operations, "get_entity_tag", None) or operations.get_entity_state
    tags: list[str] = []

    def note(response: Any, dummy: Any, headers: dict[str, str]) -> None:
        tags.append(response.http_response.headers["ETag"])

    state(**keys, cls=note)
    found = operations.get(**keys)
    write = getattr(operations, "begin_create_or_update", None) or operations.create_or_update
    answer = write(**keys, parameters=found)
    again = answer.result() if hasattr(answer, "result") else answer
    assert again.name == found.name
    state(**keys, cls=note)
    assert tags[0] == tags[1]


def test_pages_are_joined(client: ApiManagementClient) -> None:
    for number in range(5):
        parameters = models.TagCreateUpdateParameters(display_name=f"tag {number}")
        client.tag.create_or_update(**HERE, tag_id=f"t{number}", parameters=parameters)
    found = client.tag.list_by_service(**HERE, top=2, filter="startswith(name, 't')")
    assert [item.name for item in found] == [f"t{number}" for number in range(5)]


def test_refusals_have_their_details(client: ApiManagementClient) -> None:
    with pytest.raises(HttpResponseError) as caught:
        client.backend.create_or_update(
            **HERE, backend_id="b", parameters=models.BackendContract(url="x", protocol="http")
        )
    assert caught.value.error.code == "ValidationError"
    assert [item.target for item in caught.value.error.details] == ["url"]


def test_the_status_of_the_network(client: ApiManagementClient) -> None:
    found = client.network_status.list_by_service(**HERE)
    assert found[0].network_status.connectivity_status[0].status == "success"
    names = client.api_management_service.check_name_availability({"name": "gate"})
    assert (names.name_available, names.reason) == (False, "AlreadyExists")


def test_deleting_and_purging(client: ApiManagementClient) -> None:
    client.api_management_service.begin_delete(**HERE).result()
    assert [item.name for item in client.deleted_services.list_by_subscription()] == ["gate"]
    client.deleted_services.begin_purge(service_name="gate", location="westeurope").result()
    assert list(client.deleted_services.list_by_subscription()) == []
