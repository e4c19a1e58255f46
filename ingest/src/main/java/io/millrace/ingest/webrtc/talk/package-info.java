/**
 * Sound of viewers beside that of a master: who talks, and who hears what. Voices are decoded and
 * encoded, in plain Java, only while somebody talks.
 */
@NullMarked
package io.millrace.ingest.webrtc.talk;

import org.jspecify.annotations.NullMarked;
