// Calls to the server, as any browser client would make them.

/** POSTs an AWS operation by its path and returns its JSON reply; throws with the server's words. */
export async function call(operation, body) {
  const reply = await fetch("/" + operation, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const json = await reply.json();
  if (!reply.ok) {
    throw new Error(json.Message ?? json.message ?? `${operation}: HTTP ${reply.status}`);
  }
  return json;
}

/** All streams, following pages. */
export async function listStreams() {
  const streams = [];
  let token;
  do {
    const page = await call("listStreams", token ? { NextToken: token } : {});
    streams.push(...page.StreamInfoList);
    token = page.NextToken;
  } while (token);
  return streams;
}

/** What is stored between two epoch milliseconds. */
export async function timelineOf(name, startMillis, endMillis) {
  const range = new URLSearchParams({
    start: new Date(startMillis).toISOString(),
    end: new Date(endMillis).toISOString(),
  });
  const reply = await fetch(`/v1/streams/${encodeURIComponent(name)}/timeline?${range}`);
  const json = await reply.json();
  if (!reply.ok) throw new Error(json.Message ?? json.message ?? `timeline: HTTP ${reply.status}`);
  return json;
}

/** A playlist URL; a range in epoch milliseconds makes it on demand, none makes it live. */
export async function sessionUrl(name, range) {
  const request = {
    StreamName: name,
    DisplayFragmentTimestamp: "ALWAYS",
    Expires: 43200,
    PlaybackMode: range ? "ON_DEMAND" : "LIVE",
    HLSFragmentSelector: { FragmentSelectorType: "PRODUCER_TIMESTAMP" },
    DiscontinuityMode: "ON_DISCONTINUITY",
  };
  if (range) {
    request.HLSFragmentSelector.TimestampRange = {
      StartTimestamp: range.startMillis / 1000,
      EndTimestamp: range.endMillis / 1000,
    };
    request.MaxMediaPlaylistFragmentResults = 5000;
  }
  const { HLSStreamingSessionURL } = await call("getHLSStreamingSessionURL", request);
  return HLSStreamingSessionURL;
}
