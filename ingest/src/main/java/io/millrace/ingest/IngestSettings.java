package io.millrace.ingest;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.putmedia.PutMediaSettings;

/** Settings of this room, by part. */
public record IngestSettings(ControlSettings control, PutMediaSettings putMedia) {}
