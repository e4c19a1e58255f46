/** Whole paths, seen by players and decoders that nobody here wrote. */
package io.millrace.tests.e2e;
