/** Cameras whose pictures say when they were taken. */
package io.millrace.tests.camera;
