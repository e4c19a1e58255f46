/** AWS's own clients against the real server. */
package io.millrace.tests.wire;
