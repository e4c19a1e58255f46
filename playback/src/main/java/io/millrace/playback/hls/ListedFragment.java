package io.millrace.playback.hls;

import io.millrace.store.fragment.FragmentEntry;

/**
 * A fragment in a playlist.
 *
 * @param entry which
 * @param discontinuity whether the timeline may break before it
 * @param format its place among the session's formats
 */
record ListedFragment(FragmentEntry entry, boolean discontinuity, int format) {}
