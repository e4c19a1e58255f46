package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.stream.Account;

/** ARNs of tables. */
final class TableArn {
  private TableArn() {}

  static String of(Account account, String table) {
    return "arn:aws:dynamodb:%s:%s:table/%s".formatted(account.region(), account.id(), table);
  }

  /**
   * The table an ARN names.
   *
   * @throws AwsException VALIDATION if it names none, RESOURCE_NOT_FOUND if there is none
   */
  static LeaseTable table(TableView view, String arn) {
    String[] parts = arn.split(":", 6);
    if (parts.length != 6
        || !parts[2].equals("dynamodb")
        || !parts[5].startsWith("table/")
        || parts[5].indexOf('/') != parts[5].lastIndexOf('/')) {
      throw AwsError.VALIDATION.because("Invalid TableArn: " + arn);
    }
    return view.find(parts[5].substring("table/".length()))
        .filter(table -> arn.equals(table.description().tableArn()))
        .orElseThrow(
            () ->
                AwsError.RESOURCE_NOT_FOUND.because(
                    "Requested resource not found: ResourcArn: %s not found".formatted(arn)));
  }
}
