package io.millrace.api.shape;

/**
 * What a body may cost to read.
 *
 * @param maxDepth deepest nesting of objects and lists
 * @param maxStringLength longest string, in characters
 * @param maxTokens most values, names, starts and ends of objects and lists in one body; each may
 *     become an object of its own, whatever the size of the body
 */
public record ReadLimits(int maxDepth, int maxStringLength, int maxTokens) {}
