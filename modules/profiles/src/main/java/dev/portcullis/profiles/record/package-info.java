/// What admission writes down about a pod, and nodes hold the pod to.
@NullMarked
package dev.portcullis.profiles.record;

import org.jspecify.annotations.NullMarked;
