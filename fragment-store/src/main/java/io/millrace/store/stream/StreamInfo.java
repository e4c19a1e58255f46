package io.millrace.store.stream;

import java.util.Map;
import java.util.Optional;

/**
 * One stream as the catalogue knows it. Immutable; every change makes a new version.
 *
 * @param name unique within the server
 * @param createdMillis epoch milliseconds, also the last part of its ARN
 * @param version opaque token of 20 letters and digits that changes with every update
 * @param status where it is in its life
 * @param retentionHours hours a fragment stays readable; 0 keeps only a short live buffer
 * @param mediaType such as {@code video/h264}; empty when the creator gave none
 * @param deviceName empty when the creator gave none
 * @param kmsKeyId master key named by the creator; empty for the default
 * @param storageTier {@code HOT} or {@code WARM}
 * @param tags the owner's labels
 */
public record StreamInfo(
    String name,
    long createdMillis,
    String version,
    Status status,
    int retentionHours,
    Optional<String> mediaType,
    Optional<String> deviceName,
    Optional<String> kmsKeyId,
    String storageTier,
    Map<String, String> tags) {

  /** Life of a stream. */
  public enum Status {
    CREATING,
    ACTIVE,
    UPDATING,
    DELETING
  }

  public StreamInfo {
    tags = Map.copyOf(tags);
  }

  /** The same with another retention. */
  public StreamInfo withRetentionHours(int hours) {
    return new StreamInfo(
        name,
        createdMillis,
        version,
        status,
        hours,
        mediaType,
        deviceName,
        kmsKeyId,
        storageTier,
        tags);
  }

  /** The same of another device. */
  public StreamInfo withDevice(Optional<String> media, Optional<String> device) {
    return new StreamInfo(
        name,
        createdMillis,
        version,
        status,
        retentionHours,
        media,
        device,
        kmsKeyId,
        storageTier,
        tags);
  }

  /** The same with other labels. */
  public StreamInfo withTags(Map<String, String> labels) {
    return new StreamInfo(
        name,
        createdMillis,
        version,
        status,
        retentionHours,
        mediaType,
        deviceName,
        kmsKeyId,
        storageTier,
        labels);
  }
}
