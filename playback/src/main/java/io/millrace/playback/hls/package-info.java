/** HTTP Live Streaming out of stored fragments: playlists from the index, segments by remux. */
@NullMarked
package io.millrace.playback.hls;

import org.jspecify.annotations.NullMarked;
