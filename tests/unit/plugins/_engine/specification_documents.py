# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API specifications in every format, and what the service makes of the first one."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import wanted
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import Expected

#: The least that an operation can answer.
OK = {"200": {"description": "x"}}


def openapi(**parts: Any) -> Expected:
    """What is expected of an OpenAPI document with these parts."""
    document = {"openapi": "3.0.1", "info": {"title": "T"}, "paths": {}, **parts}
    return wanted(json.dumps(document), "openapi+json")


ORDERS = """\
openapi: 3.0.1
info:
  title: Orders
  version: "1"
  description: All orders
servers:
  - url: https://{region}.example.com/v1/
    variables: {region: {default: eu}}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}, description: Number of the order}
    get:
      operationId: getOrder
      summary: Get one order
      description: |
        Finds an order.
        Slowly.
      parameters:
        - {name: expand, in: query, schema: {type: string, enum: [lines, all], default: lines}}
        - {name: at, in: query, required: true, schema: {type: string, format: date, example: 2024-01-31}}
        - {name: X-Trace, in: header, schema: {type: string}, required: true}
        - {name: Accept, in: header, schema: {type: string}}
      responses:
        200:
          description: The order
          content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
        "404": {$ref: "#/components/responses/Missing"}
        default: {description: Something else}
    delete:
      operationId: deleteOrder
      responses: {"204": {description: Gone}, 4XX: {description: Not}}
  /orders:
    post:
      description: Make one
      requestBody: {$ref: "#/components/requestBodies/Order"}
      responses: {"201": {description: Made}}
components:
  responses:
    Missing: {description: No such order}
  requestBodies:
    Order: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    Order:
      type: object
      title: An order
      required: [id, at]
      properties:
        id: {type: integer, minimum: 0}
        at: {type: string, format: date}
      additionalProperties: false
"""

SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1"},
    "host": "pets.example.com",
    "basePath": "/v2",
    "schemes": ["http", "https"],
    "produces": ["application/json"],
    "consumes": ["application/json"],
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [{"name": "limit", "in": "query", "type": "integer", "description": "How many"}],
                "responses": {"200": {"description": "Pets", "schema": {"type": "array"}}},
            },
            "post": {
                "operationId": "addPet",
                "parameters": [{"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}],
                "responses": {"201": {"description": "Added"}},
            },
        }
    },
    "definitions": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}},
}

WADL = """\
<?xml version="1.0" encoding="utf-16"?>
<application xmlns="http://wadl.dev.java.net/2009/02">
  <doc title="Weather" />
  <resources base="https://weather.example.com/api/">
    <resource path="/cities/{city}">
      <param name="city" style="template" required="true" />
      <method name="GET" id="getCity">
        <request><param name="units" style="query" /></request>
        <response status="200 204" />
      </method>
      <resource path="today"><method name="get" id="getToday" /></resource>
    </resource>
  </resources>
</application>
"""

WSDL = """\
<wsdl:definitions name="Calc" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
                  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
  <wsdl:portType name="CalcSoap"><wsdl:operation name="Add" /><wsdl:operation name="Subtract" /></wsdl:portType>
  <wsdl:binding name="CalcBinding" type="tns:CalcSoap"><wsdl:operation name="Add" /></wsdl:binding>
  <wsdl:service name="Calculator">
    <wsdl:port name="CalcPort" binding="tns:CalcBinding">
      <soap:address location="https://calc.example.com/soap" />
    </wsdl:port>
  </wsdl:service>
</wsdl:definitions>
"""

ODATA = """\
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="Shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityContainer Name="Container"><EntitySet Name="Orders" EntityType="Shop.Order" /></EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""

GRAPHQL = """\
# the whole schema
type Query {
  "an order # by number"
  order(id: ID!, deep: Boolean = true): Order
}
type Order { id: ID! }
"""

PROTO = """\
syntax = "proto3";
// greetings
service Greeter {
  rpc Hello (Request) returns (Reply) {}
}
/* more
   text */
message Request { string name = 1; }
"""


def orders() -> dict[str, Any]:
    """The first document, to be changed. All keys are texts, as in JSON."""
    quoted = re.sub(r"^( +)(200|4XX):", r'\1"\2":', ORDERS, flags=re.MULTILINE).replace("2024-01-31", '"2024-01-31"')
    found = yaml.safe_load(quoted)
    assert isinstance(found, dict)
    return found


def text(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False)


def imported() -> list[dict[str, Any]]:
    """The operations that the service has after the import of the first document, as single reads answer them.

    As in azure-cli recording test_apim_policy_operations: operationId is the name, default becomes 400 and 500, each
    parameter has values, required query parameters are in the template. The texts are shown as the service cleans them.
    """
    order = [{"contentType": "application/json", "schemaId": "63090ee82354cb20d82cb16c", "typeName": "Order"}]
    number = {"name": "id", "description": "Number of the order", "type": "integer", "required": True, "values": []}
    get = {
        "displayName": "Get one order",
        "method": "GET",
        "urlTemplate": "/orders/{id}?at={at}",
        "templateParameters": [number, {"name": "at", "type": "string", "required": True, "values": []}],
        "description": "Finds an order.\r\nSlowly.\r\n",
        "request": {
            "queryParameters": [
                {"name": "expand", "type": "string", "defaultValue": "lines", "values": ["all", "lines"]},
            ],
            "headers": [{"name": "X-Trace", "type": "string", "required": True, "values": []}],
            "representations": [],
        },
        "responses": [
            {"statusCode": 200, "description": "The order", "representations": order, "headers": []},
            {"statusCode": 404, "description": "No such order", "representations": [], "headers": []},
            {"statusCode": 400, "description": "Something else", "representations": [], "headers": []},
            {"statusCode": 500, "description": "Something else", "representations": [], "headers": []},
        ],
        "policies": None,
    }
    delete = {
        "displayName": "deleteOrder",
        "method": "DELETE",
        "urlTemplate": "/orders/{id}",
        "templateParameters": [number],
        "request": {"queryParameters": [], "headers": [], "representations": []},
        "responses": [{"statusCode": 204, "description": "Gone"}, {"statusCode": 400, "description": "Not"}],
    }
    post = {
        "displayName": "/orders - POST",
        "method": "POST",
        "urlTemplate": "/orders",
        "templateParameters": [],
        "description": "Make one",
        "request": {"queryParameters": [], "headers": [], "representations": order},
        "responses": [{"statusCode": 201, "description": "Made", "representations": []}],
    }
    named = {"getOrder": get, "deleteOrder": delete, "post-orders": post}
    return [{"name": name, "properties": properties} for name, properties in named.items()]


def schemas() -> list[dict[str, Any]]:
    """The schemas that it has then."""
    order = {
        "type": "object",
        "properties": {"id": {"type": "integer", "minimum": 0.0}, "at": {"type": "string", "format": "date"}},
        "required": ["at", "id"],
        "additionalProperties": False,
    }
    document = {"components": {"schemas": {"Order": order, "post-orders201": {"type": "string"}}}}
    kind = "application/vnd.oai.openapi.components+json"
    return [{"name": "63090ee82354cb20d82cb16c", "properties": {"contentType": kind, "document": document}}]


def listed(operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as the list answers them: without their requests (azure-cli recording test_apim_api_operation)."""
    found = copy.deepcopy(operations)
    for item in found:
        item["properties"].pop("request")
    return found


DOCUMENTS = {
    "openapi": ORDERS,
    "openapi+json": json.dumps(orders()),
    "swagger-json": json.dumps(SWAGGER),
    "wadl-xml": WADL,
    "wsdl": WSDL,
    "odata": ODATA,
    "graphql": GRAPHQL,
    "grpc": PROTO,
}
