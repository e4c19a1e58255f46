/** Cameras that the server pulls, and what becomes of their frames. */
package io.millrace.tests.cameras;
