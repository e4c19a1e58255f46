/** Member constraints of the AWS models and their check. */
@NullMarked
package io.millrace.api.constraint;

import org.jspecify.annotations.NullMarked;
