package io.millrace.server.page;

import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The files of the page, read once from the class path. */
public final class DemoPage {
  private static final String HLS_JS = "META-INF/resources/webjars/hls.js/%s/dist/hls.min.js";
  private static final String HLS_JS_POM = "META-INF/maven/org.webjars.npm/hls.js/pom.properties";

  private record Asset(String contentType, Buffer bytes) {}

  private final Map<String, Asset> assets = new LinkedHashMap<>();

  public DemoPage() {
    add("/", "text/html; charset=utf-8", "web/index.html");
    add("/web/style.css", "text/css; charset=utf-8", "web/style.css");
    for (String script : new String[] {"app", "client", "player", "timeline"}) {
      add("/web/" + script + ".js", "text/javascript; charset=utf-8", "web/" + script + ".js");
    }
    add("/web/hls.min.js", "text/javascript; charset=utf-8", HLS_JS.formatted(hlsJsVersion()));
  }

  private void add(String path, String contentType, String resource) {
    assets.put(path, new Asset(contentType, Buffer.buffer(read(resource))));
  }

  private static String hlsJsVersion() {
    Properties properties = new Properties();
    try (InputStream in = open(HLS_JS_POM)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = DemoPage.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return in;
  }

  /** Registers a route for each file. */
  public void register(OperationRouter router) {
    assets.forEach(
        (path, asset) -> router.route(HttpMethod.GET, path, context -> send(context, asset)));
  }

  private static Future<Void> send(OperationContext context, Asset asset) {
    context
        .response()
        .putHeader("content-type", asset.contentType)
        .putHeader("cache-control", "no-cache")
        .putHeader(
            "content-security-policy",
            "default-src 'self'; media-src blob:; connect-src *; worker-src blob:");
    return context.response().end(asset.bytes);
  }
}
