package io.millrace.store.stream;

import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The streams of this server. Reads come from memory; a change completes when it is durable, and
 * survives a crash from then on. Thread-safe. Stages fail with {@link StoreException} only.
 */
public interface StreamCatalog {
  /**
   * What the creator of a stream chooses; the rest is the catalogue's.
   *
   * @param retentionHours 0 keeps only a short live buffer
   */
  record NewStream(
      String name,
      int retentionHours,
      Optional<String> mediaType,
      Optional<String> deviceName,
      Optional<String> kmsKeyId,
      String storageTier,
      Map<String, String> tags) {}

  /** Fails with {@link StoreException.Kind#EXISTS} when the name is taken. */
  CompletionStage<StreamInfo> create(NewStream stream);

  Optional<StreamInfo> find(String name);

  /** Streams in name order, those after {@code afterName} and with the prefix, at most limit. */
  List<StreamInfo> list(String prefix, @Nullable String afterName, int limit);

  /**
   * Changes a stream; name, creation time and version in the result of {@code change} are ignored,
   * a new version is given.
   *
   * @param expectedVersion null to change whatever is there; otherwise fails with {@link
   *     StoreException.Kind#VERSION_MISMATCH} if it is not the current one
   */
  CompletionStage<StreamInfo> update(
      String name, @Nullable String expectedVersion, UnaryOperator<StreamInfo> change);

  /** Deletes the stream and its data; open logs of it fail with SEALED. */
  CompletionStage<Void> delete(String name, @Nullable String expectedVersion);

  /**
   * The fragments of a stream; one instance per stream and life.
   *
   * @throws StoreException NOT_FOUND when there is no such stream, IO when its data was found
   *     damaged and the stream is stopped
   */
  FragmentLog fragments(String name);
}
