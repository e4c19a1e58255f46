package io.millrace.ingest.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.page.PageToken;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of things that have names, in their order.
 *
 * @param items at most as many as were asked for
 * @param nextToken goes on behind them; null at the end
 */
public record NamedPage<T>(List<T> items, @Nullable String nextToken) {
  public NamedPage {
    items = List.copyOf(items);
  }

  /** Looks names up. */
  @FunctionalInterface
  public interface Lookup<T> {
    /**
     * @param prefix of the names, empty for all
     * @param afterName the first name is behind this one; null for the first of all
     */
    List<T> list(String prefix, @Nullable String afterName, int limit);
  }

  /**
   * A list operation by name.
   *
   * @param call name of the operation, which its tokens belong to
   * @param condition name of its condition, for errors
   */
  public record Call<T>(
      String call,
      String condition,
      int defaultLimit,
      Lookup<T> lookup,
      Function<? super T, String> name) {

    /**
     * Reads a page.
     *
     * @param prefix of the names; null where no condition is given: then that of the token counts
     * @param token of the page before, null or empty for the first
     * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT for a token of another list
     */
    public NamedPage<T> page(
        @Nullable String prefix, @Nullable String token, @Nullable Integer maxResults) {
      String wanted = prefix == null ? "" : prefix;
      String after = null;
      if (token != null && !token.isEmpty()) {
        List<String> parts = PageToken.decode(token, call);
        if (parts.size() != 2 || (prefix != null && !parts.get(0).equals(prefix))) {
          throw AwsError.INVALID_ARGUMENT.because(
              "NextToken belongs to a list with another " + condition);
        }
        wanted = parts.get(0);
        after = parts.get(1);
      }
      int limit = maxResults == null ? defaultLimit : maxResults;
      List<T> found = lookup.list(wanted, after, limit + 1);
      if (found.size() <= limit) {
        return new NamedPage<>(found, null);
      }
      List<T> page = found.subList(0, limit);
      return new NamedPage<>(
          page, PageToken.encode(call, List.of(wanted, name.apply(page.getLast()))));
    }
  }
}
