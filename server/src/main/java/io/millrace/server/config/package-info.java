/** Settings: one commented reference file, overlaid by a file, the environment and flags. */
@NullMarked
package io.millrace.server.config;

import org.jspecify.annotations.NullMarked;
