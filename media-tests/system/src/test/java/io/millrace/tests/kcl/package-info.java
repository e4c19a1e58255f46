/** AWS's consumer library against the server, its leases included. */
package io.millrace.tests.kcl;
