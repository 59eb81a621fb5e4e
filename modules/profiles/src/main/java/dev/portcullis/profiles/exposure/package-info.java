/// Vulnerabilities of the kernel as questions about system calls: whether the filter and the rights
/// of a container let its processes reach the code that is at fault, and what would close the way.
@NullMarked
package dev.portcullis.profiles.exposure;

import org.jspecify.annotations.NullMarked;
