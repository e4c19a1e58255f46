/** Signaling channels through the clients that people have. */
package io.millrace.tests.signaling;
