/** Fragments of one stream: numbers, times, bytes. */
@NullMarked
package io.millrace.store.fragment;

import org.jspecify.annotations.NullMarked;
