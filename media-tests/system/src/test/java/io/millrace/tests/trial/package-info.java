/** Long trials at full length; a shortened form of each runs as a test. */
package io.millrace.tests.trial;
