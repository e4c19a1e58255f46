/** The server and other programs, run as processes. */
package io.millrace.tests.process;
