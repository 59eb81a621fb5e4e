/// The calls that are refused to the containers of a node: watched, counted, and kept in a file.
@NullMarked
package dev.portcullis.node.denial;

import org.jspecify.annotations.NullMarked;
