/** A consumer built with AWS's consumer library, as a program of its own. */
@NullMarked
package io.millrace.tests.kcl.worker;

import org.jspecify.annotations.NullMarked;
