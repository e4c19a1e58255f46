package io.millrace.datastreams.telemetry;

/**
 * What names one metric of a client.
 *
 * @param namespace such as the name of a KCL application
 * @param metric name of the metric
 * @param dimensions {@code name=value} in name order, separated by commas; empty for none
 */
public record Series(String namespace, String metric, String dimensions) {}
