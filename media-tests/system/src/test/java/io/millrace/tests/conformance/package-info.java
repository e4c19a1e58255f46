/** Every operation of Kinesis Data Streams, written once and called by every client of AWS. */
package io.millrace.tests.conformance;
