"""Kinesis through the AWS command line: reads calls as lines of JSON, runs `aws` for each."""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile

REFUSAL = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation(?: \(.*?\))?: (.*)", re.S)


def dashed(operation):
    return re.sub(r"(?<!^)([A-Z])", r"-\1", operation).lower()


def plain(value, name=""):
    """Version 1 takes blobs as they are, not as base64."""
    if isinstance(value, dict):
        return {key: plain(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each, name) for each in value]
    return base64.b64decode(value).decode() if name == "Data" else value


def answer(endpoint, folder, call):
    given = os.path.join(folder, "in.json")
    with open(given, "w", encoding="utf-8") as file:
        json.dump(plain(call["in"]), file)
    ran = subprocess.run(
        ["aws", "kinesis", dashed(call["op"]), "--cli-input-json", "file://" + given]
        + ["--endpoint-url", endpoint, "--no-verify-ssl", "--no-paginate", "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 0:
        return {"out": json.loads(ran.stdout) if ran.stdout.strip() else {}}
    refusal = REFUSAL.search(ran.stderr)
    if refusal:
        return {"error": refusal.group(1), "message": refusal.group(2).strip()}
    if "Invalid choice" in ran.stderr or "Unknown parameter" in ran.stderr:
        return {"unknown": ""}
    return {"error": "aws ended with " + str(ran.returncode), "message": ran.stderr}


def main():
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "config")
        with open(config, "w", encoding="utf-8") as file:
            file.write("[default]\nparameter_validation = false\ncli_timestamp_format = none\n")
        os.environ["AWS_CONFIG_FILE"] = config
        os.environ["PYTHONWARNINGS"] = "ignore"
        for line in sys.stdin:
            print(json.dumps(answer(sys.argv[1], folder, json.loads(line))), flush=True)


main()
