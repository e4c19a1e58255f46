/** The expression language of table items, and its older forms: parsing to a tree, evaluating. */
@NullMarked
package io.millrace.datastreams.lease.expression;

import org.jspecify.annotations.NullMarked;
