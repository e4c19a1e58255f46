"""Kinesis through boto3: reads calls as lines of JSON, writes an answer to each."""

import base64
import json
import sys
import warnings
from datetime import datetime, timezone

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

warnings.filterwarnings("ignore", message="Unverified HTTPS request")

TIMES = ("Timestamp", "StreamCreationTimestamp")


def to_boto(value, name=""):
    """Blobs and times of a request, which JSON has no types for."""
    if isinstance(value, dict):
        return {key: to_boto(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [to_boto(each, name) for each in value]
    if name == "Data":
        return base64.b64decode(value)
    if name in TIMES:
        return datetime.fromtimestamp(float(value), timezone.utc)
    return value


def from_boto(value):
    if isinstance(value, dict):
        return {key: from_boto(each) for key, each in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [from_boto(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    return value


def subscription(answer, take):
    data, last = [], {}
    for event in answer["EventStream"]:
        last = event["SubscribeToShardEvent"]
        data += [base64.b64encode(record["Data"]).decode() for record in last["Records"]]
        if 0 <= take <= len(data):
            break
    answer["EventStream"].close()
    out = {"Data": data, "ContinuationSequenceNumber": last.get("ContinuationSequenceNumber")}
    if last.get("ChildShards"):
        out["ChildShards"] = [child["ShardId"] for child in last["ChildShards"]]
    return out


def answer(client, call):
    operation = call["op"]
    model = client.meta.service_model
    if operation not in model.operation_names:
        return {"unknown": ""}
    shape = model.operation_model(operation).input_shape
    for member in call["in"]:
        if member not in shape.members:
            return {"unknown": "." + member}
    try:
        method = getattr(client, botocore.xform_name(operation))
        out = method(**to_boto(call["in"]))
        if operation == "SubscribeToShard":
            return {"out": subscription(out, call["take"])}
        return {"out": from_boto(out)}
    except ClientError as refusal:
        error = refusal.response["Error"]
        known = getattr(client.exceptions, error["Code"], ClientError)
        if not isinstance(refusal, known):
            return {"error": "not raised as its own class: " + error["Code"]}
        return {"error": error["Code"], "message": error["Message"]}


def main():
    client = boto3.client(
        "kinesis",
        endpoint_url=sys.argv[1],
        verify=False,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )
    for line in sys.stdin:
        print(json.dumps(answer(client, json.loads(line))), flush=True)


main()
