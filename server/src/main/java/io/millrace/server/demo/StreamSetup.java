package io.millrace.server.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Creates a stream when it is missing, as producers do: describe, then create on 404. */
final class StreamSetup {
  private final HttpClient client;
  private final URI endpoint;

  StreamSetup(HttpClient client, URI endpoint) {
    this.client = client;
    this.endpoint = endpoint;
  }

  void ensure(String stream, int retentionHours) throws IOException, InterruptedException {
    HttpResponse<String> described = post("/describeStream", "{\"StreamName\":\"" + stream + "\"}");
    if (described.statusCode() == 404) {
      HttpResponse<String> created =
          post(
              "/createStream",
              "{\"StreamName\":\"%s\",\"MediaType\":\"video/h264,audio/aac\",\"DataRetentionInHours\":%d}"
                  .formatted(stream, retentionHours));
      if (created.statusCode() != 200) {
        throw new IOException("createStream " + stream + ": " + created.body());
      }
    } else if (described.statusCode() != 200) {
      throw new IOException("describeStream " + stream + ": " + described.body());
    }
  }

  private HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
