/** Packets from those who mean no good: what they send changes nothing for the other streams. */
package io.millrace.tests.hostile;
