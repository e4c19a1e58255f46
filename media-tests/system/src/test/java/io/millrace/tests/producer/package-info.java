/** The Kinesis Producer Library against the real server, its aggregates opened and counted. */
package io.millrace.tests.producer;
