/** Targets for coverage-guided fuzzing; the normal build replays their kept inputs. */
package io.millrace.media.fuzz;
