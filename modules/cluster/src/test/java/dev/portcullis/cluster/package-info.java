/// Tests of the module.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cluster;
