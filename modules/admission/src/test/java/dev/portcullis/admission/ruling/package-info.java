/// Tests of the package.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.ruling;
