/** A WebRTC device built with libwebrtc for Java, in a process of its own. */
package io.millrace.tests.device;
