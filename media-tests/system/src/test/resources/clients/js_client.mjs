// Kinesis through the SDK for JavaScript 3 in default settings: reads calls as lines of JSON, writes
// an answer to each. Started in a folder with @aws-sdk/client-kinesis in its node_modules.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const fromHere = createRequire(process.cwd() + "/package.json");
const sdk = fromHere("@aws-sdk/client-kinesis");

const TIMES = ["Timestamp", "StreamCreationTimestamp"];

/** Blobs and times of a request, which JSON has no types for. */
function toSdk(value, name = "") {
  if (Array.isArray(value)) return value.map((each) => toSdk(each, name));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toSdk(each, key)]));
  }
  if (name === "Data") return Buffer.from(value, "base64");
  return TIMES.includes(name) ? new Date(Math.round(Number(value) * 1000)) : value;
}

function fromSdk(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(fromSdk);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== "$metadata")
        .map(([key, each]) => [key, fromSdk(each)]),
    );
  }
  return value;
}

async function subscription(answer, take) {
  const data = [];
  let last = {};
  for await (const event of answer.EventStream) {
    if (!event.SubscribeToShardEvent) continue;
    last = event.SubscribeToShardEvent;
    for (const record of last.Records) data.push(Buffer.from(record.Data).toString("base64"));
    if (take >= 0 && data.length >= take) break;
  }
  const out = { Data: data, ContinuationSequenceNumber: last.ContinuationSequenceNumber };
  if (last.ChildShards?.length) out.ChildShards = last.ChildShards.map((child) => child.ShardId);
  return out;
}

async function answer(client, call) {
  const command = sdk[call.op + "Command"];
  if (!command) return { unknown: "" };
  try {
    const out = await client.send(new command(toSdk(call.in)));
    if (call.op === "SubscribeToShard") return { out: await subscription(out, call.take) };
    return { out: fromSdk(out) };
  } catch (refusal) {
    if (!refusal.$metadata) throw refusal;
    const known = sdk[refusal.name];
    if (known && !(refusal instanceof known)) {
      return { error: "not raised as its own class: " + refusal.name };
    }
    return { error: refusal.name, message: refusal.message };
  }
}

const client = new sdk.KinesisClient({ endpoint: process.argv[2] });
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(client, JSON.parse(line))) + "\n");
}
// An abandoned subscription would hold the process until the server ends it.
process.exit(0);
