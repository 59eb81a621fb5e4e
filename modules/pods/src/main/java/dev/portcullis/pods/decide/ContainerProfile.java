package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Container;

/// A container, and the profile that it names, or gets where it names none.
public record ContainerProfile(Container container, ProfileName profile, Origin origin) {}
