/** Encoders and players that speak RTSP against the real server. */
package io.millrace.tests.rtsp;
