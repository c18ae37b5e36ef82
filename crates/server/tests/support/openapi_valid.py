"""Reads an OpenAPI document and fails unless it is one, with every example what its schema says. Prints how many there were."""

import json
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

document = json.load(sys.stdin)
wrong = [f"{list(error.path)}: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
examples = 0


def check(where, schema, example):
    """Compares an example with its schema; references lead into the document."""
    global examples
    examples += 1
    whole = {**document, "allOf": [schema]}
    for error in Draft202012Validator(whole).iter_errors(example):
        wrong.append(f"{where}: {error.json_path}: {error.message}")


def look_at(where, content):
    for media, described in content.items():
        check(f"{where} {media}", described["schema"], described["example"])


for path, methods in document["paths"].items():
    for method, operation in methods.items():
        where = f"{method.upper()} {path}"
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                check(f"{where} {parameter['name']}", parameter["schema"], parameter["example"])
        look_at(f"{where} body", operation.get("requestBody", {}).get("content", {}))
        for status, answer in operation["responses"].items():
            answer = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]] if "$ref" in answer else answer
            look_at(f"{where} {status}", answer.get("content", {}))

if wrong:
    sys.exit("\n".join(wrong))
print(f"{examples} examples of {len(document['paths'])} paths are what their schemas say")
