/** Cameras behind a bad network: what is missing afterwards is what the timeline says. */
package io.millrace.tests.network;
