package io.millrace.ingest.signaling.channel;

/**
 * The stream that what is sent to a channel is stored in.
 *
 * @param name stream name
 * @param createdMillis epoch milliseconds of its creation: a stream made again is another one
 */
public record MappedStream(String name, long createdMillis) {}
