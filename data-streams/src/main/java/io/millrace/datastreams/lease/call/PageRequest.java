package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.LeaseTable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * What a page of a query or scan shows.
 *
 * @param index read instead of the table
 * @param filter which of the items read are shown
 * @param projection which parts of them
 * @param countOnly whether they are only counted
 * @param limit most items read; 0 for no limit
 */
record PageRequest(
    LeaseTable table,
    Optional<IndexSchema> index,
    Optional<Condition> filter,
    Optional<Projection> projection,
    boolean countOnly,
    int limit) {

  /** Checks what is selected against what can be. */
  void check(@Nullable Select select, boolean isConsistent) {
    if (index.isPresent() && isConsistent && isGlobal()) {
      throw AwsError.VALIDATION.because(
          "Consistent reads are not supported on global secondary indexes");
    }
    if (select == null) {
      return;
    }
    if (select == Select.ALL_PROJECTED_ATTRIBUTES && index.isEmpty()) {
      throw AwsError.VALIDATION.because(
          "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only"
              + " when Querying using an IndexName");
    }
    if (select == Select.SPECIFIC_ATTRIBUTES && projection.isEmpty()) {
      throw AwsError.VALIDATION.because(
          "One or more parameter values were invalid: Must specify the AttributesToGet or"
              + " ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
    }
    if (select != Select.SPECIFIC_ATTRIBUTES && projection.isPresent()) {
      throw AwsError.VALIDATION.because(
          "One or more parameter values were invalid: Cannot specify the AttributesToGet or"
              + " ProjectionExpression when choosing to get "
              + select);
    }
    if (select == Select.ALL_ATTRIBUTES
        && isGlobal()
        && index.orElseThrow().projected().isPresent()) {
      throw AwsError.VALIDATION.because(
          "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported"
              + " for global secondary index %s because its projection type is not ALL"
                  .formatted(index.orElseThrow().name()));
    }
  }

  private boolean isGlobal() {
    return index.isPresent()
        && table.description().globalSecondaryIndexes().stream()
            .anyMatch(global -> global.indexName().equals(index.get().name()));
  }
}
