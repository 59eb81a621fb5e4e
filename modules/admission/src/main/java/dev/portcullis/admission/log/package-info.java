/// What is logged about reviews.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.log;
