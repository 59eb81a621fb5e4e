{{/*
The chart has no copy of any object: it reads the manifests of kustomize, which are below files/, and changes them as the
overlays do, mostly by the overlays' own patches. What is printed is always a whole object by toYaml, so that no value can be
more than a value.
*/}}

{{/* A file, which must be there. */}}
{{- define "portcullis.file" -}}
{{- $text := .root.Files.Get (printf "files/%s" .file) -}}
{{- if not $text }}{{ fail (printf "the chart has no files/%s" .file) }}{{ end -}}
{{- $text -}}
{{- end -}}

{{/* The objects in the documents of a text, as a list in JSON. */}}
{{- define "portcullis.documents" -}}
{{- $objects := list -}}
{{- range $document := regexSplit "(?m)^---[ \t]*$" .text -1 -}}
{{-   $object := fromYaml $document -}}
{{-   if $object -}}
{{-     if not (and $object.apiVersion $object.kind) }}{{ fail (printf "%s: not an object of Kubernetes: %s" $.name (default (trunc 80 $document) $object.Error)) }}{{ end -}}
{{-     $objects = append $objects $object -}}
{{-   end -}}
{{- end -}}
{{- toJson $objects -}}
{{- end -}}

{{/* The objects that a kustomization's own files have, as a list in JSON. */}}
{{- define "portcullis.objects" -}}
{{- $objects := list -}}
{{- $kustomization := fromYaml (include "portcullis.file" (dict "root" .root "file" (printf "%s/kustomization.yaml" .directory))) -}}
{{- range $resource := $kustomization.resources -}}
{{-   if not (hasPrefix ".." $resource) -}}
{{-     $file := printf "%s/%s" $.directory $resource -}}
{{-     $objects = concat $objects (fromJsonArray (include "portcullis.documents" (dict "name" $file "text" (include "portcullis.file" (dict "root" $.root "file" $file))))) -}}
{{-   end -}}
{{- end -}}
{{- toJson $objects -}}
{{- end -}}

{{/* Applies a file of JSON patches (RFC 6902) to .object: of the operations those that the overlays have. */}}
{{- define "portcullis.patch" -}}
{{- range $step := fromYamlArray (include "portcullis.file" .) -}}
{{-   $keys := splitList "/" (trimPrefix "/" $step.path) -}}
{{-   $at := $.object -}}
{{-   $owner := dict -}}
{{-   $member := "" -}}
{{-   range $key := initial $keys -}}
{{-     if kindIs "slice" $at -}}
{{-       $at = index $at (int $key) -}}
{{-     else -}}
{{-       $owner = $at -}}
{{-       $member = replace "~1" "/" $key -}}
{{-       $at = get $at $member -}}
{{-     end -}}
{{-   end -}}
{{-   $last := replace "~1" "/" (last $keys) -}}
{{-   $what := printf "files/%s: %s %s" $.file $step.op $step.path -}}
{{-   if and (kindIs "map" $at) (or (eq $step.op "add") (eq $step.op "replace")) -}}
{{-     $_ := set $at $last $step.value -}}
{{-   else if and (kindIs "map" $at) (eq $step.op "test") -}}
{{-     if ne (get $at $last) $step.value }}{{ fail (printf "%s: it is %v" $what (get $at $last)) }}{{ end -}}
{{-   else if and (kindIs "slice" $at) (eq $step.op "add") (eq $last "-") -}}
{{-     $_ := set $owner $member (append $at $step.value) -}}
{{-   else if and (kindIs "slice" $at) (eq $step.op "remove") -}}
{{-     $_ := set $owner $member (concat (slice $at 0 (int $last)) (slice $at (add1 (int $last)))) -}}
{{-   else -}}
{{-     fail (printf "%s: the chart does not know how" $what) -}}
{{-   end -}}
{{- end -}}
{{- end -}}

{{/* Applies a patch of kustomize whose lists have names, as those of webhooks and containers, to the list .objects. */}}
{{- define "portcullis.merge" -}}
{{- range $change := .changes -}}
{{-   $found := false -}}
{{-   range $object := $.objects -}}
{{-     if eq $object.name $change.name -}}
{{-       $found = true -}}
{{-       $_ := mergeOverwrite $object $change -}}
{{-     end -}}
{{-   end -}}
{{-   if not $found }}{{ fail (printf "files/%s: there is no %s to patch" $.file $change.name) }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* What pods of Portcullis have in common. */}}
{{- define "portcullis.pods" -}}
{{- $image := .root.Values.image -}}
{{- $container := first .pod.containers -}}
{{- $name := printf "%s:%s" $image.repository (default .root.Chart.AppVersion $image.tag) -}}
{{- if $image.digest }}{{ $name = printf "%s@%s" $image.repository $image.digest }}{{ end -}}
{{- $_ := set $container "image" $name -}}
{{- $_ := set $container "imagePullPolicy" $image.pullPolicy -}}
{{- if .root.Values.imagePullSecrets }}{{ $_ := set .pod "imagePullSecrets" .root.Values.imagePullSecrets }}{{ end -}}
{{- if .resources }}{{ $_ := set $container "resources" .resources }}{{ end -}}
{{- end -}}

{{/* Prints an object. The namespace of the release is there before its objects are, so it is left out. */}}
{{- define "portcullis.print" -}}
{{- $object := .object -}}
{{- $isNamespace := eq $object.kind "Namespace" -}}
{{- if not (and $isNamespace (eq $object.metadata.name .root.Release.Namespace)) -}}
{{-   if and .root.Values.keep (or (eq $object.kind "CustomResourceDefinition") (and $isNamespace (eq $object.metadata.name "portcullis-profiles"))) -}}
{{-     $_ := set $object.metadata "annotations" (merge (dict "helm.sh/resource-policy" "keep") (default dict $object.metadata.annotations)) -}}
{{-   end -}}
---
{{ toYaml $object }}
{{ end -}}
{{- end -}}
