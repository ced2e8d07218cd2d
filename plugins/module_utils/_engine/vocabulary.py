# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words in which an Azure resource type is declared.

A declaration (one file of C(_resources)) is data: where a resource lives, which SDK operation group serves it, which
fields it has and how each of them is compared. Argument spec, check mode, diff, the info module, documentation checks
and contract tests all follow from it. Nothing here performs I/O.

Rules that hold for every field:

* An option that the user omits (or sets to null) is not managed: it keeps what Azure has.
* C("") clears a string or a reference, C([]) empties a list, C({}) clears an object, unless C(empty_is_value) is set.
* C(wire) is a dotted path into the wire JSON; below an object or a list of objects it is relative to that object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

#: As a C(Field.default_on_create) of a resource, not of what is in it: its own name.
OWN_NAME = "{name}"


class Compare(Enum):
    """How a wanted value is compared with what Azure has. Elements of lists are compared in the same way."""

    EXACT = "exact"  # same JSON value
    CASELESS = "caseless"  # enumerations that Azure answers in other casing
    ARM_ID = "arm_id"  # ARM ids are case-insensitive
    LOCATION = "location"  # "westus" is answered as "West US"
    CIDR = "cidr"  # 10.0.0.0/24 written in any equivalent way
    PATH = "path"  # a leading slash is stripped by the service
    NUMBER_TEXT = "number_text"  # "1" and 1 and True/"True" are the same
    DURATION = "duration"  # ISO 8601 durations: PT60S is PT1M
    POLICY = "policy"  # policy documents, by meaning (policy.py)
    SPECIFICATION = "specification"  # API specifications, by meaning (specification.py)
    SEALED = "sealed"  # a secret that Azure answers as a token of its own making, {{token}}: a reference {{name}} to a
    # named value is compared, any other text can't be, and is sent only when something else is written
    NEVER = "never"  # cannot be read back and is not compared: sent only when something else is written


class Items(Enum):
    """What a list or a map given by the user says about the elements it does not name."""

    REPLACE = "replace"  # the list given is the whole list, in this order
    SET = "set"  # the list given is the whole list, order has no meaning
    BY_KEY = "by_key"  # objects found by Field.key; others are kept unless the purge option is set
    MERGE = "merge"  # maps: keys given are managed, null removes a key, others are kept unless the purge option is set


class IfMatch(Enum):
    """Whether writes carry If-Match."""

    NO = "no"  # link resources, the service itself
    ANY = "any"  # the contract demands one on PATCH and DELETE; "*" is sent unless the task gives an ETag
    BODY = "body"  # the ETag found by the read before is sent, so that a concurrent change is not overwritten (network)


@dataclass(frozen=True)
class Reference:
    """The value names another resource: a plain name or a full ARM id.

    C(template) makes the full id from a plain name, with C({name}) and the ids and options of the resource itself:
    C({service}) the APIM service id, C({resource_group_id}), C({subscription}) the subscription id path, or any option.
    C(form) is what goes on the wire: C("full") ARM id, C("relative") id below the APIM service (C(/products/x)).
    A value that starts with C(/subscriptions/) (any case) is taken as a full id, one that starts with C(/) as relative.
    What has another shape than the template is refused, and with C({service}) what another service has; C(any_type)
    lets everything in the service pass (a subscription is for a product, an API, or all of them).
    A template that contains C({parent}) takes plain values of two parts, C(parent/name): a subnet as C(vnet/subnet).
    """

    template: str
    form: str = "full"
    any_type: bool = False


@dataclass(frozen=True)
class Field:
    """One option and its place in the wire JSON."""

    name: str  # option name, snake_case
    type: str = "str"  # str bool int float dict list
    wire: str = ""  # dotted path; default: camelCase of the name, below "properties." at the top level
    # for lists: str int float dict; for dicts without suboptions: "str" = values become texts, "dict" or "list" = other
    # values are refused
    elements: str | None = None
    fields: tuple[Field, ...] = ()  # suboptions of a dict or of the elements of a list of dicts
    choices: tuple[Any, ...] = ()
    aliases: tuple[str, ...] = ()
    required: bool = False  # always
    required_on_create: bool = False  # only while the resource does not exist; said before anything is sent
    # sent when the resource is created and the option is omitted; OWN_NAME: what the resource itself is called
    default_on_create: Any = None
    default_unless: tuple[str, ...] = ()  # options beside it that bring a value along, so that none is sent
    compare: Compare = Compare.EXACT
    items: Items = Items.REPLACE
    scalar: str = ""  # lists: wire path (as wire) of the twin that stands for a list of one: addressPrefix beside
    # addressPrefixes. Either may hold the value in an answer; one element is written to the twin, several to the list
    key: str = ""  # for BY_KEY: option name of the identifying suboption
    key_compare: Compare = Compare.CASELESS
    purge: str = ""  # for BY_KEY and MERGE: name of a bool option (default false) that removes what is not named
    # pure: for BY_KEY, an element on the wire -> whether Azure has added it and keeps it, so that purging leaves it
    lasting: Callable[[Any], bool] | None = None
    # a change is an error that says so, neither a warning nor a re-creation; so is a value where there has been none
    immutable: bool = False
    read_only: bool = False  # only in results
    secret: bool = False  # no_log, never in a diff, in a result only when the task asks for secrets
    # bool option of the resource: unless it is true, the value is no secret. It is not shown all the same, but the rest
    # of the result (ids with the same word in them) is left as it is
    secret_when: str = ""
    # of texts and lists of them: what lets somebody in, a user and keys in its query, is starred wherever it is shown
    address: bool = False
    write_only: bool = False  # GET never answers it
    read_back: str = ""  # name of the secret reader (ResourceType.secrets) which answers a write-only value
    reference: Reference | None = None
    empty_is_value: bool = False  # "" / [] / {} is an ordinary value here (the path of a root API)
    empty_on_wire: Any = None  # what is sent to clear the field: None (JSON null) or "" or [] or {}
    # what Azure has in place of nothing, as it is on the wire. It is what is sent to clear the field, so that everybody
    # sees what comes of it, and a field that has it is a cleared one. Of a map: the keys that are there in any case
    vacant: Any = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    # a text that is shorter than this is refused, so "" is no way to clear it; of a list: its elements, which are
    # never empty unless this is 0. Needless where the option is required: what Azure demands can't be cleared
    min_length: int | None = None
    min_items: int | None = None  # of lists; 1: the list can't be emptied
    max_items: int | None = None
    unique: bool = False  # of lists: an element that is there twice, as C(compare) sees it, is refused
    pattern: str = ""  # regular expression the whole text must match
    # pure: a text (of a list: each element) -> why it can't be a value, None if it can: "has bits of a host: ..."
    well_formed: Callable[[str], str | None] | None = None
    # (option beside it, value): the only value with which Azure takes this one. With any other it is left out of what
    # is sent, even if Azure has a value of before; what GET answers then (null) is what from_azure makes of null
    only_with: tuple[str, Any] | None = None
    # options beside it that Azure does not take together with it: a value for this one takes theirs away, unless the
    # task names them, too. Where updates are PATCHes, the whole resource is PUT then: a PATCH takes nothing away
    excludes: tuple[str, ...] = ()
    # (option beside it, value): what Azure makes of that option when this one has a value. It is sent along, so that
    # everybody sees what comes of it, unless the task names the option itself
    implies: tuple[str, Any] | None = None
    implied_by: tuple[str, ...] = ()  # the values, in any case, from which that follows; empty: from every value
    # of lists, (option beside it, pure: element on the wire, a value of that option -> whether Azure takes the element
    # there): where the task names that option and not this one, the elements go that Azure would refuse
    stays_with: tuple[str, Callable[[Any, Any], bool]] | None = None
    echo: str = ""  # wire path beside it where Azure repeats the value, in another shape; left out when this is written
    from_azure: Callable[[Any], Any] | None = None  # pure: wire value -> canonical value, for what the service rewrites
    to_azure: Callable[[Any], Any] | None = None  # pure: option value -> wire value
    since: str = ""  # first api-version that knows the field
    shared: bool = False  # all revisions of an API have it in common: only a write of the current one changes it

    @property
    def can_be_cleared(self) -> bool:
        """Whether it is an object that an empty dictionary takes away. One with a "None" of its own goes by that."""
        lasting = self.required or self.required_on_create or self.default_on_create is not None or self.immutable
        own_way = any("None" in inner.choices for inner in self.fields)
        return self.type == "dict" and bool(self.fields) and not (lasting or own_way or self.write_only)


@dataclass(frozen=True)
class Segment:
    """One pair of the id's path: /<collection>/<value of option>, or a constant."""

    collection: str  # "apis"; "resourceGroups"; "providers/Microsoft.ApiManagement/service"
    option: str = ""  # option that gives the name; empty with a constant
    constant: str = ""  # policies/policy
    pattern: str = ""
    max_length: int = 80
    aliases: tuple[str, ...] = ()
    revision: str = ""  # option that, when given, is appended to the name: api_revision 2 -> "orders;rev=2"


@dataclass(frozen=True)
class Scope:
    """A place where a resource of the type can live, and who serves it there.

    Most types have one scope. A policy has four: which one is meant follows from the options that are set.
    """

    sdk: str  # operation group of the SDK client: "api_operation"
    segments: tuple[Segment, ...]
    list_sdk: str = ""  # operation of the group that lists ("" = found by name: list, list_by_*)
    # operations of the group by their usual names (get, create_or_update, update, delete), where the SDK names them
    # otherwise: {"create_or_update": "assign_to_api"}. "begin_" variants need not be named
    operations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SoftDelete:
    """Azure keeps a deleted resource for a while, and its name stays taken.

    With C(state=present) and the option C(recover), a deleted one of that name is restored by a PUT that sets
    C(restore) (all else in that PUT is ignored by Azure), then brought to the wanted state. With C(state=absent) and
    the option C(purge), the deleted one is removed for good, also when the resource itself was already gone.
    Both options are declared in C(absent_options). (Microsoft Learn: api-management soft-delete.)

    Names are unique in all of Azure, so the deleted one of a name may have been another's: C(resource_id) is the wire
    path, in what Azure says of a deleted one, of the id that it had (SDK: DeletedServiceContract.service_id).
    """

    sdk: str  # operation group: "deleted_services"
    get: str  # operation that finds one, called with the name and the location
    purge: str  # operation that removes one for good
    list_all: str  # operation that lists those of the subscription, where the location is not known
    restore: str  # wire path of the flag: "properties.restore"
    resource_id: str  # wire path of the id it had: "properties.serviceId"
    demanded: Mapping[str, Any]  # what a PUT has to have, and Azure ignores in one that restores
    location: str = "location"  # option with the location


@dataclass(frozen=True)
class Together:
    """A resource that leads others (the current revision of an API) is deleted only with all of them.

    Azure refuses its deletion as long as there are others, unless C(option) says that all may go.
    """

    leads: str  # wire path of the flag that says that it leads: "properties.isCurrent"
    sdk: str  # operation group that lists all of them: "api_revision"
    list: str  # its operation, called with the name of the resource
    each: str  # wire path in an item of the list: what people call it
    option: str  # bool option: "delete_revisions"
    title: str  # what they are, for messages: "revision"
    # pure: (options of the one that leads, wanted options of another one) -> why there can be no such one beside it
    check: Callable[[Mapping[str, Any], Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Obstacle:
    """Something else that makes Azure refuse a write or a deletion, and that a cheap read shows.

    It is looked for in check mode only, and only warned of: an earlier task may take it away. C(see) is pure: what
    there is to see, and the resource in options with its C(name) and C(id) (as it will be; of a deletion: as it is), to
    pairs of the id of what is in the way (or several ids, each of which takes it away when it goes) and words. What
    there is to see is the resource's own wire JSON where no C(operation) is named, else what that answers: wire JSON,
    or a list of it. With C(asks) it is the function C(ask(sdk, operation, *names)) that reads, for what takes several
    reads; the own names up to C(names) go before those given.
    """

    see: Callable[[Any, Mapping[str, Any]], Iterable[tuple[str | tuple[str, ...], str]]]
    deletes: bool = False  # in the way of a deletion, not of a write
    sdk: str = ""  # operation group: "api"
    operation: str = ""  # its operation: "list_by_service"; one that is no list is called "get"
    names: int = 0  # how many of the resource's own names it is called with, from the first
    asks: bool = False  # C(see) reads for itself
    # wire path, in what there is to see, of the resources beside this one, "" if it is a list of them: those that were
    # foretold count, too, with their values of C(watched); null: they are none of its business
    beside: str | None = None
    watched: tuple[str, ...] = ()  # a change is worth a look only if one of these options is different
    unless: str = ""  # option that lets Azure take it away


@dataclass(frozen=True)
class ResourceType:
    """A resource type of Azure as this collection manages it."""

    name: str  # module name: "apim_api_operation"
    arm_type: str  # "Microsoft.ApiManagement/service/apis/operations"
    client: str  # "apimanagement" or "network"
    title: str  # "API operation", for messages
    scopes: tuple[Scope, ...]
    fields: tuple[Field, ...] = ()
    if_match: IfMatch = IfMatch.ANY
    update: str = "put"  # "put" (body starts from what GET returned) or "patch" (only the differences)
    link: bool = False  # the resource is the link itself: PUT without a body, existence by HEAD
    keep_wire: tuple[str, ...] = ()  # read-only wire paths that must stay in a PUT body nevertheless
    drop_wire: tuple[str, ...] = ("etag", "systemData", "properties.provisioningState")  # removed from a PUT body
    # wire paths that only answers to writes have: they are not shown, as nobody could say what became of them
    not_in_get: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)  # reader name -> SDK operation ("list_secrets")
    show_secrets: str = ""  # option (bool) with which a task asks for secrets in the result
    # extra keyword arguments by operation; "{option}" is the value of that option (left out while it is null)
    queries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # scope option whose children Azure writes one at a time ("virtual_network"): a task that comes too early is told so
    # and asks again, a bulk apply had better keep them in a row
    serialize_on: str = ""
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    required_together: tuple[tuple[str, ...], ...] = ()
    required_if: tuple[tuple[Any, ...], ...] = ()
    check: Callable[[Mapping[str, Any]], str | None] | None = None  # pure: wanted options -> why they can't work
    check_create: Callable[[Mapping[str, Any]], str | None] | None = None  # the same, only while it does not exist
    # pure: (found options and its name, wanted options) -> why Azure can't get from the one to the other; references
    # are full ids
    check_update: Callable[[Mapping[str, Any], Mapping[str, Any]], str | None] | None = None
    # pure: found options and its name -> why Azure never deletes it
    check_delete: Callable[[Mapping[str, Any]], str | None] | None = None
    obstacles: tuple[Obstacle, ...] = ()
    # options of one that check mode foretells, at which other tasks look: they are remembered for these
    foretells: tuple[str, ...] = ()
    soft_delete: SoftDelete | None = None
    together: Together | None = None
    absent_options: tuple[Field, ...] = ()  # options that only say how (delete_revisions, purge ...), never compared
    info_options: tuple[Field, ...] = ()  # options of the info module alone, to be used in C(queries)
    states: tuple[str, ...] = ("present", "absent")
    wait_timeout: int = 600  # seconds a write may take by default
    left_out: Mapping[str, str] = field(default_factory=dict)  # writable wire paths that are no options -> why


def camel(name: str) -> str:
    """The wire spelling of an option name: C(service_url) -> C(serviceUrl)."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)
