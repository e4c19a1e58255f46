package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.call.LeaseCalls;
import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TagResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.TagResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.UntagResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.UntagResourceResponse;

/** Calls on the tags of tables. */
public final class TagCalls {
  private final TableStore store;
  private final LeaseLimits limits;

  public TagCalls(TableStore store, LeaseLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /** Registers the calls. */
  public void register(LeaseCalls calls) {
    calls.add("TagResource", TagResourceRequest::builder, (context, request) -> tag(request));
    calls.add("UntagResource", UntagResourceRequest::builder, (context, request) -> untag(request));
    calls.addRead("ListTagsOfResource", ListTagsOfResourceRequest::builder, TagCalls::list);
  }

  /**
   * Checks a whole set of tags.
   *
   * @throws AwsException VALIDATION or LIMIT_EXCEEDED
   */
  static void check(Map<String, String> tags, int maxTags) {
    for (String key : tags.keySet()) {
      if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw AwsError.VALIDATION.because(
            "One or more parameter values were invalid: Tag keys beginning with aws: are"
                + " reserved: "
                + key);
      }
    }
    if (tags.size() > maxTags) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "A table may have %d tags; this would make %d".formatted(maxTags, tags.size()));
    }
  }

  private CompletionStage<SdkPojo> tag(TagResourceRequest request) {
    return store.update(
        (view, changes) -> {
          LeaseTable table = TableArn.table(view, request.resourceArn());
          Map<String, String> tags = new TreeMap<>(table.tags());
          request.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
          check(tags, limits.maxTags());
          changes.put(table.withTags(tags));
          return TagResourceResponse.builder().build();
        });
  }

  private CompletionStage<SdkPojo> untag(UntagResourceRequest request) {
    return store.update(
        (view, changes) -> {
          LeaseTable table = TableArn.table(view, request.resourceArn());
          Map<String, String> tags = new TreeMap<>(table.tags());
          tags.keySet().removeAll(request.tagKeys());
          changes.put(table.withTags(tags));
          return UntagResourceResponse.builder().build();
        });
  }

  private static SdkPojo list(TableView view, ListTagsOfResourceRequest request) {
    List<Tag> tags = new ArrayList<>();
    new TreeMap<>(TableArn.table(view, request.resourceArn()).tags())
        .forEach((key, value) -> tags.add(Tag.builder().key(key).value(value).build()));
    return ListTagsOfResourceResponse.builder().tags(tags).build();
  }
}
