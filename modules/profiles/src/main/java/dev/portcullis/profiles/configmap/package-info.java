/// Profiles in ConfigMaps: what they together want below every node's profile root. Nodes write it
/// there, and the webhook judges by it, so both take it from here.
@NullMarked
package dev.portcullis.profiles.configmap;

import org.jspecify.annotations.NullMarked;
