#!/usr/bin/env python3
"""Writes the operation and constraint tables of io.millrace.api from botocore models.

usage: generate.py MODELS_DIR BOTOCORE_DATA_DIR

MODELS_DIR         a folder with SERVICE/service-2.json (botocore, Apache-2.0) and, for kinesis,
                   sdk-js-schema.json (names and types of the newest operations)
BOTOCORE_DATA_DIR  botocore/data of an installed botocore, for the few operations of DynamoDB and
                   CloudWatch that consumers and producers need

operations.tsv   service, operation, method, path, status, target prefix. Status is kept from the
                 existing table; new operations come in as "planned". The target prefix stands
                 where X-Amz-Target names the operation instead of the path.
constraints.tsv  service, structure, member[.member|.key|.value], kind, arguments. Structures are
                 named as in the AWS SDK for Java 2 (XInput becomes XRequest). Only structures
                 that a request can reach are listed.
"""
import json
import os
import sys

SERVICES = [
    "kinesisvideo",
    "kinesis-video-media",
    "kinesis-video-archived-media",
    "kinesis-video-signaling",
    "kinesis-video-webrtc-storage",
    "kinesis",
    "dynamodb",
    "cloudwatch",
]
# Services of which a part is served: folder below BOTOCORE_DATA_DIR and the operations.
PARTS = {
    "dynamodb": (
        "2012-08-10",
        "BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteTable DescribeContinuousBackups"
        " DescribeTable DescribeTimeToLive GetItem ListTables ListTagsOfResource PutItem Query Scan"
        " TagResource TransactGetItems TransactWriteItems UntagResource UpdateContinuousBackups"
        " UpdateItem UpdateTable UpdateTimeToLive",
    ),
    "cloudwatch": ("2010-08-01", "PutMetricData"),
}
# The model says "query" only; newer SDKs address it by target as well.
TARGETS = {"cloudwatch": "GraniteServiceVersion20100801"}
# Not in botocore: taken from the model of the AWS SDK for Java 1.
EXTRA = [("kinesis-video-media", "PutMedia", "POST", "/putMedia", "")]
# Required by the older model, no longer by the newest.
NOT_REQUIRED = {
    ("kinesis", "PutRecordRequest", "PartitionKey"),
    ("kinesis", "PutRecordsRequestEntry", "PartitionKey"),
}
HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "src", "main", "resources", "io", "millrace", "api")


def kept_status(path):
    if not os.path.exists(path):
        return {}
    rows = [line.rstrip("\n").split("\t") for line in open(path) if not line.startswith("#")]
    return {(row[0], row[1]): row[4] for row in rows}


def model_of(service, models, botocore):
    """The model, and which of its operations count."""
    if service not in PARTS:
        model = json.load(open(os.path.join(models, service, "service-2.json")))
        return model, sorted(model["operations"])
    version, operations = PARTS[service]
    path = os.path.join(botocore, service, version, "service-2.json")
    return json.load(open(path)), operations.split()


def newer_rows(service, models, known):
    """Operations and required members that only the schema of the newest client has."""
    path = os.path.join(models, service, "sdk-js-schema.json")
    if not os.path.exists(path):
        return [], []
    schema = json.load(open(path))
    names = sorted(set(schema["operations"]) - set(known))
    rows = []
    for name in names:
        shape = schema["shapes"].get(schema["operations"][name]["input"], {})
        for member in shape.get("required", []):
            rows.append((service, name + "Request", member, "required", ""))
        for member, kind in shape.get("members", {}).items():
            if kind in schema["enums"]:
                values = "\t".join(schema["enums"][kind])
                rows.append((service, name + "Request", member, "enum", values))
    return names, rows


def scalar_rows(shape):
    if "enum" in shape:
        yield ("enum", "\t".join(shape["enum"]))
    low, high = shape.get("min"), shape.get("max")
    if low is not None or high is not None:
        kind = "range" if shape["type"] in ("integer", "long", "float", "double") else "length"
        yield (kind, "%s\t%s" % ("" if low is None else low, "" if high is None else high))
    if "pattern" in shape:
        yield ("pattern", shape["pattern"])


def structure_rows(service, name, shapes, renamed, seen, rows):
    if name in seen:
        return
    seen.add(name)
    shape = shapes[name]
    structure = renamed.get(name, name)
    for member in shape.get("required", []):
        if (service, structure, member) not in NOT_REQUIRED:
            rows.append((service, structure, member, "required", ""))
    for member, reference in shape["members"].items():
        todo = [(member, reference["shape"])]
        while todo:
            path, target = todo.pop()
            kind = shapes[target]["type"]
            for row in scalar_rows(shapes[target]):
                rows.append((service, structure, path) + row)
            if kind == "structure":
                structure_rows(service, target, shapes, renamed, seen, rows)
            elif kind == "list":
                todo.append((path + ".member", shapes[target]["member"]["shape"]))
            elif kind == "map":
                todo.append((path + ".key", shapes[target]["key"]["shape"]))
                todo.append((path + ".value", shapes[target]["value"]["shape"]))


def main(models, botocore):
    operations_path = os.path.join(OUT, "operation", "operations.tsv")
    status = kept_status(operations_path)
    operations, rows = list(EXTRA), []
    for service in SERVICES:
        model, names = model_of(service, models, botocore)
        target = model["metadata"].get("targetPrefix", TARGETS.get(service, ""))
        seen = set()
        for name in names:
            operation = model["operations"][name]
            http = operation["http"]
            operations.append((service, name, http["method"], http["requestUri"], target))
            shape = operation["input"]["shape"]
            renamed = {shape: name + "Request"}
            structure_rows(service, shape, model["shapes"], renamed, seen, rows)
        newer, newer_constraints = newer_rows(service, models, names)
        operations += [(service, name, "POST", "/", target) for name in newer]
        rows += newer_constraints
    operations.sort(key=lambda row: (SERVICES.index(row[0]), row[1]))
    with open(operations_path, "w") as out:
        out.write("# service\toperation\tmethod\tpath\tstatus\ttarget; see api/tables/generate.py\n")
        for row in operations:
            out.write("\t".join(row[:4] + (status.get(row[:2], "planned"), row[4])) + "\n")
    with open(os.path.join(OUT, "constraint", "constraints.tsv"), "w") as out:
        out.write("# service\tstructure\tmember\tkind\targuments; see api/tables/generate.py\n")
        for row in sorted(set(rows)):
            out.write("\t".join(row).rstrip("\t") + "\n")


main(*sys.argv[1:])
