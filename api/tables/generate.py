#!/usr/bin/env python3
"""Writes the operation and constraint tables of io.millrace.api from botocore models.

usage: generate.py MODELS_DIR    (a folder with SERVICE/service-2.json; botocore, Apache-2.0)

operations.tsv   service, operation, method, path, status. Status is kept from the existing
                 table; new operations come in as "planned".
constraints.tsv  structure, member[.member|.key|.value], kind, arguments. Structures are named as
                 in the AWS SDK for Java 2 (XInput becomes XRequest). Only structures that a
                 request can reach are listed.
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
]
# Not in botocore: taken from the model of the AWS SDK for Java 1.
EXTRA = [("kinesis-video-media", "PutMedia", "POST", "/putMedia")]
HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "src", "main", "resources", "io", "millrace", "api")


def kept_status(path):
    if not os.path.exists(path):
        return {}
    rows = [line.rstrip("\n").split("\t") for line in open(path) if not line.startswith("#")]
    return {(row[0], row[1]): row[4] for row in rows}


def scalar_rows(shape):
    if "enum" in shape:
        yield ("enum", "\t".join(shape["enum"]))
    low, high = shape.get("min"), shape.get("max")
    if low is not None or high is not None:
        kind = "range" if shape["type"] in ("integer", "long", "float", "double") else "length"
        yield (kind, "%s\t%s" % ("" if low is None else low, "" if high is None else high))
    if "pattern" in shape:
        yield ("pattern", shape["pattern"])


def structure_rows(name, shapes, renamed, seen, rows):
    if name in seen:
        return
    seen.add(name)
    shape = shapes[name]
    for member in shape.get("required", []):
        rows.append((renamed.get(name, name), member, "required", ""))
    for member, reference in shape["members"].items():
        todo = [(member, reference["shape"])]
        while todo:
            path, target = todo.pop()
            kind = shapes[target]["type"]
            for row in scalar_rows(shapes[target]):
                rows.append((renamed.get(name, name), path) + row)
            if kind == "structure":
                structure_rows(target, shapes, renamed, seen, rows)
            elif kind == "list":
                todo.append((path + ".member", shapes[target]["member"]["shape"]))
            elif kind == "map":
                todo.append((path + ".key", shapes[target]["key"]["shape"]))
                todo.append((path + ".value", shapes[target]["value"]["shape"]))


def main(models):
    operations_path = os.path.join(OUT, "operation", "operations.tsv")
    status = kept_status(operations_path)
    operations, rows = list(EXTRA), []
    for service in SERVICES:
        model = json.load(open(os.path.join(models, service, "service-2.json")))
        seen = set()
        for name, operation in model["operations"].items():
            operations.append((service, name, operation["http"]["method"], operation["http"]["requestUri"]))
            shape = operation["input"]["shape"]
            structure_rows(shape, model["shapes"], {shape: name + "Request"}, seen, rows)
    operations.sort(key=lambda row: (SERVICES.index(row[0]), row[1]))
    with open(operations_path, "w") as out:
        out.write("# service\toperation\tmethod\tpath\tstatus; see api/tables/generate.py\n")
        for row in operations:
            out.write("\t".join(row + (status.get(row[:2], "planned"),)) + "\n")
    with open(os.path.join(OUT, "constraint", "constraints.tsv"), "w") as out:
        out.write("# structure\tmember\tkind\targuments; see api/tables/generate.py\n")
        for row in sorted(set(rows)):
            out.write("\t".join(row).rstrip("\t") + "\n")


main(sys.argv[1])
