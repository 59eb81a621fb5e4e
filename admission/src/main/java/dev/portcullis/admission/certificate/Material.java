package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.ServingCertificate;

/// What a replica works with.
record Material(String caBundle, ServingCertificate serving) {}
