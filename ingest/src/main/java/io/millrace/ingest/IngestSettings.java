package io.millrace.ingest;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.feed.FeedSettings;
import io.millrace.ingest.putmedia.PutMediaSettings;
import io.millrace.ingest.upload.UploadSettings;

/** Settings of this room, by part. */
public record IngestSettings(
    ControlSettings control, PutMediaSettings putMedia, UploadSettings upload, FeedSettings feed) {}
