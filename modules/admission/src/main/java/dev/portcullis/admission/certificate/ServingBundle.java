package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.ServingCertificate;

/// What a replica works with.
record ServingBundle(String caBundle, ServingCertificate serving) {}
