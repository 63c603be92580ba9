"""Names the misspelt properties of a SAM template, which cfn-lint and `sam validate --lint` let through."""

import sys

from pydantic.v1 import ValidationError
from samtranslator.internal.schema_source import aws_serverless_api, aws_serverless_function, schema
from samtranslator.yaml_helper import yaml_parse

MODELS = {
    "AWS::Serverless::Api": aws_serverless_api.Resource,
    "AWS::Serverless::Function": aws_serverless_function.Resource,
}


def misspelt(template):
    parts = [("Globals", schema.Globals, template["Globals"])]
    for name, resource in template["Resources"].items():
        if model := MODELS.get(resource["Type"]):
            parts.append((name, model, resource))
        elif resource["Type"].startswith("AWS::Serverless::"):
            yield f"{name}: no model for {resource['Type']}"
    for name, model, value in parts:
        try:
            model.parse_obj(value)
        except ValidationError as refused:
            # An event is tried as each type there is: only its name tells something.
            yield from sorted({".".join(map(str, [name, *error["loc"][:3]])) for error in refused.errors()})


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        faults = list(misspelt(yaml_parse(file.read())))
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(bool(faults))
