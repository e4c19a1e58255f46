package io.millrace.datastreams.telemetry;

/**
 * What was sent of a series since the server started.
 *
 * @param samples how many values
 * @param sum their sum
 * @param last the newest value; for a set of values its mean
 * @param unit as the client named it
 */
public record SeriesValue(double samples, double sum, double last, String unit) {
  SeriesValue plus(double moreSamples, double moreSum, String newUnit) {
    double mean = moreSamples == 0 ? last : moreSum / moreSamples;
    return new SeriesValue(samples + moreSamples, sum + moreSum, mean, newUnit);
  }
}
