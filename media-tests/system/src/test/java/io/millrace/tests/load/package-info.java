/** Many cameras at once, paced as real ones, for trials and benchmarks. */
package io.millrace.tests.load;
