/// AdmissionReview (`admission.k8s.io/v1`) from JSON and to JSON: the words between the API server
/// and the webhook, without a meaning yet.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.review;
