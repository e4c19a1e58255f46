/** WHIP and WHEP with ffmpeg and Chromium, and with those who mean harm. */
package io.millrace.tests.webrtc;
