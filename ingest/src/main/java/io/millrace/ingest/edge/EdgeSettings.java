package io.millrace.ingest.edge;

import io.millrace.ingest.control.ControlSettings;
import java.time.ZoneId;

/**
 * How edge configurations are kept and run.
 *
 * @param control what clients are told about this server
 * @param maxConfigurations most of them; default 1,000
 * @param zone that schedules count in; default UTC
 */
public record EdgeSettings(ControlSettings control, int maxConfigurations, ZoneId zone) {}
