/**
 * Benchmarks: never part of the build's tests; each compares with a peer or a limit in the same
 * run.
 */
package io.millrace.tests.bench;
