/** Stored bytes handed back as they came: GetMedia, GetMediaForFragmentList, ListFragments. */
@NullMarked
package io.millrace.playback.getmedia;

import org.jspecify.annotations.NullMarked;
