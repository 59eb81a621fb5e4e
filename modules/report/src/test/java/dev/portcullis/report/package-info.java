@NullMarked
package dev.portcullis.report;

import org.jspecify.annotations.NullMarked;
