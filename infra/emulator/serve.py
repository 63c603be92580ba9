"""Runs MiniStack with what it lacks for template.yaml.

* `dynamodb:LeadingKeys`, which keeps a function within its tenants: a policy that is too narrow fails here, not on AWS.
* `aws:SecureTransport`, which is true on AWS for every caller; the emulator speaks plain HTTP.
* Batches of messages, which AWS authorises by the action on one message.
* A queue's concurrency that comes from a parameter, so that it is text.
* Mails, which AWS authorises by the identity that sends them.
* Generated secrets without punctuation.
* The gateway's own responses where they stand in the API's OpenAPI document, as SAM writes them.
"""

import json
import re
import string

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import apigateway_v1, lambda_svc
from ministack.services.cloudformation import provisioners

LEADING_KEYS = "dynamodb:LeadingKeys"
PARTITION_KEYS = ("pk", "gsi1pk", "gsi2pk")


class ItemAction(str):
    """The action on one item of a transaction, which AWS authorises by that item's key alone."""

    leading_keys: list[str] = []


def queried(request):
    """The partition key that a query names."""
    names = request.get("ExpressionAttributeNames", {})
    for name, value in re.findall(r"(\S+)\s*=\s*(:\w+)", request.get("KeyConditionExpression", "")):
        if names.get(name, name) in PARTITION_KEYS:
            yield request["ExpressionAttributeValues"][value]["S"]


def addressed(node):
    """The partition keys of all items that a request reads or writes."""
    if isinstance(node, list):
        for child in node:
            yield from addressed(child)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name in ("Item", "Key"):
                yield child["pk"]["S"]
            elif name == "Keys":
                yield from (key["pk"]["S"] for key in child)
            elif name not in ("ExpressionAttributeValues", "ExclusiveStartKey"):
                yield from addressed(child)


def with_leading_keys(service_context):
    def context(body):
        request = json.loads(body or b"{}")
        keys = [*queried(request), *addressed(request)]
        return service_context(body) | ({LEADING_KEYS: keys} if keys else {})

    return context


def one_item_at_a_time(transaction_checks):
    def checks(iam_action, body, region, account_id):
        found = transaction_checks(iam_action, body, region, account_id)
        items = json.loads(body)["TransactItems"] if found else []
        actions = [ItemAction(action) for action, _ in found]
        for action, item in zip(actions, items, strict=True):
            action.leading_keys = list(addressed(item))
        return [(action, arn) for action, (_, arn) in zip(actions, found, strict=True)]

    return checks


def by_item(enforce):
    def enforced(access_key, action, *args, service_context=None, **options):
        if isinstance(action, ItemAction):
            service_context = {**(service_context or {}), LEADING_KEYS: action.leading_keys}
        return enforce(access_key, action, *args, service_context=service_context, **options)

    return enforced


def one_message(enforce):
    def enforced(access_key, action, *args, **options):
        if action and action.startswith("sqs:"):
            action = action.removesuffix("Batch")
        return enforce(access_key, action, *args, **options)

    return enforced


def by_sender(enforce):
    def enforced(access_key, action, service, region, resource_arn="*", **options):
        if action == "ses:SendEmail":
            resource_arn = f"arn:aws:ses:{region}:{get_account_id()}:identity/example.com"
        return enforce(access_key, action, service, region, resource_arn, **options)

    return enforced


def over_tls(pin_request_origin):
    return lambda source_ip, _: pin_request_origin(source_ip, True)


def with_number(concurrency):
    def number(mapping, *args):
        if limit := mapping.get("ScalingConfig", {}).get("MaximumConcurrency"):
            mapping["ScalingConfig"]["MaximumConcurrency"] = int(limit)
        return concurrency(mapping, *args)

    return number


def without_punctuation(secret_string):
    def generated(properties):
        how = properties.get("GenerateSecretString", {})
        if how.get("ExcludePunctuation"):
            excluded = how.get("ExcludeCharacters", "") + string.punctuation
            properties = {**properties, "GenerateSecretString": {**how, "ExcludeCharacters": excluded}}
        return secret_string(properties)

    return generated


def with_gateway_responses(import_rest_api):
    def imported(document, *args):
        api = import_rest_api(document, *args)
        for kind, response in document.get("x-amazon-apigateway-gateway-responses", {}).items():
            apigateway_v1._put_gateway_response(api, kind, response)
        return api

    return imported


iam_actions.dynamodb_service_context = with_leading_keys(iam_actions.dynamodb_service_context)
iam_actions.dynamodb_transaction_checks = one_item_at_a_time(iam_actions.dynamodb_transaction_checks)
iam_evaluator.enforce = by_sender(one_message(by_item(iam_evaluator.enforce)))
app.pin_request_origin = over_tls(app.pin_request_origin)
lambda_svc._sqs_esm_concurrency = with_number(lambda_svc._sqs_esm_concurrency)
provisioners._sm_secret_string = without_punctuation(provisioners._sm_secret_string)
apigateway_v1._import_rest_api = with_gateway_responses(apigateway_v1._import_rest_api)

app.main()
