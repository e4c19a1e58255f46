/** A producer on a bare socket, so that tests choose every byte and every pause. */
package io.millrace.tests.client;
