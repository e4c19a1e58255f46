/** What acknowledged means when the process dies. */
package io.millrace.tests.crash;
